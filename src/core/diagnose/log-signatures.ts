/** What kind of failure a log line tells of. */
export type FailureKind = 'timeout' | 'refused' | 'unresolved' | 'program' | 'exception' | 'other';

/** An exception as a traceback names it. */
export interface NamedException {
  name: string;
  message: string;
}

const chained = /direct cause of the following exception|During handling of the above exception/;
const causedBy = /^\s*caused by:?\s+/i;
const exceptionLine =
  /^(?:\[[\w.-]+\]\s*)?((?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Timeout|Exit|Failure|Refused)|Error|panic)(?: \[\w+\])?(?::\s*(.*))?$/;

/** Exceptions of the program itself, whatever words their message holds: no dependency raises them. */
const programError =
  /(?:^|\.)(?:(?:ModuleNotFound|Import|Syntax|Indentation|Name|Attribute|Key|Index|Type|Value|Validation|Reference|Range|Assertion|FileNotFound|ZeroDivision|NotImplemented|Recursion|UnboundLocal|NoMethod|NoSuchMethod|NoClassDefFound)Error|(?:NullPointer|NullReference|ClassCast|ClassNotFound|(?:Array|String)?IndexOutOfBounds|IllegalArgument|NoSuchElement|NumberFormat|UnsupportedOperation|Arithmetic)Exception)$/;

/**
 * The same where no exception is named, as a handler that goes on logs it: Go's runtime errors, V8's words for a
 * missing value, and statements that a database does not know, as PostgreSQL (42703, 42P01) and MySQL (1054, 1146)
 * word it.
 */
const programWords =
  /\bruntime error: |cannot read propert(?:y|ies) of (?:undefined|null)|\b(?:column|relation) \S{1,130} does not exist|unknown column '[^']{1,130}'|table '[^']{1,130}' doesn't exist/i;
const timeout = /(?<!_)time[ds]?[ -]?out|ETIMEDOUT|deadline exceeded/i;
const refused =
  /connection refused|ECONNREFUSED|ConnectionRefused|connection reset|ECONNRESET|socket connection failed|unreachable/i;

/** How PostgreSQL (53300) and MySQL (1040) say that no connection is free. */
export const noneFree =
  /connection slots are reserved|too many (?:clients|connections)|max_user_connections|\b53300\b/i;

/** How a database that ends or starts says so: PostgreSQL 57P01 and 57P03, MySQL 1053. */
export const goingAway =
  /database system is (?:shutting down|starting up|in recovery mode|not yet accepting connections)|terminating connection due to administrator command|server shutdown in progress/i;

/**
 * How the Cloud SQL connectors and the databases refuse an identity: 403 of the Cloud SQL Admin API, SQLSTATE 28P01,
 * 28000 and 42501 of a database, MySQL 1045. That the API is not enabled is another 403.
 */
export const identityRefused =
  /\bnotAuthorized\b|boss::NOT_AUTHORIZED|does not seem authorized to make API request|cloudsql\.instances\.(?:connect|get)\b|password authentication failed|authentication failed for user|no pg_hba\.conf entry|FATAL:\s{1,3}role "[^"]{1,63}" does not exist|permission denied for database|\b28P01\b|Access denied for user/i;

const unresolved = /no such host|EAI_AGAIN|ENOTFOUND|getaddrinfo|gaierror|name or service not known/i;

/**
 * The exception that came first: in a chain of tracebacks the innermost one, which the others only wrap. Null
 * where the text names none. Collectors write the causes below the line, `caused by` before each, innermost
 * last, as Java does; a Python traceback as it was logged has the innermost first.
 */
export function innermostException(text: string): NamedException | null {
  const found = text.split('\n').flatMap((line) => {
    const match = exceptionLine.exec(line.replace(causedBy, '').trimEnd());
    return match?.[1] ? [{ name: match[1], message: match[2] ?? '', cause: causedBy.test(line) }] : [];
  });
  const picked =
    found.findLast((exception) => exception.cause) ?? (chained.test(text) ? found[0] : found.at(-1));
  return picked ? { name: picked.name, message: picked.message } : null;
}

/** Node's `fetch` raises a TypeError for any failure of the network: without its cause it tells nothing. */
const onlyFetch = /^fetch failed$/;

/** The kind of failure that a text tells of, judged by its innermost exception where there is one. */
export function failureKind(text: string): FailureKind {
  const exception = innermostException(text);
  if (exception && onlyFetch.test(exception.message)) return 'other';
  if (exception && programError.test(exception.name)) return 'program';
  if (programWords.test(exception ? `${exception.name}: ${exception.message}` : text)) return 'program';
  const subject = exception ? `${exception.name}: ${exception.message}` : text;
  if (unresolved.test(subject)) return 'unresolved';
  if (refused.test(subject) || isAnsweredByDatabase(subject)) return 'refused';
  if (timeout.test(subject)) return 'timeout';
  return exception ? 'exception' : 'other';
}

/** A database that answers that it takes no connection: then the way to it is open. */
export function isAnsweredByDatabase(text: string): boolean {
  return noneFree.test(text) || goingAway.test(text);
}

/** How pools of a program say that none of their connections became free in time. */
const poolWait =
  /QueuePool limit|HikariPool-\d{1,4} - Connection is not available|PoolTimeout|connection from the (?:connection )?pool|pool timed out while waiting/i;

/**
 * Whether a text tells of a connection that got no answer in time. To wait for a pool is none: slow queries make it
 * wait as well.
 */
export function isLostOnTheWay(text: string): boolean {
  return failureKind(text) === 'timeout' && !isPoolWait(text);
}

/** Whether a text tells only that no connection of the program's own pool became free: of what holds it says nothing. */
export function isPoolWait(text: string): boolean {
  const exception = innermostException(text);
  return poolWait.test(exception ? `${exception.name}: ${exception.message}` : text);
}

/** Whether a text tells of a connection that did not come about, whatever the reason. */
export function isConnectionFailure(text: string): boolean {
  const kind = failureKind(text);
  return kind === 'timeout' || kind === 'refused' || kind === 'unresolved';
}

/** The failure in a few words, as the end of `its connections to … `. */
export function failureWords(kind: FailureKind): string {
  if (kind === 'refused') return 'are refused';
  return kind === 'unresolved' ? 'find no address' : 'time out';
}

/** Cloud Run's own words where it turns a request away, with 429 at the maximum of instances and 500 below it. */
export const noInstance = /no available instance/i;

/** Words and ports of a database in a log line, and libraries and pools that lead to nothing else. */
export const databaseWords =
  /database|postgres|psycopg|asyncpg|sqlalchemy|mysql|cloudsql|cloud sql|sequelize|\bknex|prisma|typeorm|hikari|\bjdbc\b|\bpgx|QueuePool|activerecord|\.s\.PGSQL|(?::|\bport )(?:3307|5432|3306)\b/i;

/** A private address (RFC 1918), which only a connector or direct VPC egress leads to. */
export const privateAddress =
  /(?<![\d.])(?:10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2})(?![\d.])/;
