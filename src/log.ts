import { pino, type DestinationStream, type LevelWithSilent, type Logger } from 'pino';
import { withoutSecrets } from './core/secrets/without-secrets.ts';
import { safeLine } from './log-line.ts';

/** Longest message and stack that are logged, in characters. */
const longest = 1_000;
/** What is beyond is not even looked at. */
const longestRead = 20_000;
/** Errors behind an error, and so on, that are told. */
const deepest = 4;
const mostBehind = 5;

/** What a log line tells of an error: never the request's body or headers, which hold updates and tokens. */
interface LoggedError {
  type: string;
  message: string;
  stack?: string;
  status?: number;
  request?: string;
  requestId?: string;
  causes?: LoggedError[];
}

function loggedError(thrown: unknown): LoggedError {
  return told(thrown, deepest);
}

function told(thrown: unknown, depth: number): LoggedError {
  const error = fieldsOf(thrown);
  const stack = textAt(error, 'stack');
  const status = at(error, 'status');
  const [method, url] = [textAt(error, 'request', 'method'), textAt(error, 'request', 'url')];
  const requestId = textAt(error, 'response', 'headers', 'x-github-request-id');
  const causes = depth === 0 ? [] : behind(thrown).slice(0, mostBehind);
  return {
    type: shown(textAt(error, 'name') ?? 'Error'),
    message: shown(textAt(error, 'message') ?? ''),
    ...(stack === undefined ? {} : { stack: shown(stack) }),
    ...(typeof status === 'number' ? { status } : {}),
    ...(method === undefined || url === undefined
      ? {}
      : { request: shown(`${method} ${url.split('?', 1)[0] ?? ''}`) }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(causes.length === 0 ? {} : { causes: causes.map((cause) => told(cause, depth - 1)) }),
  };
}

/** What stands at a path of fields. A start logs before it has anything to check shapes with. */
function at(from: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (value, field) => (typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined),
    from,
  );
}

function textAt(from: unknown, ...path: string[]): string | undefined {
  const value = at(from, ...path);
  return typeof value === 'string' ? value : undefined;
}

/** Anything can be thrown. */
function fieldsOf(thrown: unknown): object {
  if (typeof thrown === 'object' && thrown !== null && !Array.isArray(thrown)) return thrown;
  return {
    message: typeof thrown === 'string' ? thrown : `thrown: ${JSON.stringify(thrown) ?? typeof thrown}`,
  };
}

/** Probot wraps what handlers throw into an AggregateError; others name a cause. */
function behind(thrown: unknown): unknown[] {
  if (!(thrown instanceof Error)) return [];
  const cause = thrown.cause === undefined || thrown.cause === null ? [] : [thrown.cause];
  return thrown instanceof AggregateError ? [...thrown.errors, ...cause] : cause;
}

/** Secrets out first, then cut: half of one is not known as such. */
function shown(text: string): string {
  return withoutSecrets(text.slice(0, longestRead), () => 'redacted').slice(0, longest);
}

/**
 * The structured log: one JSON object a line, without secrets, and no longer than some kB, whatever is logged and by whom:
 * Probot and Octokit log through it too. Of errors only what helps.
 */
export function createLog(level: LevelWithSilent, destination: DestinationStream): Logger {
  const serializers = { err: loggedError, error: loggedError };
  return pino({ level, name: 'sitrep', serializers, hooks: { streamWrite: safeLine } }, destination);
}
