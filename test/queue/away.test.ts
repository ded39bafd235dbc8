import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recordAudit } from '../../src/store/audit.ts';
import { recordDeliveries } from '../../src/store/deliveries.ts';
import type { Store } from '../../src/store/open.ts';
import { open, type TestDatabase } from '../store/engines.ts';
import { auditEntry, delivery } from '../store/fixtures.ts';
import { startPostgres, type PostgresServer } from '../store/postgres-server.ts';
import { startSilentProxy, type SilentProxy } from '../store/silent-proxy.ts';
import { gate, notebook, startWorkers, type Workers } from './workers.ts';

/** PostgreSQL goes away and comes back. The queue and the store go on by themselves, and lose nothing. */

let server: PostgresServer;
let database: TestDatabase;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => {
  await server.stop();
});
beforeEach(async () => {
  database = await server.createDatabase();
});
afterEach(async () => {
  await database.drop();
});

/** What the intake does with a delivery. */
const accept = (store: Store, queue: Workers, guid: string) =>
  store.db.transaction().execute(async (trx) => {
    await recordDeliveries(trx, [{ ...delivery, guid }]);
    await queue.enqueue(trx, 'commands', { guid });
  });

describe('a PostgreSQL that is stopped and started', () => {
  it('cuts a transaction and a job short: both are told, and nothing else ends', async () => {
    const store = await open(database.url);
    const queue = await startWorkers(store);
    const began = gate();
    const cut = gate();
    const broken = store.db.transaction().execute(async (trx) => {
      await recordAudit(trx, auditEntry);
      began.open();
      await cut.opened;
      await recordAudit(trx, auditEntry);
    });
    const { runs, handle } = notebook();
    await queue.work('commands', handle);
    await began.opened;
    await server.halt();
    cut.open();
    await expect(broken).rejects.toThrow(/terminat|not queryable/);
    await expect(accept(store, queue, 'while it is away')).rejects.toThrow(/ECONNREFUSED/);
    await server.resume();
    await accept(store, queue, 'after it is back');
    await queue.rest();
    expect(runs).toEqual([{ data: { guid: 'after it is back' }, attempt: 1 }]);
    await queue.stop({ graceMs: 0 });
    await store.close();
  });

  it('finds running and waiting jobs again, and runs each once', async () => {
    const store = await open(database.url);
    const queue = await startWorkers(store);
    const started = gate();
    const over = gate();
    const { runs, handle } = notebook(async ({ data }) => {
      if (JSON.stringify(data) !== '{"n":1}') return;
      started.open();
      await over.opened;
    });
    await queue.work('commands', handle);
    await queue.add({ n: 1 }, { key: 'same' });
    await queue.add({ n: 2 }, { key: 'same' });
    await started.opened;
    await server.halt();
    over.open(); // the job ends while its outcome cannot be recorded
    await server.resume();
    await queue.rest();
    expect(runs.map(({ data }) => data)).toEqual([{ n: 1 }, { n: 2 }]);
    await queue.stop({ graceMs: 0 });
    await store.close();
  });
});

describe('a network that swallows everything', () => {
  let proxy: SilentProxy;
  beforeEach(async () => {
    proxy = await startSilentProxy(database.url);
  });
  afterEach(async () => {
    await proxy.close();
  });

  it('is given up within seconds, by old connections and by new ones, and left behind when it is back', async () => {
    const store = await open(proxy.url);
    const queue = await startWorkers(store);
    const { runs, handle } = notebook();
    await queue.work('commands', handle);
    await accept(store, queue, 'before');
    await queue.rest();
    proxy.swallow();
    const attempts = await Promise.allSettled(['a', 'b', 'c'].map((guid) => accept(store, queue, guid)));
    expect(attempts.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    proxy.pass();
    await accept(store, queue, 'after');
    await queue.rest();
    expect(runs.map(({ data }) => data)).toEqual([{ guid: 'before' }, { guid: 'after' }]);
    await queue.stop({ graceMs: 0 });
    await store.close();
  }, 90_000); // it waits for several limits of the network's

  it('is said when the store is opened', async () => {
    proxy.swallow();
    await expect(open(proxy.url)).rejects.toThrow(/cannot be used: .*time.*Check DATABASE_URL/);
  });
});
