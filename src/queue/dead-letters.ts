import { CompiledQuery, type Transaction } from 'kysely';
import { fromKysely, PgBoss } from 'pg-boss';
import { z } from 'zod';
import { schema } from './boss.ts';
import { channel } from './enqueue.ts';
import { deadLetterQueue, queueNames, type QueueLog, type QueueName, type QueueStore } from './port.ts';

/** A job that failed at every try. */
export interface DeadLetter {
  /** Its own id, which is not that of the job it was. */
  id: string;
  /** Id of the job as it was first enqueued, whatever it went through since. */
  rootId: string | null;
  /** Where it failed, and goes back to. */
  queue: QueueName;
  createdAt: Date;
  givenUpAt: Date;
  tries: number;
  /** What the last try said. */
  reason: string;
  data: unknown;
}

/** How much there is to do in a queue. */
export interface QueueCount {
  name: QueueName;
  /** Due, and not begun. */
  waiting: number;
  /** For a later time: tries again after a pause, or put off. */
  later: number;
  running: number;
  /** Since when the oldest of those waiting is due; null where none waits. */
  oldestDueAt: Date | null;
}

/** What the looks at the queue need of the store. */
export type QueueView = Pick<QueueStore, 'kind' | 'run'>;

/** Whether the queue's tables are there: the first start makes them. */
export async function queueExists(store: QueueView): Promise<boolean> {
  const { rows } = await store.run(`select to_regclass($1) is not null as found`, [`${schema}.job`]);
  return rows[0]?.['found'] === true;
}

const letterRow = z.object({
  id: z.string(),
  root_id: z.string().nullable(),
  queue: z.enum(queueNames),
  created_at: z.date(),
  given_up_at: z.date(),
  retries: z.number().nullable(),
  reason: z.string().nullable(),
  data: z.unknown(),
});

/** The dead letters of all queues, the one given up first first. */
export async function listDeadLetters(store: QueueView): Promise<DeadLetter[]> {
  const { rows } = await store.run(
    `select id, coalesce(source_root_id, source_id) as root_id, coalesce(source_name, left(name, -length('-dead'))) as queue,
       coalesce(source_created_on, created_on) as created_at, created_on as given_up_at,
       source_retry_count as retries, data,
       coalesce(source_output->>'message', source_output->'value'->>'message', source_output::text) as reason
     from ${schema}.job
     where name = any($1::text[]) and state in ('created', 'retry', 'failed')
     order by created_on, id`,
    [queueNames.map(deadLetterQueue)],
  );
  return rows.map((row) => {
    const { id, root_id, queue, created_at, given_up_at, retries, reason, data } = letterRow.parse(row);
    return {
      id,
      rootId: root_id,
      queue,
      createdAt: created_at,
      givenUpAt: given_up_at,
      tries: (retries ?? 0) + 1,
      reason: reason ?? 'unknown',
      data,
    };
  });
}

const deadRow = z.object({ queue: z.enum(queueNames), count: z.number() });

/** How many dead letters each queue has. */
export async function countDeadLetters(store: QueueView): Promise<{ queue: QueueName; count: number }[]> {
  const { rows } = await store.run(
    `select queue.name as queue, count(job.id) filter (where job.state in ('created', 'retry', 'failed')) as count
     from unnest($1::text[], $2::text[]) as queue (name, dead)
     left join ${schema}.job on job.name = queue.dead
     group by queue.name`,
    [[...queueNames], queueNames.map(deadLetterQueue)],
  );
  return rows.map((row) => deadRow.parse(row));
}

const countRow = z.object({
  name: z.enum(queueNames),
  waiting: z.number(),
  later: z.number(),
  running: z.number(),
  oldest_due_at: z.date().nullable(),
});

/** What there is to do, queue by queue. */
export async function countJobs(store: QueueView): Promise<QueueCount[]> {
  const { rows } = await store.run(
    `with job as (
       select name, state, greatest(created_on, start_after) as due_at, start_after <= ${schema}.job_now() as is_due
       from ${schema}.job where name = any($1::text[]) and state <= 'active'
     )
     select queue.name,
       count(*) filter (where state < 'active' and is_due) as waiting,
       count(*) filter (where state < 'active' and not is_due) as later,
       count(*) filter (where state = 'active') as running,
       min(due_at) filter (where state < 'active' and is_due) as oldest_due_at
     from unnest($1::text[]) with ordinality as queue (name, place)
     left join job on job.name = queue.name
     group by queue.name, queue.place order by queue.place`,
    [[...queueNames]],
  );
  return rows.map((row) => {
    const { name, waiting, later, running, oldest_due_at } = countRow.parse(row);
    return { name, waiting, later, running, oldestDueAt: oldest_due_at };
  });
}

/** Puts dead letters back. */
export interface Redrive {
  /**
   * Within the caller's transaction, gives these dead letters of a queue back to it, in the order given: with fresh
   * tries, behind the jobs of the same key that wait there. One that is gone, or that somebody else gives back at this
   * moment, is left out; gives how many were not.
   */
  redrive<Tables>(
    trx: Transaction<Tables>,
    queue: QueueName,
    letters: readonly Pick<DeadLetter, 'id' | 'rootId'>[],
  ): Promise<number>;
  close(): Promise<void>;
}

/** Opens that on a store whose queue was started before; changes nothing by itself. */
export async function openRedrive(store: QueueView, log: Pick<QueueLog, 'error'>): Promise<Redrive> {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => store.run(text, values) },
    backend: store.kind,
    schema,
    migrate: false,
    schedule: false,
    supervise: false,
    registerInstance: false,
    openTelemetry: { enabled: false },
  });
  boss.on('error', (error) => log.error({ err: error }, 'The job queue reports an error.'));
  await boss.start();
  return {
    async redrive(trx, queue, letters) {
      const ids = letters.map(({ id }) => id);
      if (ids.length === 0) return 0;
      const moved = await boss.redrive(deadLetterQueue(queue), {
        ids,
        limit: ids.length,
        db: fromKysely(trx),
      });
      if (moved === 0) return 0;
      const roots = letters.map(({ rootId }) => rootId);
      await trx.executeQuery(CompiledQuery.raw(inOrder, [queue, roots, channel]));
      return moved;
    },
    close: () => boss.stop({ graceful: false, close: false }),
  };
}

/** Jobs that are made in one transaction share its time, and would run in the order of their random ids. */
const inOrder = `
  with ordered as (
    update ${schema}.job j set created_on = j.created_on + letter.place * interval '1 microsecond'
    from unnest($2::uuid[]) with ordinality as letter (root_id, place)
    where j.name = $1 and j.state = 'created' and j.source_root_id = letter.root_id
  )
  select pg_notify($3, $1)`;
