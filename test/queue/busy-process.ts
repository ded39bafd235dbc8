import { recordDeliveries } from '../../src/store/deliveries.ts';
import { open } from '../store/engines.ts';
import { delivery } from '../store/fixtures.ts';
import { startWorkers } from './workers.ts';

/** A process of its own that records a delivery with its job, says when the job runs, and never ends it. */
const store = await open(process.argv[2] ?? '');
const queue = await startWorkers(store);
await queue.work('commands', async () => {
  process.stdout.write('running\n');
  await new Promise(() => undefined);
});
await store.db.transaction().execute(async (trx) => {
  await recordDeliveries(trx, [delivery]);
  await queue.enqueue(trx, 'commands', { guid: delivery.guid }, { key: 'netra-systems/apex#1278' });
});
