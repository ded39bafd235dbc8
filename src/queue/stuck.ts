import { schema } from './boss.ts';
import type { QueueView } from './dead-letters.ts';
import { queueNames, type QueueName } from './port.ts';

/**
 * Whether a job has been due for so long and nobody takes it. One that waits for another of its key does not count: that one
 * runs, or waits for GitHub.
 */
export async function hasStuckJobs(store: QueueView, lateMs: number): Promise<boolean> {
  const { rows } = await store.run(
    `select 1 from ${schema}.job j
     where name = any($1::text[]) and state < 'active'
       and greatest(created_on, start_after) < ${schema}.job_now() - $2 * interval '1 millisecond'
       and not exists (
         select from ${schema}.job other
         where other.name = j.name and other.singleton_key = j.singleton_key and other.id <> j.id
           and other.state in ('retry', 'active'))
     limit 1`,
    [[...queueNames], lateMs],
  );
  return rows.length > 0;
}

/** Age of the oldest job of a queue that is not done yet and whose data has a field, in milliseconds; 0 where there is none. */
export async function oldestJob(store: QueueView, queue: QueueName, field: string): Promise<number> {
  const { rows } = await store.run(
    `select (extract(epoch from ${schema}.job_now() - min(created_on)) * 1000)::float8 as age from ${schema}.job
     where name = $1 and state < 'completed' and data->>$2 is not null`,
    [queue, field],
  );
  const age = rows[0]?.['age'];
  return typeof age === 'number' ? Math.max(0, age) : 0;
}
