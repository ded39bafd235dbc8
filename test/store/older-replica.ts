import type { Store } from '../../src/store/open.ts';

/**
 * Whether a process of the version before goes on while a migration is made under it: what it reads is there, what it
 * writes is taken, and what it relies on for conflicts holds. It is told from the catalogue before and after, so that no
 * wording of a migration hides anything.
 */

/** A column, as whoever reads and writes it meets it. */
interface Column {
  type: string;
  /** Whoever inserts without it is refused. */
  demanded: boolean;
  refusesNull: boolean;
}

/** What holds for rows of a table: an index that makes them unique, a check, a foreign key, an exclusion. */
interface Rule {
  table: string;
  columns: string[];
  isUnique: boolean;
}

/** What a database offers to those who use it; each by a name that says all that it is. */
export interface Offer {
  columns: Map<string, Column>;
  rules: Map<string, Rule>;
  /** Signature → what it gives. */
  functions: Map<string, string>;
  triggers: Map<string, string>;
}

export async function offerOf(store: Store): Promise<Offer> {
  const columns = await store.run(`
    select relname || '.' || attname as name, format_type(atttypid, atttypmod) as type, attnotnull as refuses,
      attnotnull and not atthasdef and attidentity = '' and attgenerated = '' as demanded
    from pg_attribute join pg_class on pg_class.oid = attrelid
    where relnamespace = 'public'::regnamespace and relkind = 'r' and attnum > 0 and not attisdropped
      and relname not like 'kysely%'`);
  // Of a constraint that an index keeps, the index is told.
  const rules = await store.run(`
    select relname as table, true as "isUnique",
      'unique ' || relname || ' ' || regexp_replace(pg_get_indexdef(indexrelid), '^.* USING ', '') as name,
      array(select attname::text from pg_attribute where attrelid = indrelid and attnum = any(indkey)) as columns
    from pg_index join pg_class on pg_class.oid = indrelid
    where relnamespace = 'public'::regnamespace and indisunique and relname not like 'kysely%'
    union all
    select relname, false, contype::text || ' ' || relname || ' ' || pg_get_constraintdef(pg_constraint.oid),
      array(select attname::text from pg_attribute where attrelid = conrelid and attnum = any(conkey))
    from pg_constraint join pg_class on pg_class.oid = conrelid
    where relnamespace = 'public'::regnamespace and contype in ('c', 'f', 'x') and relname not like 'kysely%'`);
  const functions = await store.run(`
    select proname || '(' || pg_get_function_identity_arguments(oid) || ')' as name, pg_get_function_result(oid) as result
    from pg_proc where pronamespace = 'public'::regnamespace`);
  const triggers = await store.run(`
    select relname as table, pg_get_triggerdef(pg_trigger.oid) as name
    from pg_trigger join pg_class on pg_class.oid = tgrelid
    where relnamespace = 'public'::regnamespace and not tgisinternal`);
  return {
    columns: new Map(
      columns.rows.map(({ name, type, refuses, demanded }) => [
        String(name),
        { type: String(type), refusesNull: refuses === true, demanded: demanded === true },
      ]),
    ),
    rules: new Map(
      rules.rows.map(({ name, table, columns: of, isUnique }) => [
        String(name),
        {
          table: String(table),
          columns: Array.isArray(of) ? of.map(String) : [],
          isUnique: isUnique === true,
        },
      ]),
    ),
    functions: new Map(functions.rows.map(({ name, result }) => [String(name), String(result)])),
    triggers: new Map(triggers.rows.map(({ name, table }) => [String(name), String(table)])),
  };
}

/** Types that take and give all that another does. */
const wider: Readonly<Record<string, readonly string[]>> = {
  smallint: ['integer', 'bigint'],
  integer: ['bigint'],
  real: ['double precision'],
};

const tableOf = (column: string): string => column.slice(0, column.indexOf('.'));

/** What an older process that runs meanwhile would run into; each in a few words. */
export function breaks(before: Offer, after: Offer): string[] {
  const oldTables = new Set([...before.columns.keys()].map(tableOf));
  const found: string[] = [];
  for (const [name, was] of before.columns) {
    const is = after.columns.get(name);
    if (is === undefined) found.push(`${name} is gone`);
    else {
      if (is.type !== was.type && !(wider[was.type] ?? []).includes(is.type))
        found.push(`${name} was ${was.type} and is ${is.type}`);
      if (is.refusesNull && !was.refusesNull) found.push(`${name} may be null no more`);
      if (is.demanded && !was.demanded && was.refusesNull) found.push(`${name} has no default any more`);
    }
  }
  for (const [name, { demanded }] of after.columns)
    if (demanded && !before.columns.has(name) && oldTables.has(tableOf(name)))
      found.push(`${name} is new, and has to be given`);
  for (const [name, { isUnique }] of before.rules)
    if (isUnique && !after.rules.has(name)) found.push(`${name} is gone, which conflicts are told by`);
  for (const [name, { table, columns }] of after.rules)
    if (!before.rules.has(name) && columns.some((column) => before.columns.has(`${table}.${column}`)))
      found.push(`${name} is new, for columns that are written already`);
  for (const [name, gave] of before.functions)
    if (after.functions.get(name) !== gave) found.push(`${name} is gone, or gives something else`);
  for (const [name, table] of after.triggers)
    if (!before.triggers.has(name) && oldTables.has(table)) found.push(`${name} is new`);
  return found;
}
