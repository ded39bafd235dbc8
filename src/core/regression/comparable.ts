import { maskedLine } from '../log-text/masked-line.ts';

/**
 * Error lines as they are compared across incidents. People cut lines, loggers put times and levels before them, and
 * drivers wrap each other's messages; so a line is a row of words, and two lines tell of one error where the one has the
 * other in it, if that says enough to know it by.
 */

/** Longest row of words that is compared. */
const mostWords = 80;

/** What would be masked as a number and tells one error from another: exit codes, HTTP and SQL states, errno, signals. */
const codes =
  /\b(exit(?: code)?|signal|errno|sqlstate|status(?: code)?|http(?:\/\d(?:\.\d)?)?|code|error)([\s:=(#[]{1,3})([\dA-Z]{5}|\d{1,5})\b/gi;

/** The end of a revision's name, which each deployment makes anew. */
const revisionEnd = /(?<=[a-z0-9])-\d{5}-[a-z0-9]{3}\b/g;

/** A secret of which only the ends are shown. */
const hidden = /\S*\*{3,}\S*/g;

/** What loggers write before a message: time, process, level, thread, name of the logger, id of the request. */
const prefix =
  /^(?:<#>|#|[\s|:,-]+|\[[^\]]{0,60}\]|\((?:[\w.-]{1,60})\)|-{2,3}|(?:trace|debug|info|notice|warn|warning|error|err|severe|crit|critical|alert|emergency|panic)\b:?(?=[\s\]|]))\s*/i;

/** How a line begins that is one of a chain of exceptions. */
const causedBy = /^\s*caused by:?\s+/i;

/** The words of a line that two occurrences of one error share, in order: without times, numbers, ids and addresses. */
export function comparable(line: string): string[] {
  const kept = line
    .replace(causedBy, '')
    .replace(hidden, '0')
    .replace(revisionEnd, '')
    .replace(codes, keepCode);
  let masked = maskedLine(kept)
    .replaceAll(/<\w{1,8}>/g, '#')
    .replace(/(?:\.{3}|…)\s*$/, '');
  for (let before = ''; before !== masked;) {
    before = masked;
    masked = masked.replace(prefix, '');
  }
  return masked
    .toLowerCase()
    .split(/[\s"'`()[\]{}<>|,;*]+/)
    .map((word) => word.replace(/^[.:!?=-]+|[.:!?=-]+$/g, ''))
    .filter((word) => word !== '' && !/^[#\W]*(?:#[a-z%]{0,3})?$/.test(word))
    .slice(0, mostWords);
}

/** Digits as letters, so that the mask leaves them. */
function keepCode(_: string, name: string, between: string, code: string): string {
  return `${name}${between}code-${code.replaceAll(/\d/g, (digit) => digits[Number(digit)] ?? '')}`;
}

const digits = 'zuvwxysmon'.split('');
const codeWord = /^code-[a-z]{1,5}$/;

/** The id of an error line: equal for two occurrences of one error; empty for a line of nothing but values. */
export function signatureId(line: string): string {
  return comparable(line).join(' ');
}

const exceptionName = /^(?:[\w.$]{0,160}(?:Error|Exception|Exhausted|Failure|Panic))(?: \[\w+\])?: (?=\S)/;

/** The rows of words by which a line can be known: its own, and, where it names an exception, what that says. */
export function wordings(line: string): string[][] {
  const message = line.replace(causedBy, '').replace(exceptionName, '');
  const rows = [comparable(line), ...(message === line ? [] : [comparable(message)])];
  return rows.filter((words) => information(words) >= specificFrom);
}

/** Whether the one row of words stands in the other, as a whole and in order. */
export function holds(whole: readonly string[], part: readonly string[]): boolean {
  if (part.length === 0 || part.length > whole.length) return false;
  return ` ${whole.join(' ')} `.includes(` ${part.join(' ')} `);
}

/** Words that say nothing of what went wrong, and words that any failure of a connection or a request is told with. */
const empty = wordSet(
  `the a an to of in on at by for from with and or is was are were be been has had have this that it its as due because
  while when after before see please too again`,
);
const generic = wordSet(
  `error errors exception exceptions err failed failure fail failing fails fatal critical warning panic unhandled uncaught
  timeout timeouts timeouterror timed time out connection connections connectionerror connect connecting connected
  refused reset closed close aborted abort unavailable available service services server servers request requests
  response responses respond http https httperror httpx status statuscode code bad gateway internal not no never cannot
  could unable upstream downstream header headers reason disconnect disconnected remotedisconnected termination terminated
  econnrefused econnreset etimedout enotfound eai_again socket hang up deadline deadlineexceeded exceeded context canceled
  cancelled cancellederror client clients host port peer network unreachable broken pipe eof unexpected runtimeerror
  database db postgres postgresql mysql sql sqlstate unknown retry retrying retries maxretryerror max attempt attempts
  operationalerror i/o io tcp udp dial read readtimeout write sslerror ssl operation container called exit application
  startup app exiting starting started remote end null undefined none true false invalid message psqlexception java net
  org com sockettimeoutexception connectexception oserror ioerror process job task backend without asyncio urllib3 aiohttp
  rpc grpc desc inactiverpcerror channel axioserror axios fetch typeerror something went wrong occurred occured killed
  healthy unhealthy health check checks ready i o retrieved`,
);

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/).filter((word) => word !== ''));
}

/** Whether all parts of a word are generic ones: `java.net.ConnectException` is. */
function isGeneric(word: string): boolean {
  const parts = word.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== '');
  return codeWord.test(word) || parts.every((part) => generic.has(part) || empty.has(part));
}

/** What a generic word tells, and all of a line's together at most, where any other word tells 1. */
const genericWorth = 0.25;
const mostGeneric = 1;

/**
 * How much a row of words says of its error: each word of its own 1, generic ones a quarter and together at most 1. So
 * `503 Service Unavailable` and `connect ECONNREFUSED` stay below `specificFrom`, however long.
 */
export function information(words: readonly string[]): number {
  const told = [...new Set(words)].filter((word) => !empty.has(word));
  const own = told.filter((word) => !isGeneric(word)).length;
  return own + Math.min(mostGeneric, (told.length - own) * genericWorth);
}

/**
 * From here on a line is known again by its words: one word of its own among generic ones, or two. Chosen so that the
 * messages of clients, proxies and runtimes in `test/core/regression/comparable.test.ts` stay below, and the lines of the
 * true pairs beside it do not.
 */
export const specificFrom = 2;

/** Cloud Run's own words, the same for every service: they tell of one error only where the same service says them. */
const platformLine =
  /^\W*memory limit of \S+ \S+ exceeded|(?:startup|liveness|readiness) (?:tcp|http|grpc) probe failed|failed to (?:start and )?listen on the port|exec (?:likely )?failed/i;

/** Cloud Run's words for what follows from many causes. */
const symptomLine =
  /no available instance|http response was malformed|container called exit|container terminated on signal|uncaught signal|maximum request timeout/i;

/** Words of a language's runtime for any missing value: only the place in the program tells one from another. */
const runtimeLine =
  /nil pointer dereference|index out of range|nullpointerexception|cannot (?:read|set) propert(?:y|ies) of (?:undefined|null)|(?:undefined|null) is not an? (?:object|function)|is not a function|'nonetype' object|segmentation fault|indexoutofboundsexception/i;

/**
 * What else has to be the same, so that a line tells of one error: the service that logs it, that and the cause, or the
 * place in the program.
 */
export function needs(line: string): 'nothing' | 'service' | 'cause' | 'frame' {
  if (symptomLine.test(line)) return 'cause';
  if (platformLine.test(line)) return 'service';
  return runtimeLine.test(line) ? 'frame' : 'nothing';
}
