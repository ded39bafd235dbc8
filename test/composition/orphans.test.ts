import { afterAll, describe, expect, it } from 'vitest';
import { openAcceptance } from '../../src/composition/deliveries.ts';
import { adoptOrphans } from '../../src/composition/orphans.ts';
import { workSweep, type SweepingDeps } from '../../src/composition/sweep.ts';
import type { AcceptedDelivery } from '../../src/intake/webhook.ts';
import type { Queue } from '../../src/queue/port.ts';
import { finishDelivery, recordDeliveries } from '../../src/store/deliveries.ts';
import type { Store } from '../../src/store/open.ts';
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

    expect(await adoptOrphans(store, queue)).toBe(2);
    expect(await adoptOrphans(store, queue)).toBe(0);

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

  it('is found behind however many that have one', async () => {
    const database = await create();
    const store = await open(database.url);
    const queue = await startWorkers(store);
    const older = Array.from({ length: 1_100 }, (_, number) => ({
      ...delivery,
      guid: `older ${String(number)}`,
      comment: null,
    }));
    await store.db.transaction().execute(async (trx) => {
      await recordDeliveries(trx, older);
      await queue.enqueueAll(
        trx,
        'commands',
        older.map(({ guid }) => ({ data: { guid }, key: '7#1' })),
      );
      await recordDeliveries(trx, [{ ...delivery, receivedAt: minutesLater(1) }]);
    });
    expect(await adoptOrphans(store, queue)).toBe(1);
    expect(await queue.carried('commands', 'guid', [delivery.guid])).toEqual(new Set([delivery.guid]));
    await queue.stop({ graceMs: 0 });
    await store.close();
    await database.drop();
  });

  it('that a process left behind gets one by the sweep of another', async () => {
    const database = await create();
    const store = await open(database.url);
    const queue = await startWorkers(store);
    const payload = { repository: { id: 7 }, issue: { number: 1278 } };
    const ended = openAcceptance(store, () => at);
    await ended.accept({ ...accepted, payload });
    // GitHub may have refused what is left to do of a comment: that is tried again by a start, not every five minutes.
    await store.db.transaction().execute((trx) => enqueuePublication(trx, publication));
    const warnings: string[] = [];
    await queue.work('sweep', (job) => workSweep(sweeping(store, queue, warnings), job));
    await queue.add({ kind: 'missed' }, { key: 'missed' }, 'sweep');
    await queue.rest();

    const commands = notebook();
    await queue.work('commands', commands.handle);
    await queue.rest();
    expect(commands.runs.map(({ data }) => data)).toEqual([{ guid: accepted.guid }]);
    expect(await queue.carried('publications', 'id', [publication.id])).toEqual(new Set());
    expect(warnings).toEqual(['accepted deliveries that had no job are taken up']);
    await queue.stop({ graceMs: 0 });
    await store.close();
    await database.drop();
  });
});

const accepted: AcceptedDelivery = {
  guid: 'taken before there was a queue',
  event: 'issue_comment',
  action: 'created',
  installationId: 41,
  repositoryId: 7,
  repository: 'acme/shop',
  issue: 1278,
  comment: { id: 1, updatedAt: '2025-09-15T18:05:00Z' },
  subject: null,
  payload: {},
};

function nothingDelivered() {
  return Promise.resolve({ status: 200, data: [], headers: {} });
}

/** A sweep to which GitHub says that it has delivered nothing. */
function sweeping(store: Store, queue: Queue, warnings: string[]): SweepingDeps {
  return {
    store,
    queue,
    appRequest: nothingDelivered,
    requestOf: () => nothingDelivered,
    appId: 1,
    now: () => at,
    log: { info: () => undefined, warn: (_fields, message) => void warnings.push(message) },
  };
}
