import { sql, type Kysely, type Transaction } from 'kysely';
import { z } from 'zod';
import { sampleEveryMs, type SampledFigure, type TakenSample } from '../core/samples.ts';
import { timeOf, type CheckpointClock } from './checkpoints.ts';
import { text } from './json.ts';
import type { Database } from './schema.ts';

/**
 * Samples of open incidents. All of the last two hours are kept, then of five minutes the newest and the worst one, after
 * a day of half an hour the newest and the worst one, and nothing after 14 days. The longest time without a sample
 * is kept with those that stay, so that thinning hides no hole.
 */

const hourMs = 3_600_000;
/** Incidents are sampled for so long from their declaration, and samples are kept so long. */
export const sampledMs = 14 * 24 * hourMs;
/** What outlives the samples before it: rows of the tier before, older than `afterMs`, of each `widthS` seconds. */
const thinnings = [
  { tier: 1, afterMs: 2 * hourMs, widthS: 300 },
  { tier: 2, afterMs: 24 * hourMs, widthS: 1_800 },
] as const;
/** A job that took an incident and was never heard of again: longer than a queue lets one run. */
const lostAfterMs = 6 * 60_000;

/** An incident that is sampled. */
export interface SampledIncident {
  incidentId: string;
  installationId: number;
  repositoryId: number;
  /** owner/name, as it was at the last update. */
  repository: string;
  issue: number;
  declaredAt: Date;
  /** Null while it is not resolved. */
  resolvedAt: Date | null;
  environment: string | null;
  /** When GitHub was asked last whether the issue is still there and open; null for never. */
  lookedAt: Date | null;
}

/** A sample as it is kept. */
export interface NewSample {
  incidentId: string;
  at: Date;
  badness: number;
  /** What was asked, in short: samples of another configuration are not compared. */
  reads: string;
  figures: readonly SampledFigure[];
}

/** An incident whose time to be sampled has come. */
export interface DueIncident {
  incidentId: string;
  repositoryId: number;
  issue: number;
}

/**
 * Has an incident sampled from now on, where it is not too old, or was resolved, after which it is watched for a while;
 * one that is sampled already goes on. `lookedAt` is when GitHub was asked about its issue.
 */
export async function beginSampling(
  trx: Transaction<Database>,
  incidentId: string,
  lookedAt: Date,
  clock: CheckpointClock,
): Promise<void> {
  const now = timeOf(clock);
  await sql`
    insert into sampling (incident_id, due_at, looked_at)
    select id, ${now} + ${sampleEveryMs} * interval '1 millisecond', ${lookedAt}::timestamptz from incident
    where id = ${incidentId}
      and (resolved_at is not null or declared_at > ${now} - ${sampledMs} * interval '1 millisecond')
    on conflict (incident_id) do update set looked_at = excluded.looked_at`.execute(trx);
}

/** Samples an incident no more; the next update begins it anew. */
export async function endSampling(db: Kysely<Database>, incidentId: string): Promise<void> {
  await db.deleteFrom('sampling').where('incident_id', '=', incidentId).execute();
}

/** Whether an incident is due. Cheap however many are sampled. */
export async function isSampleDue(db: Kysely<Database>, clock: CheckpointClock): Promise<boolean> {
  const { rows } = await sql`
    select from sampling where due_at <= ${timeOf(clock)} and ${isFree(clock)} limit 1`.execute(db);
  return rows.length > 0;
}

/**
 * Takes up to `limit` incidents that are due. Each is due again a whole number of minutes later, after now: of those
 * that were missed, none is made up for. One whose sample before is still being taken is left out.
 */
export async function takeDueSamples(
  trx: Transaction<Database>,
  clock: CheckpointClock,
  limit: number,
): Promise<DueIncident[]> {
  const now = timeOf(clock);
  const { rows } = await sql<DueIncident>`
    update sampling set taken_at = ${now}, due_at = sampling.due_at + ${sampleEveryMs} * interval '1 millisecond'
      * (1 + floor(extract(epoch from ${now} - sampling.due_at) * 1000 / ${sampleEveryMs}))
    from (
      select incident_id from sampling where due_at <= ${now} and ${isFree(clock)}
      order by due_at limit ${limit} for no key update skip locked
    ) due, incident
    where sampling.incident_id = due.incident_id and incident.id = due.incident_id
    returning incident.id as "incidentId", incident.repository_id as "repositoryId", incident.issue`.execute(
    trx,
  );
  return rows;
}

function isFree(clock: CheckpointClock) {
  return sql`(taken_at is null or taken_at <= ${timeOf(clock)} - ${lostAfterMs} * interval '1 millisecond')`;
}

/** An incident that is sampled, or null where that has ended. */
export async function findSampled(db: Kysely<Database>, incidentId: string): Promise<SampledIncident | null> {
  const row = await db
    .selectFrom('sampling')
    .innerJoin('incident', 'incident.id', 'sampling.incident_id')
    .select([
      'incident.id',
      'installation_id',
      'repository_id',
      'repository',
      'issue',
      'resolved_at',
      'declared_at',
      'environment',
      'looked_at',
    ])
    .where('incident_id', '=', incidentId)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    incidentId: row.id,
    installationId: row.installation_id,
    repositoryId: row.repository_id,
    repository: row.repository,
    issue: row.issue,
    resolvedAt: row.resolved_at,
    declaredAt: row.declared_at,
    environment: row.environment,
    lookedAt: row.looked_at,
  };
}

/** Notes that GitHub is being asked about the issue of an incident. */
export async function noteLook(db: Kysely<Database>, incidentId: string, at: Date): Promise<void> {
  await db.updateTable('sampling').set({ looked_at: at }).where('incident_id', '=', incidentId).execute();
}

/** Lets an incident go without a sample. */
export async function releaseSample(db: Kysely<Database>, incidentId: string): Promise<void> {
  await db.updateTable('sampling').set({ taken_at: null }).where('incident_id', '=', incidentId).execute();
}

/** Keeps a sample and lets its incident go, in one statement. Nothing is kept where sampling has ended meanwhile. */
export async function keepSample(
  db: Kysely<Database>,
  { incidentId, at, badness, reads, figures }: NewSample,
): Promise<void> {
  await sql`
    with free as (
      update sampling set taken_at = null where incident_id = ${incidentId} returning incident_id
    )
    insert into sample (incident_id, at, pause_s, badness, reads, figures)
    select incident_id, ${at}::timestamptz,
      (select floor(extract(epoch from ${at}::timestamptz - max(at)))::integer from sample
        where incident_id = ${incidentId} and at < ${at}::timestamptz),
      ${badness}, ${reads}, ${text(written(figures))}
    from free
    on conflict (incident_id, at) do nothing`.execute(db);
}

/** Figures by component: what all of one share is written once, and what is null not at all. */
const storedFigures = z.record(z.string(), z.array(z.tuple([z.string(), z.number()], z.string())));

function written(figures: readonly SampledFigure[]): string {
  const byComponent = Map.groupBy(figures, ([component]) => component);
  return JSON.stringify(
    Object.fromEntries(
      [...byComponent].map(([component, own]) => [
        component,
        own.map(([, name, unit, value, revision]) => {
          if (revision !== undefined) return [name, value, unit ?? '', revision];
          return unit === null ? [name, value] : [name, value, unit];
        }),
      ]),
    ),
  );
}

function figuresOf(stored: string): SampledFigure[] {
  const components = storedFigures.parse(JSON.parse(stored));
  return Object.entries(components).flatMap(([component, own]) =>
    own.map(([name, value, unit = '', revision]): SampledFigure => {
      const shown = unit === '' ? null : unit;
      return revision === undefined
        ? [component, name, shown, value]
        : [component, name, shown, value, revision];
    }),
  );
}

/**
 * The newest samples of an incident that asked the same, from the last one at or before `since` on, at most `limit`; the
 * oldest first.
 */
export async function samplesSince(
  db: Kysely<Database>,
  incidentId: string,
  { reads, since, limit }: { reads: string; since: Date; limit: number },
): Promise<TakenSample[]> {
  const ofIncident = db.selectFrom('sample').where('incident_id', '=', incidentId).where('reads', '=', reads);
  const before = ofIncident.where('at', '<=', since).select((of) => of.fn.max('at').as('at'));
  const rows = await ofIncident
    .select(['at', 'pause_s', 'figures'])
    .where('at', '>=', sql<Date>`coalesce((${before}), ${since}::timestamptz)`)
    .orderBy('at', 'desc')
    .limit(limit)
    .execute();
  return rows.toReversed().map(({ at, pause_s: pauseS, figures }) => ({
    at: at.toISOString(),
    pauseS,
    figures: figuresOf(figures),
  }));
}

/**
 * Of each `widthS` seconds from `from` on, and before `before`, the worst sample that asked the same; the oldest first.
 */
export async function worstSamples(
  db: Kysely<Database>,
  incidentId: string,
  { reads, from, before, widthS }: { reads: string; from: Date; before: Date; widthS: number },
): Promise<TakenSample[]> {
  const { rows } = await sql<{ at: Date; pauseS: number | null; figures: string }>`
    select distinct on (stretch) at, pause_s as "pauseS", figures
    from (
      select at, pause_s, figures, badness,
        floor(extract(epoch from at - ${from}::timestamptz) / ${widthS}) as stretch
      from sample
      where incident_id = ${incidentId} and reads = ${reads}
        and at >= ${from}::timestamptz and at < ${before}::timestamptz
    ) taken
    order by stretch, badness desc, at desc`.execute(db);
  return rows.map(({ at, pauseS, figures }) => ({
    at: at.toISOString(),
    pauseS,
    figures: figuresOf(figures),
  }));
}

/** Thins the samples that have become old enough, and forgets those of more than 14 days ago. */
export async function thinSamples(db: Kysely<Database>, clock: CheckpointClock): Promise<void> {
  for (const { tier, afterMs, widthS } of thinnings) {
    const limit = sql`${timeOf(clock)} - ${afterMs} * interval '1 millisecond'`;
    await sql`
      with ranked as (
        select incident_id, at, max(pause_s) over same as pause_s,
          row_number() over (same order by at desc) as newest,
          row_number() over (same order by badness desc, at desc) as worst
        from sample
        where tier = ${tier - 1} and at < to_timestamp(floor(extract(epoch from ${limit}) / ${widthS}) * ${widthS})
        window same as (partition by incident_id, reads, floor(extract(epoch from at) / ${widthS}))
      ), gone as (
        delete from sample using ranked
        where sample.incident_id = ranked.incident_id and sample.at = ranked.at and newest > 1 and worst > 1
      )
      update sample set tier = ${tier},
        pause_s = case when newest = 1 then ranked.pause_s else sample.pause_s end
      from ranked
      where sample.incident_id = ranked.incident_id and sample.at = ranked.at and (newest = 1 or worst = 1)`.execute(
      db,
    );
  }
  await sql`
    delete from sample where tier in (0, 1, 2)
      and at < ${timeOf(clock)} - ${sampledMs} * interval '1 millisecond'`.execute(db);
}
