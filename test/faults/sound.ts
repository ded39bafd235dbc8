import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { amcheck } from '@electric-sql/pglite/contrib/amcheck';
import { z } from 'zod';

const indexRow = z.object({ name: z.string() });
const complaint = z.object({ msg: z.string() });

/**
 * What PostgreSQL's own amcheck finds wrong in the embedded database of a directory that no process holds: every
 * B-tree, with all rows of its table, and every table.
 */
export async function damageIn(directory: string): Promise<string[]> {
  const database = new PGlite({ dataDir: join(directory, 'pglite'), extensions: { amcheck } });
  try {
    await database.exec('create extension if not exists amcheck');
    const { rows } = await database.query(
      `select c.oid::regclass::text as name from pg_index i join pg_class c on c.oid = i.indexrelid
       join pg_am a on a.oid = c.relam where a.amname = 'btree' and c.relkind = 'i' and i.indisvalid and c.relpersistence = 'p'`,
    );
    const damage: string[] = [];
    for (const { name } of rows.map((row) => indexRow.parse(row))) {
      try {
        await database.query('select bt_index_check($1::regclass, true)', [name]);
      } catch (error) {
        damage.push(`${name}: ${String(error)}`);
      }
    }
    const heaps = await database.query(
      `select c.oid::regclass || ': ' || found.msg as msg from pg_class c, verify_heapam(c.oid) found
       where c.relkind in ('r', 't', 'm') and c.relpersistence = 'p'`,
    );
    damage.push(...heaps.rows.map((row) => complaint.parse(row).msg));
    await database.exec('drop extension amcheck');
    if (rows.length === 0) damage.push('there is no index at all');
    return damage;
  } finally {
    await database.close();
  }
}
