import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { explainDeadLetters, retryDeadLetters } from '../../src/composition/dead-letters.ts';
import { findDelivery, finishDelivery, recordDeliveries } from '../../src/store/deliveries.ts';
import type { Store } from '../../src/store/open.ts';
import { enqueuePublication } from '../../src/store/publications.ts';
import { notebook, startWorkers, type Workers } from '../queue/workers.ts';
import { engines, open, silentLog, type TestDatabase } from '../store/engines.ts';
import { delivery, minutesLater, publication } from '../store/fixtures.ts';

const { all, stop } = engines();
afterAll(stop);

const broken = () => Promise.reject(new Error('GitHub answered 503'));

describe.each(all.filter(({ name }) => name !== 'PGlite in a directory'))(
  'dead letters on $name',
  ({ create }) => {
    let database: TestDatabase;
    let store: Store;
    let queue: Workers;
    beforeEach(async () => {
      database = await create();
      store = await open(database.url);
      queue = await startWorkers(store);
    });
    afterEach(async () => {
      await queue.stop({ graceMs: 0 });
      await store.close();
      await database.drop();
    });

    /** A delivery whose job failed at every try, as the worker leaves it. */
    async function giveUp(guid: string, key: string): Promise<void> {
      await store.db.transaction().execute(async (trx) => {
        await recordDeliveries(trx, [{ ...delivery, guid }]);
        await queue.enqueue(trx, 'commands', { guid }, { key });
      });
    }

    const retry = (which: string) => retryDeadLetters(store, which, silentLog);

    /** Works the queue until it rests, and stops; gives what ran. */
    async function workWith(then: () => Promise<void>): Promise<unknown[]> {
      const { runs, handle } = notebook(then);
      await queue.work('commands', handle);
      await queue.rest();
      await queue.stop({ graceMs: 0 });
      queue = await startWorkers(store);
      return runs;
    }

    it('tell what they were for, when, how often and why, the first given up first', async () => {
      expect(await explainDeadLetters(store)).toEqual([]);
      await giveUp('first', 'a');
      await workWith(broken);
      await queue.add({ id: 'no posting' }, {}, 'commands');
      await workWith(broken);
      await store.db.transaction().execute(async (trx) => {
        await enqueuePublication(trx, publication);
        await queue.enqueue(trx, 'publications', { id: publication.id });
      });
      await queue.work('publications', broken);
      await queue.rest();
      const [first, second, third, ...more] = await explainDeadLetters(store);
      expect(more).toEqual([]);
      expect(first).toMatchObject({
        queue: 'commands',
        tries: 3,
        reason: 'GitHub answered 503',
        data: { guid: 'first' },
        purpose: {
          what: 'issue_comment.created',
          repository: 'netra-systems/apex',
          issue: 1278,
          delivery: 'first',
        },
      });
      expect(first?.givenUpAt.getTime()).toBeGreaterThanOrEqual(first?.createdAt.getTime() ?? Infinity);
      expect(second).toMatchObject({ queue: 'commands', purpose: null });
      expect(third).toMatchObject({
        queue: 'publications',
        purpose: { what: 'status', repository: 'netra-systems/apex', issue: 1278, delivery: null },
      });
    });

    it('go back with fresh tries, in their order, with their deliveries', async () => {
      for (const guid of ['one', 'two', 'three']) await giveUp(guid, 'same');
      await workWith(broken);
      for (const guid of ['one', 'two', 'three'])
        await finishDelivery(store.db, guid, 'failed', minutesLater(1), 'GitHub answered 503');
      const { again, forgotten } = await retry('all');
      expect(again.map(({ data }) => data)).toEqual([{ guid: 'one' }, { guid: 'two' }, { guid: 'three' }]);
      expect(forgotten).toEqual([]);
      expect(await findDelivery(store.db, 'two')).toMatchObject({ state: 'received' });
      expect(await explainDeadLetters(store)).toEqual([]);
      expect(await workWith(() => Promise.resolve())).toEqual([
        { data: { guid: 'one' }, attempt: 1 },
        { data: { guid: 'two' }, attempt: 1 },
        { data: { guid: 'three' }, attempt: 1 },
      ]);
    });

    it('that are retried twice, at once and later, run once', async () => {
      await giveUp('one', 'a');
      await giveUp('other', 'b');
      await workWith(broken);
      const letters = await explainDeadLetters(store);
      const id = letters.find(({ purpose }) => purpose?.delivery === 'one')?.id ?? '';
      await Promise.all([retry(id), retry(id), retry(id)]);
      expect(await retry(id)).toEqual({ again: [], forgotten: [] });
      expect(await workWith(() => Promise.resolve())).toEqual([{ data: { guid: 'one' }, attempt: 1 }]);
      expect(await explainDeadLetters(store)).toMatchObject([{ purpose: { delivery: 'other' } }]);
    });

    it('may die again, and are then given up with all that is known of them', async () => {
      await giveUp('one', 'a');
      await workWith(broken);
      const [before] = await explainDeadLetters(store);
      await retry('all');
      await workWith(() => Promise.reject(new Error('still broken')));
      const [after, ...more] = await explainDeadLetters(store);
      expect(more).toEqual([]);
      expect(after).toMatchObject({ rootId: before?.rootId, tries: 3, reason: 'still broken' });
    });

    it('whose delivery is not recorded any more stay, and are named', async () => {
      await queue.add({ guid: 'pruned' });
      await workWith(broken);
      const { again, forgotten } = await retry('all');
      expect(again).toEqual([]);
      expect(forgotten).toMatchObject([{ purpose: { what: 'a delivery', delivery: 'pruned' } }]);
      expect(await explainDeadLetters(store)).toHaveLength(1);
    });
  },
);
