import { sql, type Kysely, type RawBuilder, type Transaction } from 'kysely';
import { z } from 'zod';
import {
  checkpointsBetween,
  latestCheckpoint,
  nextCheckpoint,
  type Checkpoint,
} from '../core/checkpoints.ts';
import type { Stage } from '../core/snapshot.ts';
import { json } from './json.ts';
import type { Database } from './schema.ts';

/**
 * Promised updates. An incident has one pending checkpoint, the next; what is needed to know the one after it is kept
 * with the incident, so that the chain goes on whatever becomes of a posting. A checkpoint that is `done` never
 * comes again.
 */

/**
 * What time it is for checkpoints: null for the database's own clock, by which processes whose clocks differ agree.
 * Another one is for the sandbox and for tests.
 */
export type CheckpointClock = (() => Date) | null;

/** What an update leaves behind for the checkpoints of its incident. */
export interface CheckpointPlan {
  /** Distances from the declaration, ascending; the last interval repeats. Empty where nothing is promised. */
  checkpoints: string[];
  /** When the update was taken whose readers were told of the next checkpoint. */
  takenAt: Date;
}

/** A checkpoint whose time has come. */
export interface TakenCheckpoint {
  incidentId: string;
  repositoryId: number;
  issue: number;
  kind: string;
}

/** A checkpoint that was taken, with all that its posting needs. */
export interface FoundCheckpoint extends Checkpoint {
  incidentId: string;
  installationId: number;
  repositoryId: number;
  /** owner/name, as it was at the last update. */
  repository: string;
  issue: number;
  environment: string | null;
  /** The kind of a later checkpoint of the incident whose time has come too; null for none. */
  overtakenBy: string | null;
  /** Earlier ones that were taken, newest first. */
  earlier: Checkpoint[];
  /** The incident's checkpoints from one time on, and before this one. */
  since(from: string): Checkpoint[];
}

/**
 * Keeps the plan of an incident, in the transaction that records the update, and sets the next checkpoint by it. One
 * that is due already is left to `takeDueCheckpoints`.
 */
export async function planCheckpoints(
  trx: Transaction<Database>,
  incidentId: string,
  { checkpoints, takenAt }: CheckpointPlan,
  clock: CheckpointClock,
): Promise<void> {
  const row = await trx
    .updateTable('incident')
    .set({ checkpoints: json(checkpoints) })
    .where('id', '=', incidentId)
    .returning(['declared_at', 'stage', timeOf(clock).as('now')])
    .executeTakeFirstOrThrow();
  // The update names the next checkpoint as seen from its own time; recorded seconds later, it must be the same one.
  const age = row.now.getTime() - takenAt.getTime();
  const after = age >= 0 && age <= agreementMs ? takenAt : row.now;
  await setNext(
    trx,
    { id: incidentId, declaredAt: row.declared_at, stage: row.stage, checkpoints },
    after,
    row.now,
  );
}

/** Sets the next checkpoint of an incident by the plan that is kept with it, where it was cancelled. */
export async function resumeCheckpoints(
  trx: Transaction<Database>,
  incidentId: string,
  clock: CheckpointClock,
): Promise<void> {
  const row = await trx
    .selectFrom('incident')
    .select(['declared_at', 'stage', 'checkpoints', timeOf(clock).as('now')])
    .where('id', '=', incidentId)
    .executeTakeFirstOrThrow();
  const incident = { id: incidentId, declaredAt: row.declared_at, stage: row.stage };
  await setNext(trx, { ...incident, checkpoints: planOf(row.checkpoints) }, row.now, row.now);
}

/** Longer than an update takes from its reading to its record, shorter than clocks differ that are wrong. */
const agreementMs = 60_000;

/** Whether the time of a pending checkpoint has come, and people did not ask for quiet. Cheap however many are pending. */
export async function isCheckpointDue(db: Kysely<Database>, clock: CheckpointClock): Promise<boolean> {
  const row = await db
    .selectFrom('checkpoint')
    .innerJoin('incident', 'incident.id', 'checkpoint.incident_id')
    .select('kind')
    .where('state', '=', 'pending')
    .where('due_at', '<=', timeOf(clock))
    .where(isAwake(clock))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** How long the oldest checkpoint has been due that nobody took yet, in milliseconds; 0 where there is none. */
export async function oldestDueCheckpoint(db: Kysely<Database>, clock: CheckpointClock): Promise<number> {
  const row = await db
    .selectFrom('checkpoint')
    .innerJoin('incident', 'incident.id', 'checkpoint.incident_id')
    .select([sql<Date | null>`min(greatest(due_at, snoozed_until))`.as('due'), timeOf(clock).as('now')])
    .where('state', '=', 'pending')
    .where('due_at', '<=', timeOf(clock))
    .where(isAwake(clock))
    .executeTakeFirst();
  return row === undefined || row.due === null ? 0 : Math.max(0, row.now.getTime() - row.due.getTime());
}

/** Checkpoints that come due while people asked for quiet come when that ends, the latest of them. */
function isAwake(clock: CheckpointClock): RawBuilder<boolean> {
  return sql<boolean>`(snoozed_until is null or snoozed_until <= ${timeOf(clock)})`;
}

/**
 * Takes up to `limit` checkpoints that are due, oldest first: marks them done and sets the next of each incident, which
 * lies after now. Of several that have passed meanwhile, the latest comes, and the others never. Those that another
 * process is taking, or whose incident is being updated, are left for the next time.
 */
export async function takeDueCheckpoints(
  trx: Transaction<Database>,
  clock: CheckpointClock,
  limit: number,
): Promise<TakenCheckpoint[]> {
  const time = timeOf(clock);
  const rows = await trx
    .selectFrom('checkpoint')
    .innerJoin('incident', 'incident.id', 'checkpoint.incident_id')
    .select([
      'id',
      'repository_id',
      'issue',
      'declared_at',
      'stage',
      'checkpoints',
      'kind',
      'due_at',
      time.as('now'),
    ])
    .where('state', '=', 'pending')
    .where('due_at', '<=', time)
    .where(isAwake(clock))
    .orderBy('due_at')
    .limit(limit)
    .forNoKeyUpdate(['checkpoint', 'incident'])
    .skipLocked()
    .execute();
  const taken: TakenCheckpoint[] = [];
  for (const row of rows) {
    const { id, stage, kind } = row;
    const incident = { id, stage, declaredAt: row.declared_at, checkpoints: planOf(row.checkpoints) };
    const pending = { kind, dueAt: row.due_at.toISOString() };
    if (stage === 'resolved') {
      await settle(trx, id, pending, 'cancelled');
      continue;
    }
    await settle(trx, id, pending, 'done');
    const come = passedLast(incident, pending, row.now);
    const isNew = come.kind === kind || (await settle(trx, id, come, 'done'));
    await setNext(trx, incident, row.now, row.now);
    if (isNew)
      taken.push({ incidentId: id, repositoryId: row.repository_id, issue: row.issue, kind: come.kind });
  }
  return taken;
}

/** A checkpoint that was taken; null where it was cancelled since, or its incident is gone. */
export async function findCheckpoint(
  db: Kysely<Database>,
  incidentId: string,
  kind: string,
): Promise<FoundCheckpoint | null> {
  const incident = await db
    .selectFrom('incident')
    .select([
      'installation_id',
      'repository_id',
      'repository',
      'issue',
      'environment',
      'declared_at',
      'checkpoints',
    ])
    .where('id', '=', incidentId)
    .executeTakeFirst();
  if (incident === undefined) return null;
  const rows = await db
    .selectFrom('checkpoint')
    .select(['kind', 'due_at'])
    .where('incident_id', '=', incidentId)
    .where('state', '=', 'done')
    .orderBy('due_at', 'desc')
    .limit(lookedBack)
    .execute();
  const done = rows.map((row) => ({ kind: row.kind, dueAt: row.due_at.toISOString() }));
  const place = done.findIndex((one) => one.kind === kind);
  const found = done[place];
  if (found === undefined) return null;
  return {
    ...found,
    incidentId,
    installationId: incident.installation_id,
    repositoryId: incident.repository_id,
    repository: incident.repository,
    issue: incident.issue,
    environment: incident.environment,
    overtakenBy: done[place - 1]?.kind ?? null,
    earlier: done.slice(place + 1),
    since: (from) =>
      checkpointsBetween(planOf(incident.checkpoints), incident.declared_at.toISOString(), {
        from,
        to: found.dueAt,
      }),
  };
}

/** Checkpoints of an incident that are looked through for those that were missed. */
const lookedBack = 100;

/** Cancels the checkpoint that was taken, which is not posted after all, and the one that is pending. */
export async function cancelCheckpoints(
  db: Kysely<Database>,
  incidentId: string,
  kind: string,
): Promise<void> {
  await db
    .updateTable('checkpoint')
    .set({ state: 'cancelled' })
    .where('incident_id', '=', incidentId)
    .where((where) => where.or([where('state', '=', 'pending'), where('kind', '=', kind)]))
    .execute();
}

/** Cancels the pending checkpoint of an incident; false where it has none. */
export async function cancelPendingCheckpoint(db: Kysely<Database>, incidentId: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('checkpoint')
    .set({ state: 'cancelled' })
    .where('incident_id', '=', incidentId)
    .where('state', '=', 'pending')
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Those of some postings that are out or on their way. */
export async function postedAmong(db: Kysely<Database>, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .selectFrom('publication')
    .select('id')
    .where('id', 'in', ids)
    .where('state', '<>', 'failed')
    .execute();
  return new Set(rows.map(({ id }) => id));
}

interface PlannedIncident {
  id: string;
  declaredAt: Date;
  stage: Stage;
  checkpoints: string[];
}

/** The latest checkpoint that has passed, where that is later than the one that was pending. */
function passedLast(
  { checkpoints, declaredAt }: PlannedIncident,
  pending: Checkpoint,
  now: Date,
): Checkpoint {
  const latest = latestCheckpoint(checkpoints, declaredAt.toISOString(), now.toISOString());
  return latest !== null && Date.parse(latest.dueAt) > Date.parse(pending.dueAt) ? latest : pending;
}

/**
 * Makes the first checkpoint after a time the one that is pending. Where the clock was put back, that is none that came
 * before: the next lies after all that are done.
 */
async function setNext(
  trx: Transaction<Database>,
  { id, declaredAt, stage, checkpoints }: PlannedIncident,
  after: Date,
  now: Date,
): Promise<void> {
  const { pending, done } = await trx
    .selectFrom('checkpoint')
    .select([
      sql<Date | null>`max(due_at) filter (where state = 'pending')`.as('pending'),
      sql<Date | null>`max(due_at) filter (where state = 'done')`.as('done'),
    ])
    .where('incident_id', '=', id)
    .executeTakeFirstOrThrow();
  if (pending !== null && pending.getTime() <= now.getTime()) return;
  const plan = stage === 'resolved' ? [] : checkpoints;
  const from = new Date(Math.max(after.getTime(), done?.getTime() ?? 0)).toISOString();
  const declared = declaredAt.toISOString();
  let next = nextCheckpoint(plan, declared, from);
  await cancelPending(trx, id, next?.kind ?? null);
  // A declaration that was moved gives a name a second time: the next name that is free is taken.
  while (next !== null && !(await settle(trx, id, next, 'pending')))
    next = nextCheckpoint(plan, declared, next.dueAt);
}

async function cancelPending(
  trx: Transaction<Database>,
  incidentId: string,
  but: string | null,
): Promise<void> {
  await trx
    .updateTable('checkpoint')
    .set({ state: 'cancelled' })
    .where('incident_id', '=', incidentId)
    .where('state', '=', 'pending')
    .$if(but !== null, (query) => query.where('kind', '<>', but ?? ''))
    .execute();
}

/** Records a checkpoint in a state; false where it is done already, which it stays. */
async function settle(
  trx: Transaction<Database>,
  incidentId: string,
  { kind, dueAt }: Checkpoint,
  state: 'pending' | 'done' | 'cancelled',
): Promise<boolean> {
  const row = await trx
    .insertInto('checkpoint')
    .values({ incident_id: incidentId, kind, due_at: new Date(dueAt), state })
    .onConflict((conflict) =>
      conflict
        .columns(['incident_id', 'kind'])
        .doUpdateSet((excluded) => ({
          due_at: excluded.ref('excluded.due_at'),
          state: excluded.ref('excluded.state'),
        }))
        .where('checkpoint.state', '<>', 'done'),
    )
    .returning('kind')
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * The time as a value of a statement. In brackets it is asked for once: a volatile function in a condition would be
 * called for every pending row, without the index.
 */
export function timeOf(clock: CheckpointClock): RawBuilder<Date> {
  return clock === null ? sql<Date>`(select clock_timestamp())` : sql<Date>`${clock()}::timestamptz`;
}

const planSchema = z.array(z.string());

function planOf(stored: unknown): string[] {
  return planSchema.parse(stored);
}
