import { sql, type Kysely } from 'kysely';
import type { Database } from './schema.ts';

/** How many writes at GitHub one installation may make. */
export interface WriteLimits {
  /** At once, after a rest. */
  burst: number;
  /** What comes back to the burst each second. */
  perSecond: number;
  perMinute: number;
  perHour: number;
}

/** The share of each limit that courtesies leave to comments. */
const reserve = 0.2;

/**
 * Takes one write from the budget that an installation has in all replicas together: gives 0 where it was taken, else
 * the milliseconds after which to ask again. A courtesy (a reaction, a label) leaves a fifth of each limit to comments.
 * Time is the database's own.
 */
export async function takeWrite(
  db: Kysely<Database>,
  installationId: number,
  limits: WriteLimits,
  courtesy: boolean,
): Promise<number> {
  const { burst, perSecond, perMinute, perHour } = courtesy ? withoutReserve(limits) : limits;
  const { rows } = await sql<{ seconds: number }>`
    select take_github_write(${installationId}, ${burst}, ${perSecond}, ${perMinute}, ${perHour}) as seconds`.execute(
    db,
  );
  return Math.ceil((rows[0]?.seconds ?? 0) * 1_000);
}

/** Nobody takes from an installation's budget for so long: GitHub asked for a pause. */
export async function pauseWrites(
  db: Kysely<Database>,
  installationId: number,
  milliseconds: number,
): Promise<void> {
  await sql`
    insert into github_budget (installation_id, paused_until)
    values (${installationId}, clock_timestamp() + ${milliseconds} * interval '1 millisecond')
    on conflict (installation_id) do update
    set paused_until = greatest(github_budget.paused_until, excluded.paused_until)`.execute(db);
}

/** What is left of an hour's writes to the installation that has the fewest left. */
export async function leastWritesLeft(db: Kysely<Database>, perHour: number): Promise<number> {
  const { rows } = await sql<{ most: number | null }>`
    select max(writes)::integer as most from (
      select count(*) as writes from github_write
      where at > clock_timestamp() - interval '1 hour' group by installation_id
    ) counted`.execute(db);
  return Math.max(0, perHour - (rows[0]?.most ?? 0));
}

/** Forgets the writes that count no longer. */
export async function pruneWrites(db: Kysely<Database>): Promise<void> {
  await sql`delete from github_write where at < clock_timestamp() - interval '1 hour'`.execute(db);
}

function share(limit: number): number {
  return Math.max(1, Math.floor(limit * (1 - reserve)));
}

function withoutReserve(limits: WriteLimits): WriteLimits {
  return {
    burst: share(limits.burst),
    perSecond: limits.perSecond,
    perMinute: share(limits.perMinute),
    perHour: share(limits.perHour),
  };
}

/** Forgets the budgets of installations where nothing was written for 30 days: they are full. */
export async function pruneBudgets(db: Kysely<Database>): Promise<void> {
  await sql`
    delete from github_budget
    where greatest(bucket_full_at, paused_until) < clock_timestamp() - interval '30 days'`.execute(db);
}
