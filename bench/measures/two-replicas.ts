import { setTimeout as pause } from 'node:timers/promises';
import type { StandIns } from '../../sandbox/stand-ins.ts';
import { startPostgres, type PostgresServer } from '../../test/store/postgres-server.ts';
import { median, type Measure } from '../measure.ts';
import { startBenchStandIns, startSitrepServer } from '../server.ts';

const jobs = 150;
const rounds = 3;
/** Held back in every answer of GitHub, Google and the endpoints, so that jobs wait and do not compute. */
const upstreamMs = 1_000;
const firstIssue = 3_001;
const goal = 1.6;
const patienceMs = 180_000;

/** Jobs that compute little: what is measured is how many of them wait for upstream answers at a time. */
const configuration = `
version: 1
google_cloud: { project: netra-staging, region: us-central1 }
components:
  web: { type: http, url: 'https://staging.netra.ai/' }
`;

/** What a second process on the same database adds where jobs wait for upstream answers. */
export const twoReplicas: Measure = {
  name: 'two-replicas',
  what: `/status a second of two sitrep start on one PostgreSQL ÷ of one, ${String(jobs)} issues at once, ${String(upstreamMs)} ms in every upstream answer, in turn`,
  async run(progress) {
    const { standIns } = await startBenchStandIns(({ issues }) => {
      const [any] = issues;
      if (any === undefined) throw new Error('the scenario has no issue');
      for (let round = 0; round < 2 * rounds; round++)
        for (const number of issuesOf(round))
          issues.push({ ...any, number, state: 'open', closed_at: undefined, comments: [] });
    });
    standIns.github.putFile('.github/sitrep.yml', configuration);
    const postgres = await startPostgres({ fsync: true });
    try {
      const windows: { one: Window[]; two: Window[] } = { one: [], two: [] };
      for (let round = 0; round < rounds; round++) {
        const one = await play(standIns, postgres, 1, issuesOf(2 * round));
        const two = await play(standIns, postgres, 2, issuesOf(2 * round + 1));
        windows.one.push(one);
        windows.two.push(two);
        progress(`${String(round + 1)}/${String(rounds)}: one ${told(one)}; two ${told(two)}`);
      }
      const rateOf = (of: Window[]) => median(of.map(({ rate }) => rate));
      const cpuOf = (of: Window[]) => median(of.map(({ cpuMs }) => cpuMs));
      const ratio = rateOf(windows.two) / rateOf(windows.one);
      return {
        value: Number(ratio.toFixed(2)),
        unit: '× one process',
        goal,
        bound: 'at least',
        holds: ratio >= goal,
        beside: {
          'one process, median': told({ rate: rateOf(windows.one), cpuMs: cpuOf(windows.one) }),
          'two processes, median': told({ rate: rateOf(windows.two), cpuMs: cpuOf(windows.two) }),
          injected: `${String(upstreamMs)} ms into every upstream answer`,
        },
      };
    } finally {
      await postgres.stop();
      await standIns.close();
    }
  },
};

function issuesOf(round: number): number[] {
  return Array.from({ length: jobs }, (_, n) => firstIssue + round * jobs + n);
}

interface Window {
  /** `/status` a second, from the first 🚀 to the last: before that all of them wait. */
  rate: number;
  /** Processor time of all servers for each of them. */
  cpuMs: number;
}

function told({ rate, cpuMs }: Window): string {
  return `${rate.toFixed(2)} /status a second (${cpuMs.toFixed(0)} ms of processor time each)`;
}

/** `/status` is written on all issues at once; ends when each command has its 🚀. */
async function play(
  standIns: StandIns,
  postgres: PostgresServer,
  replicas: number,
  issues: number[],
): Promise<Window> {
  const { github, google, endpoints } = standIns;
  const database = await postgres.createDatabase();
  const servers = await Promise.all(
    Array.from({ length: replicas }, () => startSitrepServer(standIns, database.url)),
  );
  try {
    // Commands come to one of them, as a load balancer gives them; the jobs are for both.
    github.deliverTo(`${servers[0]?.url ?? ''}/api/github/webhooks`);
    for (const standIn of [github, google, endpoints]) standIn.setLatency(upstreamMs);
    const cpuUsed = async () => {
      const each = await Promise.all(servers.map((server) => server.cpuMs()));
      return each.reduce((sum, ms) => sum + ms, 0);
    };
    const cpuBefore = await cpuUsed();
    const startedAt = performance.now();
    await Promise.all(issues.map((issue) => github.comment('carol', issue, '/status')));
    const open = new Set(issues);
    let firstAt: number | null = null;
    while (open.size > 0) {
      if (performance.now() - startedAt > patienceMs)
        throw new Error(`${String(open.size)} of ${String(issues.length)} commands have no 🚀`);
      await pause(20);
      for (const issue of open)
        if (github.thread(issue).some(({ reactions }) => reactions.includes('rocket'))) open.delete(issue);
      if (open.size < issues.length) firstAt ??= performance.now();
    }
    const seconds = (performance.now() - (firstAt ?? startedAt)) / 1_000;
    return { rate: (issues.length - 1) / seconds, cpuMs: ((await cpuUsed()) - cpuBefore) / issues.length };
  } finally {
    for (const standIn of [github, google, endpoints]) standIn.setLatency(0);
    github.deliverTo(null);
    await Promise.all(servers.map((server) => server.stop()));
    await database.drop();
  }
}
