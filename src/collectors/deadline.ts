import { ReadFailure } from './read-failure.ts';

/** The end of all reads of one collection: they start together, so they share it. */
export interface Deadline {
  /** Aborts when the time is over, with the `ReadFailure` that the reads then have. */
  signal: AbortSignal;
  /** Ends whatever is still under way. */
  close(): void;
}

/** Starts the time. `collectorMs` is what each read has, `budgetMs` what the whole has, in milliseconds. */
export function startDeadline(budgetMs: number, collectorMs: number, outer?: AbortSignal): Deadline {
  const controller = new AbortController();
  const [reason, ms] =
    collectorMs <= budgetMs ? (['timeout', collectorMs] as const) : (['budget', budgetMs] as const);
  const timer = setTimeout(() => {
    controller.abort(new ReadFailure(reason, `no answer within ${ms / 1_000} s`));
  }, ms);
  const stop = () => {
    controller.abort(new ReadFailure('budget', 'the collection was stopped'));
  };
  if (outer?.aborted) stop();
  outer?.addEventListener('abort', stop, { once: true });
  return {
    signal: controller.signal,
    close: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', stop);
      controller.abort(new ReadFailure('budget', 'the collection has ended'));
    },
  };
}
