/**
 * Gathers what is asked at the same time and answers it at once. Without `afterMs` that is what is asked before the
 * process turns to something else. `answer` gives as many results as it was given asks, in their order.
 */
export function inBatches<Ask, Result extends object>(
  answer: (asks: readonly Ask[]) => Promise<readonly Result[]>,
  afterMs?: number,
): (ask: Ask) => Promise<Result> {
  let batch: { asks: Ask[]; results: Promise<readonly Result[]> } | null = null;

  function open(): { asks: Ask[]; results: Promise<readonly Result[]> } {
    const { promise, resolve } = Promise.withResolvers<readonly Result[]>();
    const opened = { asks: [], results: promise };
    const close = () => {
      batch = null;
      resolve(answer(opened.asks));
    };
    if (afterMs === undefined) setImmediate(close);
    else setTimeout(close, afterMs).unref();
    return opened;
  }

  return async (ask) => {
    const joined = (batch ??= open());
    const place = joined.asks.push(ask) - 1;
    const results = await joined.results;
    const result = results[place];
    if (result === undefined) throw new Error('a batch was answered with less than it asked for');
    return result;
  };
}
