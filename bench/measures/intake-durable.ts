import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { openStore } from '../../src/store/open.ts';
import { startPostgres } from '../../test/store/postgres-server.ts';
import { answered, costOfLoad, startLoad, type LoadResult } from '../load.ts';
import { median, type Measure } from '../measure.ts';
import { commentPayload } from '../payload.ts';
import { startBenchStandIns, startProcess, startSitrepServer } from '../server.ts';

const rounds = 7;
const windowMs = 2_000;
const warmUpMs = 1_000;
const connections = 64;
/** Lets the database settle what the window before left it to do. */
const betweenMs = 500;
/** More deliveries than any server takes in a window. */
const mostInWindow = 30_000;
/** Deliveries a second, as a share of what probot run takes, which stores nothing. */
const goals = { postgres: 0.5, embedded: 0.25 };

/** How many deliveries the real server stores and acknowledges, while GitHub is away and the handlers wait for it. */
export const intakeDurable: Measure = {
  name: 'intake-durable',
  what: '/status deliveries a second stored durably before the 202 (14 kB, each its own GUID and comment, 64 connections; GitHub hangs, so the handlers wait): the lesser of PostgreSQL with fsync ÷ probot run ÷ 0.5 and embedded ÷ probot run ÷ 0.25',
  async run(progress) {
    const { standIns, issue } = await startBenchStandIns();
    const secret = standIns.github.app.webhookSecret;
    const body = await commentPayload(standIns, issue, '/status');
    standIns.github.inject({ kind: 'hang', times: Number.POSITIVE_INFINITY });
    const postgres = await startPostgres({ fsync: true });
    const database = await postgres.createDatabase();
    const servers = {
      probot: await startProcess('./probot-empty.js', [], { ...standIns.environment, LOG_LEVEL: 'warn' }),
      postgres: await startSitrepServer(standIns, database.url, 'error'),
      embedded: await startSitrepServer(standIns, undefined, 'error'),
    };
    const load = startLoad();
    const windows: LoadResult[] = [];
    const acknowledged = { probot: 0, postgres: 0, embedded: 0 };
    let serial = 0;

    async function rate(name: Contestant, milliseconds: number): Promise<number> {
      await pause(betweenMs);
      const result = await load.run({
        url: servers[name].url,
        secret,
        body,
        connections,
        milliseconds,
        firstSerial: serial,
        most: mostInWindow,
        again: false,
        everyMs: 0,
      });
      serial += mostInWindow;
      const expected = result.statuses[name === 'probot' ? '200' : '202'] ?? 0;
      if (expected < answered(result))
        throw new Error(`${name} refused some: ${JSON.stringify(result.statuses)}`);
      acknowledged[name] += expected;
      windows.push(result);
      return expected / result.seconds;
    }

    try {
      const rates: Record<Contestant, number[]> = { probot: [], postgres: [], embedded: [] };
      for (const name of contestants) await rate(name, warmUpMs);
      windows.length = 0;
      for (let round = 0; round < rounds; round++) {
        for (const name of contestants) rates[name].push(await rate(name, windowMs));
        const last = contestants.map((name) => `${name} ${(rates[name].at(-1) ?? 0).toFixed(0)}`);
        progress(`${String(round + 1)}/${String(rounds)}: ${last.join(', ')}`);
      }
      const stored = { postgres: 0, embedded: 0 };
      for (const name of ['postgres', 'embedded'] as const)
        await servers[name].stopped(async (url) => {
          stored[name] = await deliveriesIn(url);
        });
      const ratio = (name: Contestant) => median(rates[name]) / median(rates.probot);
      const complete = stored.postgres === acknowledged.postgres && stored.embedded === acknowledged.embedded;
      const value = Math.min(ratio('postgres') / goals.postgres, ratio('embedded') / goals.embedded);
      return {
        value: Number(value.toFixed(3)),
        unit: '× the goal, lesser of two ratios',
        goal: 1,
        bound: 'at least',
        holds: value >= 1 && complete,
        beside: {
          'PostgreSQL ÷ probot run': `${ratio('postgres').toFixed(2)} (at least ${String(goals.postgres)})`,
          'embedded ÷ probot run': `${ratio('embedded').toFixed(2)} (at least ${String(goals.embedded)})`,
          'deliveries a second, medians': contestants
            .map((name) => `${name} ${median(rates[name]).toFixed(0)}`)
            .join(', '),
          'rows stored of those acknowledged': (['postgres', 'embedded'] as const)
            .map((name) => `${name} ${String(stored[name])} of ${String(acknowledged[name])}`)
            .join(', '),
          load: costOfLoad(windows),
        },
      };
    } finally {
      load.stop();
      for (const name of contestants) await servers[name].stop();
      await postgres.stop();
      await standIns.close();
    }
  },
};

const contestants = ['probot', 'postgres', 'embedded'] as const;
type Contestant = (typeof contestants)[number];

async function deliveriesIn(url: string): Promise<number> {
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const store = await openStore({ url, log: silent });
  try {
    const { rows } = await sql<{ count: number }>`select count(*) as count from delivery`.execute(store.db);
    return rows[0]?.count ?? 0;
  } finally {
    await store.close();
  }
}
