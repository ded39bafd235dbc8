import { ReadFailure } from './read-failure.ts';

/** The end of one collection. */
export interface Deadline {
  /** Aborts when the whole time is over, with the `ReadFailure` that is left of the reads then. */
  signal: AbortSignal;
  /** Starts the time of one read. */
  startRead(): ReadTime;
  /** Ends whatever is still under way. */
  close(): void;
}

/** The time that one read has: its own, or what is left of the whole. */
export interface ReadTime {
  /** Aborts when it is over, with the `ReadFailure` that the read then has. */
  signal: AbortSignal;
  /** Milliseconds that are left. */
  leftMs(): number;
  end(): void;
}

/** Of the whole time so much is kept for putting together what was read; no more than a twentieth. Milliseconds. */
const kept = 400;

/** Starts the time. `collectorMs` is what each read has from its start, `budgetMs` what the whole has, in milliseconds. */
export function startDeadline(budgetMs: number, collectorMs: number, outer?: AbortSignal): Deadline {
  const whole = new AbortController();
  const readingMs = budgetMs - Math.min(kept, budgetMs / 20);
  const endsAt = performance.now() + readingMs;
  const stop = (detail: string) => {
    whole.abort(new ReadFailure('budget', detail));
  };
  const timer = setTimeout(
    stop,
    readingMs,
    `the budget of ${inSeconds(budgetMs)} ended before the answer came`,
  );
  const stopped = () => {
    stop('the collection was stopped');
  };
  if (outer?.aborted) stopped();
  outer?.addEventListener('abort', stopped, { once: true });
  return {
    signal: whole.signal,
    startRead: () => startRead(whole.signal, endsAt, collectorMs),
    close: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', stopped);
      stop('the collection has ended');
    },
  };
}

function startRead(whole: AbortSignal, wholeEndsAt: number, collectorMs: number): ReadTime {
  const own = new AbortController();
  const ownEndsAt = performance.now() + collectorMs;
  const timer = setTimeout(() => {
    own.abort(new ReadFailure('timeout', `no answer within ${inSeconds(collectorMs)}`));
  }, collectorMs);
  return {
    signal: AbortSignal.any([whole, own.signal]),
    leftMs: () => (whole.aborted ? 0 : Math.min(ownEndsAt, wholeEndsAt) - performance.now()),
    end: () => {
      clearTimeout(timer);
    },
  };
}

function inSeconds(milliseconds: number): string {
  return `${milliseconds / 1_000} s`;
}
