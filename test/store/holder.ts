import { recordAudit } from '../../src/store/audit.ts';
import { open } from './engines.ts';
import { at } from './fixtures.ts';

/** A process of its own that opens the database it is given, records an entry, says so, and keeps the database. */
const store = await open(process.argv[2] ?? '');
await recordAudit(store.db, {
  at,
  who: 'holder',
  what: 'ack',
  repository: 'o/r',
  issue: 1,
  delivery: null,
  detail: null,
});
process.stdout.write('recorded\n');
setInterval(() => undefined, 60_000);
