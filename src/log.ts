import { pino, type DestinationStream, type LevelWithSilent, type Logger } from 'pino';
import { z } from 'zod';

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

interface LoggedError {
  type: string;
  message: string;
  stack?: string;
  status?: number;
  request?: string;
  requestId?: string;
  causes?: LoggedError[];
}

function loggedError(error: unknown): LoggedError {
  const { name, message, stack, status, request, response } = shownError.parse(Object(error));
  const requestId = response?.headers['x-github-request-id'];
  // Probot wraps what handlers throw into an AggregateError.
  const causes = error instanceof AggregateError ? error.errors.map(loggedError) : [];
  return {
    type: name,
    message: message.slice(0, longest),
    ...(stack === undefined ? {} : { stack: stack.slice(0, longest) }),
    ...(status === undefined ? {} : { status }),
    ...(request === undefined ? {} : { request: `${request.method} ${request.url.split('?', 1)[0] ?? ''}` }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(causes.length === 0 ? {} : { causes }),
  };
}

/** The structured log: one JSON object a line. Errors are cut down to what helps and holds no secret. */
export function createLog(level: LevelWithSilent, destination: DestinationStream): Logger {
  const serializers = { err: loggedError, error: loggedError };
  return pino({ level, name: 'sitrep', serializers }, destination);
}
