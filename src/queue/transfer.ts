import { CompiledQuery, type Transaction } from 'kysely';
import { z } from 'zod';
import { schema, startBoss } from './boss.ts';
import { deadLetterQueue, queueNames, type QueueLog, type QueueStore } from './port.ts';

/** How open jobs leave a queue and come into another. */

/** What a job is; all else is the queue's, which each Sitrep sets for its own. */
const columns = [
  'id',
  'name',
  'priority',
  'data',
  'state',
  'retry_limit',
  'retry_count',
  'retry_delay',
  'retry_backoff',
  'retry_delay_max',
  'expire_seconds',
  'deletion_seconds',
  'singleton_key',
  'start_after',
  'created_on',
  'started_on',
  'keep_until',
  'output',
  'source_name',
  'source_id',
  'source_created_on',
  'source_retry_count',
  'source_output',
  'source_root_id',
] as const;

/** A job that was running when its process ended waits as one that was put off: see `putOff`. */
const asOpen: Partial<Record<(typeof columns)[number], string>> = {
  state: `case state when 'active' then 'retry' else state end as state`,
  started_on: `case state when 'active' then null else started_on end as started_on`,
};

const literals = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');
const isOpen = `(name in (${literals(queueNames)}) and state < 'completed'
  or name in (${literals(queueNames.map(deadLetterQueue))}) and state in ('created', 'retry', 'active', 'failed'))`;

/** The query of all open jobs, dead ones included, in the order in which they were made. */
export const openJobs = `select ${columns.map((column) => asOpen[column] ?? column).join(', ')}
  from ${schema}.job where ${isOpen} order by created_on, id`;

const countRow = z.object({ count: z.number() });

/** How many open jobs there are. */
export async function countOpenJobs<Tables>(trx: Transaction<Tables>): Promise<number> {
  const { rows } = await trx.executeQuery(
    CompiledQuery.raw(`select count(*) as count from ${schema}.job where ${isOpen}`),
  );
  return countRow.parse(rows[0]).count;
}

/** Whether the queue holds jobs of any kind. */
export async function holdsJobs<Tables>(trx: Transaction<Tables>): Promise<boolean> {
  const { rows } = await trx.executeQuery(CompiledQuery.raw(`select 1 from ${schema}.job limit 1`));
  return rows.length > 0;
}

/** Adds jobs as they were taken, under the settings of the queues here; gives how many. */
export async function addJobs<Tables>(trx: Transaction<Tables>, jobs: readonly string[]): Promise<number> {
  const names = columns.join(', ');
  const { numAffectedRows = 0n } = await trx.executeQuery(
    CompiledQuery.raw(
      `insert into ${schema}.job (${names}, policy, dead_letter, heartbeat_seconds)
       select ${columns.map((column) => `job.${column}`).join(', ')},
         queue.policy, queue.dead_letter, queue.heartbeat_seconds
       from json_populate_recordset(null::${schema}.job, $1::json) job
       join ${schema}.queue queue on queue.name = job.name`,
      [`[${jobs.join(',')}]`],
    ),
  );
  return Number(numAffectedRows);
}

/** Makes the tables and the queues where they are missing; works on none of their jobs. */
export async function makeQueues(store: QueueStore, log: QueueLog): Promise<void> {
  const boss = await startBoss(store, log, { limit: 0, delaySeconds: 1 }, {});
  await boss.stop({ graceful: false, close: false });
}
