import type { GapReason } from '../core/snapshot.ts';

/** Why a read failed: what its gap says. Everything that a collector awaits rejects with this. */
export class ReadFailure extends Error {
  override readonly name = 'ReadFailure';
  readonly reason: GapReason;
  /** What was answered, for people. May hold foreign text: `collect` redacts it before it is shown. */
  readonly detail: string;
  /** The API that is not enabled, where Google names it. */
  readonly service: string | null;
  /** HTTP status of the answer that says so, where the API itself judged the request. */
  readonly status: number | null;
  /** What can be done about it, where that is not what its reason says. */
  readonly remedy: string | null;
  /** Milliseconds after which it may be asked again, where the API or our own quota says so. */
  readonly retryAfterMs: number | null;

  constructor(
    reason: GapReason,
    detail: string,
    about: {
      service?: string | null;
      status?: number;
      retryAfterMs?: number | null;
      remedy?: string;
      cause?: unknown;
    } = {},
  ) {
    super(`${reason}: ${detail}`, about.cause === undefined ? undefined : { cause: about.cause });
    this.reason = reason;
    this.detail = detail;
    this.service = about.service ?? null;
    this.status = about.status ?? null;
    this.retryAfterMs = about.retryAfterMs ?? null;
    this.remedy = about.remedy ?? null;
  }
}

/**
 * The `ReadFailure` in an error or among its causes (the Cloud Run client wraps ours twice); any other error
 * becomes one with the reason `otherwise`.
 */
export function asReadFailure(error: unknown, otherwise: GapReason): ReadFailure {
  let cause = error;
  for (let depth = 0; depth < 8 && cause instanceof Error; depth += 1) {
    if (cause instanceof ReadFailure) return cause;
    cause = cause.cause;
  }
  return new ReadFailure(otherwise, messageOf(error), { cause: error });
}

/** Fails as soon as the signal does, also where the promise itself does not listen to it. */
export async function raced<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  // Where the signal has failed already nobody waits for it: its own failure must not end the process.
  promise.catch(() => undefined);
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => {
    reject(asReadFailure(signal.reason, 'timeout'));
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
