import { CompiledQuery, type Transaction } from 'kysely';
import { fromKysely, type PgBoss } from 'pg-boss';
import { v7 as uuidv7 } from 'uuid';
import { schema } from './boss.ts';
import type { EnqueueOptions, KeyedJob, QueueName } from './port.ts';

/** Channel on which a process hears that a job of a queue was committed; the payload is the queue's name. */
export const channel = 'sitrep_queue';

export interface Enqueuing {
  boss: PgBoss;
  now: () => Date;
  newId: () => string;
}

/** Adds a job in the caller's transaction; see `Queue.enqueue`. */
export async function enqueue<Tables>(
  { boss, now, newId }: Enqueuing,
  trx: Transaction<Tables>,
  queue: QueueName,
  data: object,
  { id, key, startAfter }: EnqueueOptions,
): Promise<string | null> {
  // The database counts from its own clock, so a time of ours is handed over as a distance.
  const seconds = startAfter === undefined ? 0 : Math.max(0, (startAfter.getTime() - now().getTime()) / 1000);
  const made = await boss.send(queue, data, {
    db: fromKysely(trx),
    singletonKey: key ?? id ?? newId(),
    ...(id === undefined ? {} : { id }),
    ...(seconds === 0 ? {} : { startAfter: seconds }),
  });
  if (made === null) return null;
  if (key === undefined) await trx.executeQuery(CompiledQuery.raw(notify, [channel, queue]));
  else await putLast(trx, queue, [made]);
  return made;
}

/** Adds jobs in the caller's transaction; see `Queue.enqueueAll`. */
export async function enqueueAll<Tables>(
  boss: PgBoss,
  trx: Transaction<Tables>,
  queue: QueueName,
  jobs: readonly KeyedJob[],
): Promise<void> {
  if (jobs.length === 0) return;
  // UUIDv7: each is greater than all that this process made before, whatever its clock does.
  const made = jobs.map(({ data, key }) => ({ id: uuidv7(), data, singletonKey: key }));
  await boss.insert(queue, made, { db: fromKysely(trx) });
  await putLast(
    trx,
    queue,
    made.map(({ id }) => id),
  );
}

/** Delivered when the transaction commits. */
const notify = 'select pg_notify($1, $2)';

/**
 * Puts new jobs behind all that were there of their keys, and tells the processes of them.
 *
 * pg-boss orders the jobs of a key by `created_on`, which is the time at which their transaction began, and then by
 * id. So jobs that are made together stand in the order of their ids. One that shares its `created_on` with an earlier
 * job, as all of a millisecond do with PGlite, or whose transaction began before that of an earlier job, is put
 * a microsecond after it.
 */
async function putLast<Tables>(
  trx: Transaction<Tables>,
  queue: QueueName,
  ids: readonly string[],
): Promise<void> {
  await trx.executeQuery(CompiledQuery.raw(behindTheOthers, [channel, queue, [...ids]]));
}

const behindTheOthers = `
  with made as (
    select j.id, j.singleton_key, j.created_on, position.position
    from unnest($3::uuid[]) with ordinality as position (id, position)
    join ${schema}.job j on j.name = $2 and j.id = position.id
  ), late as (
    select key.singleton_key, before.latest
    from (select distinct singleton_key, created_on from made) key
    cross join lateral (
      select j.created_on as latest from ${schema}.job j
      where j.name = $2 and j.singleton_key = key.singleton_key and j.created_on >= key.created_on
        and j.state < 'active' and not j.blocked and j.policy = 'key_strict_fifo' and j.id <> all($3::uuid[])
      order by j.created_on desc limit 1
    ) before
  ), moved as (
    update ${schema}.job j set created_on = late.latest + made.position * interval '1 microsecond'
    from made join late using (singleton_key)
    where j.name = $2 and j.id = made.id
  )
  ${notify}`;
