import { pino, type DestinationStream, type LevelWithSilent, type Logger } from 'pino';
import { z } from 'zod';
import { withoutSecrets } from './core/secrets/without-secrets.ts';
import { safeLine } from './log-line.ts';

/** What a log line tells of an error: never the request's body or headers, which hold updates and tokens. */
const shownError = z.object({
  name: z.string().catch('Error'),
  message: z.string().catch(''),
  stack: z.string().optional().catch(undefined),
  status: z.number().optional().catch(undefined),
  request: z.object({ method: z.string(), url: z.string() }).optional().catch(undefined),
  response: z
    .object({ headers: z.object({ 'x-github-request-id': z.string().optional() }) })
    .optional()
    .catch(undefined),
});

/** Longest message and stack that are logged, in characters. */
const longest = 1_000;
/** What is beyond is not even looked at. */
const longestRead = 20_000;
/** Errors behind an error, and so on, that are told. */
const deepest = 4;
const mostBehind = 5;

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
  const { name, message, stack, status, request, response } = shownError.parse(fieldsOf(thrown));
  const requestId = response?.headers['x-github-request-id'];
  const causes = depth === 0 ? [] : behind(thrown).slice(0, mostBehind);
  return {
    type: shown(name),
    message: shown(message),
    ...(stack === undefined ? {} : { stack: shown(stack) }),
    ...(status === undefined ? {} : { status }),
    ...(request === undefined
      ? {}
      : { request: shown(`${request.method} ${request.url.split('?', 1)[0] ?? ''}`) }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(causes.length === 0 ? {} : { causes: causes.map((cause) => told(cause, depth - 1)) }),
  };
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
