import { describe, expect, test } from 'vitest';
import { createBatches, NotStored, type BatchOptions } from '../../src/intake/batches.ts';

const poison = new Error('not this one');

/** A store whose commits wait to be let through; one with `poison` in it fails as a whole. */
function heldStore(changes: Partial<BatchOptions<string, string>> = {}) {
  const commits: string[][] = [];
  const held: PromiseWithResolvers<void>[] = [];
  const batches = createBatches<string, string>({
    async commit(items) {
      commits.push(items);
      const turn = Promise.withResolvers<void>();
      held.push(turn);
      await turn.promise;
      if (items.includes('poison')) throw poison;
      return items.map((item) => `${item} stored`);
    },
    isItemsFault: (error) => error === poison,
    most: 100,
    mostWaiting: 100,
    answerMs: 60_000,
    ...changes,
  });
  return {
    ...batches,
    commits,
    /** Waits for the next commit to begin, and ends it. */
    async letThrough(failure?: Error): Promise<void> {
      while (held.length === 0) await new Promise((resolve) => setImmediate(resolve));
      const turn = held.shift();
      if (failure === undefined) turn?.resolve();
      else turn?.reject(failure);
    },
  };
}

describe('batches', () => {
  test('what waits while a commit is under way goes into the next, in the order of arrival', async () => {
    const store = heldStore();
    const first = store.add('a');
    while (store.commits.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const others = ['b', 'c', 'd'].map((item) => store.add(item));
    await store.letThrough();
    await store.letThrough();
    expect(await Promise.all([first, ...others])).toEqual(['a stored', 'b stored', 'c stored', 'd stored']);
    expect(store.commits).toEqual([['a'], ['b', 'c', 'd']]);
  });

  test('a commit holds so many at most', async () => {
    const store = heldStore({ most: 2 });
    const all = Promise.all(['a', 'b', 'c'].map((item) => store.add(item)));
    await store.letThrough();
    await store.letThrough();
    await all;
    expect(store.commits).toEqual([['a', 'b'], ['c']]);
  });

  test('one that cannot be stored fails alone, and the others keep their order', async () => {
    const store = heldStore();
    const all = Promise.allSettled(['a', 'b', 'poison', 'c', 'd'].map((item) => store.add(item)));
    for (let commit = 0; commit < 5; commit++) await store.letThrough();
    const outcomes = (await all).map((outcome) =>
      outcome.status === 'fulfilled' ? outcome.value : outcome.reason,
    );
    expect(outcomes).toEqual(['a stored', 'b stored', poison, 'c stored', 'd stored']);
    expect(store.commits.filter((items) => !items.includes('poison')).flat()).toEqual(['a', 'b', 'c', 'd']);
  });

  test('a database that is away fails all of a commit at once, and the next is tried', async () => {
    const store = heldStore();
    const away = new Error('ECONNREFUSED');
    const all = Promise.allSettled([store.add('a'), store.add('b')]);
    await store.letThrough(away);
    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = store.add('c');
    await store.letThrough();
    expect(await next).toBe('c stored');
    expect(store.commits).toEqual([['a', 'b'], ['c']]);
  });

  test('more than may wait are refused, and there is room again when the commit ends', async () => {
    const store = heldStore({ mostWaiting: 2 });
    const waiting = [store.add('a'), store.add('b')];
    await expect(store.add('c')).rejects.toThrow(NotStored);
    await store.letThrough();
    await Promise.all(waiting);
    const again = store.add('d');
    await store.letThrough();
    expect(await again).toBe('d stored');
  });

  test('a commit that hangs holds up nobody for ever, and neither does one that ends late after all', async () => {
    const store = heldStore({ answerMs: 20 });
    await expect(store.add('hangs')).rejects.toThrow('did not answer within 0.02 s');
    await store.letThrough();
    const next = store.add('next');
    await store.letThrough();
    expect(await next).toBe('next stored');
  });
});
