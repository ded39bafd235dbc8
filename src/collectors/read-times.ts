import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * When the answers of a read were really there. An answer may have been read for another collection, and its
 * observations must not be dated later than that. A read is known by its asynchronous context: so no collector has to
 * carry times from its requests to its observations, and none can forget to.
 */
const answersOfRead = new AsyncLocalStorage<Date[]>();

/** What a read gave, and when the oldest of its answers was there; null where it was told of none. */
export interface Timed<T> {
  result: T;
  readAt: Date | null;
}

/** Makes a read and tells how old it is. */
export async function timed<T>(read: () => Promise<T>): Promise<Timed<T>> {
  const times: Date[] = [];
  const result = await answersOfRead.run(times, read);
  const oldest = Math.min(...times.map((time) => time.getTime()));
  return { result, readAt: times.length === 0 ? null : new Date(oldest) };
}

/** Tells the read that is under way when an answer that it uses was there. */
export function noteAnswer(readAt: Date): void {
  answersOfRead.getStore()?.push(readAt);
}
