import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type { StandIns } from '../../sandbox/stand-ins.ts';
import { isCheckpointDue, takeDueCheckpoints } from '../../src/store/checkpoints.ts';
import type { Store } from '../../src/store/open.ts';
import { startPostgres } from '../../test/store/postgres-server.ts';
import { median, quantile, type Measure } from '../measure.ts';
import { repositoryIdOf, startBenchStandIns, startSitrepServer } from '../server.ts';
import { embeddedDatabase, openBenchStore, withStore, type BenchDatabase } from '../store.ts';

const pending = 100_000;
const filledAtOnce = 5_000;
/** Checkpoints that fall due while the server runs, each at a moment of its own. */
const due = 150;
const betweenDueMs = 211;
/** Until the server listens, on a busy machine and a filled database. */
const startMs = 20_000;
const afterMs = 5_000;
const firstIssue = 2_001;
const idleSweeps = 400;
const takingSweeps = 100;
const goals = { latenessMs: 1_000, sweep: 1.5 };

/** How late checkpoints are taken up, and what a sweep costs, with 100,000 that are not due yet. */
export const checkpoints100k: Measure = {
  name: 'checkpoints-100k',
  what: 'due time to the first request of the checkpoint’s job, p99 of 150, with 100,000 pending; beside it a sweep ÷ the same on an empty table (both databases, the worse counts)',
  async run(progress) {
    const { standIns } = await startBenchStandIns(({ issues }) => {
      const [any] = issues;
      if (any === undefined) throw new Error('the scenario has no issue');
      // Closed: the job reads that and ends, so that one checkpoint is not held up by the update of another.
      const closed = { ...any, state: 'closed' as const, closed_at: any.at, labels: [], comments: [] };
      for (let n = 0; n < due; n++) issues.push({ ...closed, number: firstIssue + n });
    });
    const postgres = await startPostgres({ fsync: true });
    try {
      const results = {
        PostgreSQL: await measured(standIns, () => postgres.createDatabase(), progress),
        embedded: await measured(standIns, embeddedDatabase, progress),
      };
      const all = Object.values(results);
      const worst = Math.max(...all.map(({ lateness }) => quantile(lateness, 0.99)));
      const ratios = all.flatMap(({ idle, taking }) => [idle.ratio, taking.ratio]);
      const inWords = (of: (result: Measured) => string) =>
        Object.entries(results)
          .map(([name, result]) => `${name} ${of(result)}`)
          .join(', ');
      return {
        value: Math.round(worst),
        unit: 'ms late, p99',
        goal: goals.latenessMs,
        bound: 'at most',
        holds: worst <= goals.latenessMs && Math.max(...ratios) <= goals.sweep,
        beside: {
          'lateness, median and worst': inWords(
            ({ lateness }) => `${median(lateness).toFixed(0)} and ${Math.max(...lateness).toFixed(0)} ms`,
          ),
          'a sweep that finds nothing ÷ on an empty table': `${inWords(({ idle }) => told(idle))} (at most ${String(goals.sweep)})`,
          'a sweep that takes one ÷ on an empty table': `${inWords(({ taking }) => told(taking))} (at most ${String(goals.sweep)})`,
        },
      };
    } finally {
      await postgres.stop();
      await standIns.close();
    }
  },
};

interface Compared {
  /** Median cost with 100,000 pending ÷ median cost on an empty table. */
  ratio: number;
  ms: number;
}

interface Measured {
  lateness: number[];
  idle: Compared;
  taking: Compared;
}

function told({ ratio, ms }: Compared): string {
  return `${ratio.toFixed(2)} × (${ms.toFixed(2)} ms)`;
}

async function measured(
  standIns: StandIns,
  create: () => Promise<BenchDatabase>,
  progress: (line: string) => void,
): Promise<Measured> {
  const [full, empty] = [await create(), await create()];
  try {
    const { installationId } = standIns.github.app;
    const repositoryId = await repositoryIdOf(standIns);
    const first = await withStore(full.url, async (store) => {
      await fill(store);
      return addDue(store, { installationId, repositoryId });
    });
    const lateness = await latenessOf(standIns, full.url, first);
    progress(
      `lateness: median ${median(lateness).toFixed(0)} ms, p99 ${quantile(lateness, 0.99).toFixed(0)} ms`,
    );
    const costs = await sweepCosts(full.url, empty.url);
    progress(`a sweep: ${told(costs.idle)}; one that takes a checkpoint: ${told(costs.taking)}`);
    return { lateness, ...costs };
  } finally {
    await full.drop();
    await empty.drop();
  }
}

/** Incidents of other repositories, each with a checkpoint between tomorrow and a month from now. */
async function fill({ db }: Store): Promise<void> {
  // The store waits for no statement longer than five seconds.
  for (let from = 1; from <= pending; from += filledAtOnce)
    await sql`
    with opened as (
      insert into incident (installation_id, repository_id, repository, issue, title, stage, declared_at, updated_at, checkpoints)
      select 1, n, 'acme/r' || n, 1, 'Incident ' || n, 'investigating', now(), now(), '["2h", "4h", "8h"]'
      from generate_series(${from}::int, ${from + filledAtOnce - 1}::int) n
      returning id, repository_id
    )
    insert into checkpoint (incident_id, kind, due_at)
    select id, '24h', now() + interval '1 day' + repository_id * interval '25 s' from opened`.execute(db);
}

/** Incidents of the stand-in's repository whose checkpoints fall due one after the other; gives when the first does. */
async function addDue(
  { db }: Store,
  { installationId, repositoryId }: { installationId: number; repositoryId: number },
): Promise<number> {
  const first = Date.now() + startMs;
  await sql`
    with opened as (
      insert into incident (installation_id, repository_id, repository, issue, title, stage, declared_at, updated_at, checkpoints)
      select ${installationId}, ${repositoryId}, 'netra-systems/netra-apex', n + ${firstIssue}, 'Closed', 'investigating',
        ${new Date(first)}::timestamptz - interval '2 h' + n * ${betweenDueMs} * interval '1 ms', now(), '["2h", "4h", "8h"]'
      from generate_series(0, ${due - 1}) n
      returning id, declared_at
    )
    insert into checkpoint (incident_id, kind, due_at) select id, '2h', declared_at + interval '2 h' from opened`.execute(
    db,
  );
  return first;
}

/** Milliseconds from each due time to the first request that the job of that checkpoint makes, by one clock. */
async function latenessOf({ github, ...standIns }: StandIns, url: string, first: number): Promise<number[]> {
  const from = github.requests.length;
  const server = await startSitrepServer({ github, ...standIns }, url);
  try {
    if (Date.now() > first) throw new Error(`the server took longer than ${String(startMs)} ms to start`);
    await pause(first + due * betweenDueMs + afterMs - Date.now());
  } finally {
    await server.stop();
  }
  const asked = new Map<number, number>();
  for (const { path, startedAt } of github.requests.slice(from)) {
    const issue = Number(/\/issues\/(\d+)$/u.exec(path)?.[1] ?? Number.NaN);
    if (!Number.isNaN(issue) && !asked.has(issue)) asked.set(issue, performance.timeOrigin + startedAt);
  }
  return Array.from({ length: due }, (_, n) => {
    const at = asked.get(firstIssue + n);
    if (at === undefined) throw new Error(`the checkpoint of issue ${String(firstIssue + n)} did not come`);
    return at - (first + n * betweenDueMs);
  });
}

/** What a sweep costs with 100,000 pending, and on an empty table, in turn. */
async function sweepCosts(fullUrl: string, emptyUrl: string): Promise<Pick<Measured, 'idle' | 'taking'>> {
  const [full, empty] = [await openBenchStore(fullUrl), await openBenchStore(emptyUrl)];
  try {
    await sql`delete from checkpoint where due_at < now() + interval '1 day'`.execute(full.db);
    const idle = await compared(full, empty, idleSweeps, async ({ db }) => {
      if (await isCheckpointDue(db, null)) throw new Error('nothing should be due');
    });
    for (const { db } of [full, empty]) await addOne(db);
    const taking = await compared(full, empty, takingSweeps, takeOne, makeDue);
    return { idle, taking };
  } finally {
    await full.close();
    await empty.close();
  }
}

async function compared(
  full: Store,
  empty: Store,
  times: number,
  sweep: (store: Store) => Promise<void>,
  before: (store: Store) => Promise<void> = () => Promise.resolve(),
): Promise<Compared> {
  const costs = { full: [] as number[], empty: [] as number[] };
  for (let round = 0; round < times; round++) {
    for (const [name, store] of [
      ['full', full],
      ['empty', empty],
    ] as const) {
      await before(store);
      const startedAt = performance.now();
      await sweep(store);
      costs[name].push(performance.now() - startedAt);
    }
  }
  return { ratio: median(costs.full) / median(costs.empty), ms: median(costs.full) };
}

const swept = '00000000-0000-4000-8000-000000000001';

/** The incident whose checkpoint is taken time and again. */
async function addOne(db: Store['db']): Promise<void> {
  await sql`
    insert into incident (id, installation_id, repository_id, repository, issue, title, stage, declared_at, updated_at, checkpoints)
    values (${swept}, 1, 0, 'acme/swept', 1, 'Swept', 'investigating', now() - interval '1 h', now(), '["2h", "4h", "8h"]')`.execute(
    db,
  );
}

async function makeDue({ db }: Store): Promise<void> {
  await sql`delete from checkpoint where incident_id = ${swept}`.execute(db);
  await sql`insert into checkpoint (incident_id, kind, due_at) values (${swept}, '30m', now() - interval '30 min')`.execute(
    db,
  );
}

async function takeOne({ db }: Store): Promise<void> {
  if (!(await isCheckpointDue(db, null))) throw new Error('one should be due');
  const taken = await db.transaction().execute((trx) => takeDueCheckpoints(trx, null, 20));
  if (taken.length !== 1) throw new Error(`${String(taken.length)} checkpoints were taken`);
}
