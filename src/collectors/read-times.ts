import { AsyncLocalStorage } from 'node:async_hooks';

/** When an answer was there. */
export interface AnswerTimes {
  /** By our clock; null where it came just now. */
  readAt: Date | null;
  /** By Google's clock, as the answer states it; null where it does not. */
  googleAt: Date | null;
}

/**
 * The answers of a read. One may have been read for another collection, and its observations must not be dated later than
 * that. A read is known by its asynchronous context: so no collector has to carry times from its requests to its
 * observations, and none can forget to.
 */
const answersOfRead = new AsyncLocalStorage<AnswerTimes[]>();

/** What a read gave, with the time of the oldest of its answers, and the latest that Google's clock showed. */
export interface Timed<T> extends AnswerTimes {
  result: T;
}

/** Makes a read and tells how old it is. */
export async function timed<T>(read: () => Promise<T>): Promise<Timed<T>> {
  const answers: AnswerTimes[] = [];
  const result = await answersOfRead.run(answers, read);
  const millisecondsOf = (time: keyof AnswerTimes) =>
    answers.flatMap((answer) => answer[time]?.getTime() ?? []);
  return {
    result,
    readAt: dateOf(Math.min(...millisecondsOf('readAt'))),
    googleAt: dateOf(Math.max(...millisecondsOf('googleAt'))),
  };
}

/** Tells the read that is under way of an answer that it uses. */
export function noteAnswer(times: AnswerTimes): void {
  answersOfRead.getStore()?.push(times);
}

/**
 * The same answer for all callers, each of which is told how old it is; one that failed is asked for anew by the next.
 * Each of them awaits it, so a rejection is never left unhandled.
 */
export function askedOnce<Parameters extends unknown[], T>(
  start: (...parameters: Parameters) => Promise<T>,
): (...parameters: Parameters) => Promise<T> {
  let started: Promise<Timed<T>> | null = null;
  return async (...parameters) => {
    const mine = (started ??= timed(() => start(...parameters)));
    try {
      const { result, ...times } = await mine;
      noteAnswer(times);
      return result;
    } catch (error) {
      if (started === mine) started = null;
      throw error;
    }
  };
}

/** When Google says that it answered: the header `date` (RFC 9110, 6.6.1). */
export function googleTime({ headers }: Response): Date | null {
  return dateOf(Date.parse(headers.get('date') ?? ''));
}

function dateOf(milliseconds: number): Date | null {
  return Number.isFinite(milliseconds) ? new Date(milliseconds) : null;
}
