import { CompiledQuery, type Transaction } from 'kysely';
import type { PgBoss } from 'pg-boss';
import { z } from 'zod';
import { schema } from './boss.ts';
import type { Claim } from './lane.ts';
import { deadLetterQueue, queueNames, type OrphanedJobs, type QueueName, type QueueStore } from './port.ts';

const idRow = z.object({ id: z.string() });

/**
 * Gives jobs whose process died back to the queue, to be run at once. It counts as a try: a job that brings the
 * process down each time must end in the dead-letter queue.
 */
async function giveBack(boss: PgBoss, store: QueueStore, queue: QueueName, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await boss.fail(queue, ids, { message: 'The process ended while the job ran.' });
  await store.run(
    `update ${schema}.job set start_after = ${schema}.job_now() where name = $1 and id = any($2::uuid[]) and state = 'retry'`,
    [queue, ids],
  );
}

/**
 * Puts running jobs off, without counting a try: a pause that GitHub asked for, or a process that stops in order.
 * The next job of the key waits with them.
 */
export async function putOff(
  store: QueueStore,
  queue: QueueName,
  claims: Claim[],
  { afterMs, reason }: { afterMs: number; reason: string },
): Promise<void> {
  // pg-boss counts a try when a job that was started before is started again: so it was not started.
  await store.run(
    `update ${schema}.job j
     set state = 'retry', started_on = null, heartbeat_on = null,
       start_after = ${schema}.job_now() + $4 * interval '1 millisecond', output = $5::jsonb
     from unnest($2::uuid[], $3::int[]) as claim (id, retry_count)
     where j.name = $1 and j.id = claim.id and j.retry_count = claim.retry_count and j.state = 'active'`,
    [
      queue,
      claims.map(({ id }) => id),
      claims.map(({ retryCount }) => retryCount),
      afterMs,
      JSON.stringify({ message: reason }),
    ],
  );
}

/**
 * Gives back all jobs that are marked as running. Right only where no other process can be running them: the
 * embedded database, under the lock on its directory.
 */
export async function giveBackAll(boss: PgBoss, store: QueueStore): Promise<void> {
  for (const queue of queueNames) {
    const { rows } = await store.run(`select id from ${schema}.job where name = $1 and state = 'active'`, [
      queue,
    ]);
    await giveBack(
      boss,
      store,
      queue,
      rows.map((row) => idRow.parse(row).id),
    );
  }
}

/**
 * Removes the jobs that failed at every try. Their copies are in the dead-letter queue; left here they would hold
 * back all later jobs of their key.
 */
export async function releaseKeys(store: QueueStore): Promise<void> {
  await store.run(`delete from ${schema}.job where name = any($1::text[]) and state = 'failed'`, [
    [...queueNames],
  ]);
}

/** Whether a job of these queues runs or is due, here or in another process. */
export async function isBusy(store: QueueStore, queues: QueueName[]): Promise<boolean> {
  const { rows } = await store.run(
    `select 1 from ${schema}.job where name = any($1::text[])
       and (state = 'active' or (state < 'active' and start_after <= ${schema}.job_now())) limit 1`,
    [queues],
  );
  return rows.length > 0;
}

/** See `Queue.forget`. The key of an issue's jobs begins with the id of its repository. */
export async function forgetJobs<Tables>(
  trx: Transaction<Tables>,
  { deliveries, incidents, ids, repositories }: OrphanedJobs,
): Promise<void> {
  await trx.executeQuery(
    CompiledQuery.raw(
      `delete from ${schema}.job where state <> 'active' and (
         data->>'guid' = any($1::text[]) or data->>'incident' = any($2::text[]) or data->>'labels' = any($2::text[])
         or data->>'id' = any($3::text[]) or data->>'repository' = any($4::text[])
         or split_part(singleton_key, '#', 1) = any($4::text[]))`,
      [[...deliveries], [...incidents], [...ids], [...repositories]],
    ),
  );
}

const valueRow = z.object({ value: z.string() });

/** See `Queue.carried`. */
export async function carried(
  store: QueueStore,
  queue: QueueName,
  field: string,
  values: readonly string[],
): Promise<Set<string>> {
  if (values.length === 0) return new Set();
  const { rows } = await store.run(
    `select data->>$2 as value from ${schema}.job
     where name = any($1::text[]) and state < 'completed' and data->>$2 = any($3::text[])`,
    [[queue, deadLetterQueue(queue)], field, [...values]],
  );
  return new Set(rows.map((row) => valueRow.parse(row).value));
}

const countRow = z.object({ count: z.coerce.number() });

/** See `Queue.pending`. */
export async function pending(store: QueueStore, queues: readonly QueueName[]): Promise<number> {
  const { rows } = await store.run(
    `select count(*) as count from ${schema}.job where name = any($1::text[]) and state < 'completed'`,
    [[...queues]],
  );
  return countRow.parse(rows[0]).count;
}
