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
  else await putLast(trx, queue, [{ id: made, singletonKey: key }]);
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
  await putLast(trx, queue, made);
}

/** Delivered when the transaction commits. */
const notify = 'select pg_notify($1, $2)';

/**
 * Puts new jobs behind all that were there of their keys, and tells the processes of them.
 *
 * pg-boss orders the jobs of a key by `created_on`, which is the time at which their transaction began, and then by
 * id. So jobs that are made together stand in the order of their ids. Only what shares its `created_on` with an earlier
 * job, as all of a millisecond do with PGlite, or was made in a transaction that began before that of an earlier
 * job, must be put a microsecond after it. That is rare, and dear to plan: so the jobs of that age are counted first.
 */
async function putLast<Tables>(
  trx: Transaction<Tables>,
  queue: QueueName,
  jobs: readonly { id: string; singletonKey: string }[],
): Promise<void> {
  const { rows } = await trx.executeQuery<{ sameAge: number }>(
    CompiledQuery.raw(`${notify}, (select count(*) ${notOlder('$2')}) as "sameAge"`, [channel, queue]),
  );
  const sameAge = rows[0]?.sameAge ?? 0;
  if (sameAge <= jobs.length) return;
  const keys = jobs.map(({ singletonKey }) => singletonKey);
  const ids = jobs.map(({ id }) => id);
  await trx.executeQuery(CompiledQuery.raw(behindTheOthers, [queue, keys, ids]));
}

/** Waiting jobs of a queue that are no older than those that this transaction made, these among them. */
const notOlder = (queue: string) => `
  from ${schema}.job j
  where j.name = ${queue} and j.created_on >= ${schema}.job_now()
    and j.state < 'active' and not j.blocked and j.policy = 'key_strict_fifo'`;

const behindTheOthers = `
  update ${schema}.job j set created_on = late.latest + position.position * interval '1 microsecond'
  from unnest($3::uuid[]) with ordinality as position (id, position), (
    select j.singleton_key, max(j.created_on) as latest ${notOlder('$1')}
      and j.singleton_key = any($2::text[]) and j.id <> all($3::uuid[])
    group by j.singleton_key
  ) late
  where j.name = $1 and j.id = position.id and j.singleton_key = late.singleton_key`;
