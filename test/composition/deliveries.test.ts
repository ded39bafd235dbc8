import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { acceptInto } from '../../src/composition/deliveries.ts';
import type { AcceptedDelivery } from '../../src/intake/webhook.ts';
import type { Store } from '../../src/store/open.ts';
import { gate, notebook, startWorkers, type Workers } from '../queue/workers.ts';
import { engines, open, type TestDatabase } from '../store/engines.ts';
import { at } from '../store/fixtures.ts';

const { all, stop } = engines();
afterAll(stop);

function delivery(number: number, changes: Partial<AcceptedDelivery> = {}): AcceptedDelivery {
  return {
    guid: `delivery ${String(number)}`,
    event: 'issue_comment',
    action: 'created',
    installationId: 41,
    repositoryId: 9,
    repository: 'acme/shop',
    issue: 12,
    comment: { id: number, updatedAt: '2025-09-15T18:05:00Z' },
    subject: null,
    payload: { number },
    ...changes,
  };
}

const guids = (...numbers: number[]) => numbers.map((number) => ({ guid: `delivery ${String(number)}` }));

describe.each(all)('deliveries accepted into $name', ({ create }) => {
  let database: TestDatabase;
  let store: Store;
  let queue: Workers;
  let accept: ReturnType<typeof acceptInto>;

  beforeAll(async () => {
    database = await create();
    store = await open(database.url);
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
  });
  afterEach(async () => {
    await queue.stop({ graceMs: 0 });
    await store.run('delete from pgboss.job; delete from delivery');
  });

  async function start(): Promise<void> {
    queue = await startWorkers(store);
    accept = acceptInto(store, queue, () => at);
  }

  async function guidsRun(): Promise<unknown[]> {
    const { runs, handle } = notebook();
    await queue.work('commands', handle);
    await queue.rest();
    return runs.map(({ data }) => data);
  }

  it('run in the order of arrival, however many arrive at once', async () => {
    await start();
    const numbers = Array.from({ length: 300 }, (_, number) => number);
    const results = await Promise.all(numbers.map((number) => accept(delivery(number))));
    expect(new Set(results)).toEqual(new Set(['new']));
    expect(await guidsRun()).toEqual(guids(...numbers));
  });

  it('are stored once, and have one job', async () => {
    await start();
    const secondHook = { guid: 'of the second hook', comment: delivery(1).comment };
    const results = await Promise.all([
      accept(delivery(1)),
      accept(delivery(1)),
      accept(delivery(3, secondHook)),
      accept(delivery(2)),
    ]);
    expect(results).toEqual(['new', 'duplicate', 'duplicate', 'new']);
    expect(await accept(delivery(1))).toBe('duplicate');
    expect(await guidsRun()).toEqual(guids(1, 2));
  });

  it('that cannot be stored fail alone', async () => {
    await start();
    const results = await Promise.allSettled([
      accept(delivery(1)),
      accept(delivery(2, { installationId: 1.5 })),
      accept(delivery(3)),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await guidsRun()).toEqual(guids(1, 3));
  });

  it('of an issue whose repository is renamed wait for each other', async () => {
    await start();
    const first = gate();
    const begun = gate();
    const order: unknown[] = [];
    await accept(delivery(1));
    await accept(delivery(2, { repository: 'acme/renamed' }));
    await accept(delivery(3, { issue: 13 }));
    await queue.work('commands', async ({ data }) => {
      order.push(data);
      if (order.length === 2) begun.open();
      if (order.length === 1) await first.opened;
    });
    await begun.opened;
    expect(order).toEqual(guids(1, 3));
    first.open();
    await queue.rest();
    expect(order).toEqual(guids(1, 3, 2));
  });
});
