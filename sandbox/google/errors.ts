/** Errors in the shape in which Google's REST APIs answer them (cloud.google.com/apis/design/errors). */

const statuses = {
  INVALID_ARGUMENT: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
} as const;

export type ErrorStatus = keyof typeof statuses;

export type ErrorDetail = { '@type': string } & Record<string, unknown>;

/**
 * An answer other than success. `refused` marks a request that the real API would not understand either, or one
 * that the stand-in does not: it is recorded in `refusals`.
 */
export class GoogleError extends Error {
  readonly status: ErrorStatus;
  readonly details: ErrorDetail[];
  readonly refused: boolean;
  /** The body, where the API does not write it in Google's form. */
  readonly body: Record<string, unknown> | null;

  constructor(
    status: ErrorStatus,
    message: string,
    options: { details?: ErrorDetail[]; refused?: boolean; body?: Record<string, unknown> } = {},
  ) {
    super(message);
    this.status = status;
    this.details = options.details ?? [];
    this.refused = options.refused ?? false;
    this.body = options.body ?? null;
  }
}

/** A request that is wrong in itself: 400, recorded. `field` names the part of the request. */
export function invalid(message: string, field = ''): GoogleError {
  const violation = { ...(field !== '' && { field }), description: message };
  return new GoogleError('INVALID_ARGUMENT', message, {
    refused: true,
    details: [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [violation] }],
  });
}

/** Detail by which clients tell one 403 or 429 from another. */
export function errorInfo(reason: string, domain: string, metadata: Record<string, string>): ErrorDetail {
  return { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain, metadata };
}

/** HTTP status and body of an error. */
export function errorAnswer(error: GoogleError): { code: number; body: Record<string, unknown> } {
  const code = statuses[error.status];
  if (error.body !== null) return { code, body: error.body };
  const details = error.details.length === 0 ? {} : { details: error.details };
  return { code, body: { error: { code, message: error.message, status: error.status, ...details } } };
}
