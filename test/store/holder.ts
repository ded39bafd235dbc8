import { recordAudit } from '../../src/store/audit.ts';
import { open } from './engines.ts';
import { auditEntry } from './fixtures.ts';

/** A process of its own that opens the database it is given, records an entry, says so, and keeps the database. */
const store = await open(process.argv[2] ?? '');
await recordAudit(store.db, { ...auditEntry, who: 'holder' });
process.stdout.write('recorded\n');
setInterval(() => undefined, 60_000);
