import { afterAll, describe, expect, it } from 'vitest';
import { adoptOrphans } from '../../src/composition/orphans.ts';
import { finishDelivery, recordDeliveries } from '../../src/store/deliveries.ts';
import { enqueuePublication } from '../../src/store/publications.ts';
import { notebook, startWorkers } from '../queue/workers.ts';
import { engines, open } from '../store/engines.ts';
import { at, delivery, minutesLater, publication } from '../store/fixtures.ts';

const { all, stop } = engines();
afterAll(stop);

describe.each(all)('accepted work without a job on $name', ({ create }) => {
  it('gets one; what has one, or is finished, does not', async () => {
    const database = await create();
    const store = await open(database.url);
    const queue = await startWorkers(store);
    const orphan = { ...delivery, payload: { repository: { id: 7 }, issue: { number: 1278 } } };
    const withJob = { ...delivery, guid: 'with a job', comment: null };
    const finished = { ...delivery, guid: 'finished', comment: null };
    await store.db.transaction().execute(async (trx) => {
      await recordDeliveries(trx, [orphan, withJob, finished]);
      await queue.enqueue(trx, 'commands', { guid: withJob.guid });
      await enqueuePublication(trx, publication);
    });
    await finishDelivery(store.db, finished.guid, 'done', at);

    expect(await adoptOrphans(store, queue, () => minutesLater(1))).toBe(2);
    expect(await adoptOrphans(store, queue, () => minutesLater(1))).toBe(0);

    const keys = await store.run(
      `select singleton_key from pgboss.job where name = 'commands' and data->>'guid' = $1`,
      [delivery.guid],
    );
    expect(keys.rows).toEqual([{ singleton_key: '7#1278' }]);

    const commands = notebook();
    const publications = notebook();
    await queue.work('commands', commands.handle);
    await queue.work('publications', publications.handle);
    await queue.rest();
    const guids = commands.runs.map(({ data }) => data);
    expect(guids).toHaveLength(2);
    expect(guids).toContainEqual({ guid: delivery.guid });
    expect(guids).toContainEqual({ guid: withJob.guid });
    expect(publications.runs.map(({ data }) => data)).toEqual([{ id: publication.id }]);
    await queue.stop({ graceMs: 0 });
    await store.close();
    await database.drop();
  });
});
