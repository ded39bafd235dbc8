import { CompiledQuery, type Transaction } from 'kysely';
import { fromKysely, type PgBoss } from 'pg-boss';
import { schema } from './boss.ts';
import type { EnqueueOptions, QueueName } from './port.ts';

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
  const order = key === undefined ? notify : putLast;
  const parameters = key === undefined ? [channel, queue] : [channel, queue, key, made];
  await trx.executeQuery(CompiledQuery.raw(order, parameters));
  return made;
}

/** Delivered when the transaction commits. */
const notify = 'select pg_notify($1, $2)';

/**
 * pg-boss orders the jobs of a key by `created_on` and then by their random ids. All jobs of a transaction, and with
 * PGlite all of a millisecond, share a `created_on`: so a new job is put a microsecond after the last of its key.
 */
const putLast = `
  with last as (
    update ${schema}.job j set created_on = before.latest + interval '1 microsecond'
    from (
      select max(created_on) as latest from ${schema}.job
      where name = $2 and singleton_key = $3 and id <> $4::uuid
        and state < 'active' and not blocked and policy = 'key_strict_fifo'
    ) before
    where j.name = $2 and j.id = $4::uuid and before.latest >= j.created_on
  )
  ${notify}`;
