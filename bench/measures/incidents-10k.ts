import { sql } from 'kysely';
import { configurationOf } from '../../src/commands/configuration.ts';
import { readsKey } from '../../src/composition/reads-key.ts';
import { sampledFigures } from '../../src/core/samples.ts';
import { snapshotSchema } from '../../src/core/snapshot.ts';
import { beginSampling, keepSample } from '../../src/store/samples.ts';
import type { Store } from '../../src/store/open.ts';
import { median, type Measure } from '../measure.ts';
import {
  askStatus,
  deliveryToComment,
  startBenchStandIns,
  startSitrepServer,
  type Bench,
  type BenchStandIns,
} from '../server.ts';
import { embeddedDatabase, withStore, type BenchDatabase } from '../store.ts';

const incidents = 10_000;
const open = 100;
const snapshotsOfOpen = 50;
const rounds = 60;
const goal = 1.1;

/** What a `/status` costs in a database that has seen a lot, beside one that holds the one incident. */
export const incidents10k: Measure = {
  name: 'incidents-10k',
  what: 'delivery to comment with 10,000 incidents stored, 100 of them open with 50 snapshots each, ÷ with one incident; two servers in turn, medians',
  async run(progress) {
    const sides = [await prepare(), await prepare()] as const;
    const running: Bench[] = [];
    try {
      const [, many] = sides;
      const filled = await withStore(many.database.url, async (store) => {
        const words = await fill(store, readsOf(many.standIns));
        // As it stands after years, not after one minute: the server's own upkeep has long been over these rows.
        await store.run('vacuum (analyze)');
        await store.run('checkpoint');
        return words;
      });
      progress(`filled: ${filled}`);
      for (const side of sides) running.push(await serve(side));
      const latencies = { one: [] as number[], many: [] as number[] };
      for (const bench of running) await deliveryToComment(bench); // loads what is loaded at first use
      for (let round = 0; round < rounds; round++) {
        // Now the one first, now the other: what a `/status` leaves behind to be done falls on both alike.
        const order = round % 2 === 0 ? (['one', 'many'] as const) : (['many', 'one'] as const);
        for (const name of order) {
          const bench = running[name === 'one' ? 0 : 1];
          if (bench !== undefined) latencies[name].push(await deliveryToComment(bench));
        }
        progress(
          `${String(round + 1)}/${String(rounds)}: ${(latencies.many.at(-1) ?? 0).toFixed(0)} ms, with one incident ${(latencies.one.at(-1) ?? 0).toFixed(0)} ms`,
        );
      }
      const ratio = median(latencies.many) / median(latencies.one);
      return {
        value: Number(ratio.toFixed(3)),
        unit: '× with one incident',
        goal,
        bound: 'at most',
        holds: ratio <= goal,
        beside: {
          'with 10,000 incidents, median': `${median(latencies.many).toFixed(0)} ms (worst ${Math.max(...latencies.many).toFixed(0)})`,
          'with one incident, median': `${median(latencies.one).toFixed(0)} ms (worst ${Math.max(...latencies.one).toFixed(0)})`,
          stored: filled,
        },
      };
    } finally {
      for (const bench of running) await bench.stop();
      for (const { standIns, database } of sides) {
        await standIns.standIns.close();
        await database.drop();
      }
    }
  },
};

interface Side {
  standIns: BenchStandIns;
  database: BenchDatabase;
}

/** Stand-ins, and a database that holds two updates of their one incident; no server runs on it. */
async function prepare(): Promise<Side> {
  const side = { standIns: await startBenchStandIns(), database: await embeddedDatabase() };
  const bench = await serve(side);
  await askStatus(bench);
  await askStatus(bench); // a body as sampled ones have it: with the figures of the update before
  await bench.stop();
  return side;
}

async function serve({ standIns: { standIns, issue }, database }: Side): Promise<Bench> {
  const server = await startSitrepServer(standIns, database.url);
  standIns.github.deliverTo(`${server.url}/api/github/webhooks`);
  return { ...server, standIns, issue };
}

/**
 * Adds incidents until there are 10,000, with the records that come with each: the open ones have 50 snapshots of the
 * size of a real one and as many postings, and samples of a day, the one that is asked for among them; the resolved ones have a posting and
 * what retention leaves of their snapshots, which is one.
 */
async function fill({ db }: Store, reads: string): Promise<string> {
  await sql`
    insert into incident (installation_id, repository_id, repository, issue, title, severity, stage, declared_at, updated_at)
    select installation_id, 10 + n, 'acme/r' || n, 1 + n % 50, title, severity,
      case when n < ${open} then 'investigating' else 'resolved' end, now() - n * interval '1 min', now() - n * interval '1 min'
    from incident, generate_series(1, ${incidents - 1}) n`.execute(db);
  await sql`
    insert into checkpoint (incident_id, kind, due_at)
    select id, '24h', now() + interval '1 day' from incident
    where stage <> 'resolved' and not exists (select from checkpoint where incident_id = incident.id)`.execute(
    db,
  );
  // One incident at a time: the bodies are large, and the embedded database is small.
  const { rows } = await sql<{ id: string; stage: string }>`select id, stage from incident`.execute(db);
  const [last] = (await sql<{ id: number }>`select max(id) as id from snapshot`.execute(db)).rows;
  if (last === undefined) throw new Error('there is no update to copy');
  const isOpen = rows.filter(({ stage }) => stage !== 'resolved').map(({ id }) => id);
  for (const id of isOpen) await copy(db, last.id, [id], snapshotsOfOpen);
  await addSamples(db, last.id, isOpen, reads);
  const resolved = rows.filter(({ stage }) => stage === 'resolved').map(({ id }) => id);
  for (let at = 0; at < resolved.length; at += 100) await copy(db, last.id, resolved.slice(at, at + 100), 1);
  const [count] = (
    await sql<{ incidents: number; snapshots: number; bytes: number; samples: number; perSample: number }>`
      select (select count(*) from incident) as incidents, count(*) as snapshots,
        (select count(*) from sample) as samples,
        (select round(avg(pg_column_size(sample.*))) from sample) as "perSample",
        (select length(body::text) from snapshot where id = ${last.id}) as bytes
      from snapshot`.execute(db)
  ).rows;
  return `${String(count?.incidents)} incidents, ${String(isOpen.length)} of them open, ${String(count?.snapshots)} snapshots of ${String(Math.round((count?.bytes ?? 0) / 1_000))} kB, ${String(count?.samples)} samples of ${String(count?.perSample)} B`;
}

/** Gives incidents so many copies of a snapshot and of its posting. The last one of an incident is the newest. */
async function copy(
  db: Store['db'],
  snapshotId: number,
  incidentIds: string[],
  times: number,
): Promise<void> {
  await sql`
    with posted as (
      insert into publication (id, incident_id, installation_id, repository, issue, kind, body, body_hash, state,
        comment_id, comment_url, created_at, sent_at)
      select gen_random_uuid(), incident.id, p.installation_id, incident.repository, incident.issue, p.kind, p.body,
        p.body_hash, 'sent', p.comment_id, p.comment_url, p.created_at, p.sent_at
      from snapshot s join publication p on p.id = s.publication_id,
        incident, generate_series(1, ${times})
      where s.id = ${snapshotId} and incident.id = any(${incidentIds}::uuid[])
      returning id, incident_id
    )
    insert into snapshot (incident_id, taken_at, body, diagnosis, publication_id)
    select posted.incident_id, s.taken_at, s.body, s.diagnosis, posted.id
    from snapshot s, posted where s.id = ${snapshotId}`.execute(db);
}

/** What the samples of the scenario's configuration ask, as the server names it. */
function readsOf({ loaded }: BenchStandIns): string {
  const read = configurationOf(loaded.configuration, undefined);
  if (read.kind !== 'usable') throw new Error('the scenario has no configuration');
  return readsKey(read.configuration);
}

/** Gives incidents the samples that a day leaves: one a minute of two hours, and two of each five minutes before. */
async function addSamples(
  db: Store['db'],
  snapshotId: number,
  incidentIds: string[],
  reads: string,
): Promise<void> {
  const { rows } = await sql<{ body: unknown }>`select body from snapshot where id = ${snapshotId}`.execute(
    db,
  );
  const figures = sampledFigures(snapshotSchema.parse(rows[0]?.body));
  const [first = ''] = incidentIds;
  await db.transaction().execute((trx) => beginSampling(trx, first, new Date(), null));
  await keepSample(db, { incidentId: first, at: new Date(), badness: 1_000, reads, figures });
  await sql`
    insert into sample (incident_id, at, pause_s, badness, reads, figures, tier)
    select id, now() - age.minutes * interval '1 min', 60, 1000, ${reads}, (select figures from sample limit 1),
      case when age.minutes <= 120 then 0 else 1 end
    from unnest(${incidentIds}::uuid[]) as id, (
      select n as minutes from generate_series(1, 120) n
      union all select n from generate_series(121, 1440) n where n % 5 < 2
    ) age`.execute(db);
}
