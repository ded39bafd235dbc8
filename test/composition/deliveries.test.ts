import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openAcceptance, type Acceptance } from '../../src/composition/deliveries.ts';
import { adoptOrphans } from '../../src/composition/orphans.ts';
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
  let acceptance: Acceptance;
  const accept = (taken: AcceptedDelivery) => acceptance.accept(taken);

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
    acceptance = openAcceptance(store, () => at);
    await begin();
  }

  async function begin(): Promise<void> {
    queue = await startWorkers(store);
    await acceptance.begin(queue);
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

  it('before there is a queue are stored, and run before those that come after', async () => {
    acceptance = openAcceptance(store, () => at);
    const numbers = Array.from({ length: 300 }, (_, number) => number);
    const early = await Promise.all(numbers.map((number) => accept(delivery(number))));
    expect(new Set(early)).toEqual(new Set(['new']));
    expect(await accept(delivery(1))).toBe('duplicate');
    const begun = begin();
    const late = [300, 301].map((number) => accept(delivery(number)));
    await begun;
    expect(await Promise.all(late)).toEqual(['new', 'new']);
    expect(await guidsRun()).toEqual(guids(...numbers, 300, 301));
  });

  it('before there is a queue have one job where another process takes them up', async () => {
    acceptance = openAcceptance(store, () => at);
    await accept(delivery(1));
    await accept(delivery(2));
    const other = await startWorkers(store);
    expect(await adoptOrphans(store, other)).toBe(2);
    await other.stop({ graceMs: 0 });
    await begin();
    expect(await guidsRun()).toEqual(guids(1, 2));
  });

  it('that are being stored while the queue begins have their job', async () => {
    acceptance = openAcceptance(store, () => at);
    queue = await startWorkers(store);
    const taken = Promise.all([1, 2, 3].map((number) => accept(delivery(number))));
    await nextTurn();
    await acceptance.begin(queue);
    expect(await taken).toEqual(['new', 'new', 'new']);
    expect(await guidsRun()).toEqual(guids(1, 2, 3));
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
