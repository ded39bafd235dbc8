import { ReadFailure, raced } from './read-failure.ts';

/** A request that several callers wait for. */
export interface Flight<T> {
  /** Waits for what it gives, no longer than the signal lets it. */
  join(signal: AbortSignal): Promise<T>;
}

/** Starts a request, and ends it when nobody waits for it any more. `landed` is called when it has ended. */
export function takeOff<T>(start: (signal: AbortSignal) => Promise<T>, landed: () => void): Flight<T> {
  const controller = new AbortController();
  const result = start(controller.signal);
  result.then(landed, landed);
  let waiting = 0;
  return {
    async join(signal) {
      waiting += 1;
      try {
        return await raced(result, signal);
      } finally {
        waiting -= 1;
        if (waiting === 0) {
          // Nobody may join what is about to be broken off.
          landed();
          controller.abort(new ReadFailure('budget', 'nobody waits for the answer any more'));
        }
      }
    },
  };
}
