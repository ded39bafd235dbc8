import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { runningClock } from '../sandbox/clock.ts';
import { loadScenario, type LoadedScenario } from '../sandbox/scenario/load.ts';
import { redate } from '../sandbox/scenario/redate.ts';
import type { Scenario } from '../sandbox/scenario/schema.ts';
import { startStandIns, type StandIns } from '../sandbox/stand-ins.ts';
import { plenty } from './plenty.ts';

/** A server in a process of its own, as an operator runs it. */
export interface ServerProcess {
  url: string;
  /** Resident memory now, MiB. */
  rss(): Promise<number>;
  /** Processor time so far, ms. */
  cpuMs(): Promise<number>;
  stop(): Promise<void>;
}

/** The real server, whose database can be looked at when it has ended. */
export interface SitrepServer extends ServerProcess {
  /** Ends the server, and gives the address of its database while that is still there. */
  stopped(look: (databaseUrl: string) => Promise<void>): Promise<void>;
}

/** The real server as `sitrep start` between the stand-ins, whose scenario happens now. */
export interface Bench extends ServerProcess {
  standIns: StandIns;
  /** Number of the scenario's issue. */
  issue: number;
}

/** Token of a person, with which a baseline asks the GitHub stand-in. */
export const personalToken = 'ghp_of_the_baseline';

const startTimeoutMs = 30_000;

/** Starts the stand-ins in this process and the real server in another, on the embedded database in a directory. */
export async function startBench(databaseUrl?: string): Promise<Bench> {
  const { standIns, issue } = await startBenchStandIns();
  const server = await startSitrepServer(standIns, databaseUrl);
  standIns.github.deliverTo(`${server.url}/api/github/webhooks`);
  return {
    ...server,
    standIns,
    issue,
    async stop() {
      await server.stop();
      await standIns.close();
    },
  };
}

/** The stand-ins, with the scenario that they play. */
export interface BenchStandIns extends Pick<Bench, 'standIns' | 'issue'> {
  loaded: LoadedScenario;
}

/**
 * Starts the stand-ins in this process; gives the number of the scenario's issue with them.
 *
 * @param change changes the scenario before it starts
 */
export async function startBenchStandIns(
  change: (scenario: Scenario) => void = () => undefined,
): Promise<BenchStandIns> {
  const original = await loadScenario('connector-saturated');
  const loaded = redate(original, new Date());
  change(loaded.scenario);
  const standIns = await startStandIns({
    loaded,
    clock: runningClock(new Date(), Date.now),
    personalTokens: { [personalToken]: 'alice' },
    // A thousand updates within the hour are more than GitHub would take of one installation.
    requestsPerHour: 1_000_000,
  });
  return { standIns, issue: loaded.scenario.focus, loaded };
}

/** Starts `sitrep start` between the stand-ins: on a PostgreSQL database, or on the embedded one in a fresh directory. */
export async function startSitrepServer(
  standIns: StandIns,
  databaseUrl?: string,
  logLevel = 'warn',
): Promise<SitrepServer> {
  const dir = await mkdtemp(path.join(tmpdir(), 'sitrep-bench-'));
  // The stand-in has no limit of writes, and what is measured is not the budget.
  const writes = { burst: 1_000, per_second: 1_000, per_minute: 10_000, per_hour: 100_000 };
  // Nor are answers of a minute ago: each update reads all that it shows.
  const reads = { kept_seconds: 0, per_minute: plenty };
  await writeFile(
    path.join(dir, 'policy.yml'),
    JSON.stringify({ ...parse(standIns.policy), github_writes: writes, google_reads: reads }),
  );
  const database = databaseUrl ?? path.join(dir, 'data');
  const server = await startProcess('../src/cli.ts', ['start'], {
    ...standIns.environment,
    DATABASE_URL: database,
    SITREP_POLICY: path.join(dir, 'policy.yml'),
    LOG_LEVEL: logLevel,
  });
  return {
    ...server,
    async stopped(look) {
      await server.stop();
      await look(database);
    },
    async stop() {
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/**
 * Starts a script in a Node process on a free port, and waits until it accepts connections.
 *
 * @param script its path, absolute or from this folder
 * @param nodeArgs what Node itself is told
 */
export async function startProcess(
  script: string,
  args: readonly string[],
  environment: Record<string, string>,
  nodeArgs: readonly string[] = [],
): Promise<ServerProcess> {
  const port = await freePort();
  const child = spawnServer(path.resolve(import.meta.dirname, script), args, environment, port, nodeArgs);
  const url = `http://127.0.0.1:${String(port)}`;
  await accepting(url, child);
  return {
    url,
    rss: () => residentMemory(child.pid ?? 0),
    cpuMs: () => processorTime(child.pid ?? 0),
    async stop() {
      if (child.exitCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/**
 * A script in a Node process as an operator runs a server, told to listen on a port of the loopback address.
 *
 * @param nodeArgs what Node itself is told
 */
export function spawnServer(
  script: string,
  args: readonly string[],
  environment: Record<string, string>,
  port: number,
  nodeArgs: readonly string[] = [],
): ChildProcess {
  return spawn(process.execPath, [...nodeArgs, script, ...args], {
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      ...environment,
      HOST: '127.0.0.1',
      PORT: String(port),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** A port of the loopback address that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

async function accepting(url: string, child: ChildProcess): Promise<void> {
  const until = performance.now() + startTimeoutMs;
  while (performance.now() < until) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${String(child.exitCode)}`);
    const answered = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the server did not listen within ${String(startTimeoutMs)} ms`);
}

async function residentMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/mu.exec(status)?.[1] ?? Number.NaN) / 1_024;
}

/** Linux counts in hundredths of a second, whatever its kernel's own rate is (proc(5), USER_HZ). */
const tickMs = 10;

async function processorTime(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
  // The fields after the name, which may hold anything, in brackets: utime and stime are the 14th and 15th of all.
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(user) + Number(system)) * tickMs;
}

const repositoryAnswer = z.object({ id: z.int() });

/** GitHub's id of the scenario's repository. */
export async function repositoryIdOf({ github }: StandIns): Promise<number> {
  const answer = await fetch(`${github.url}/repos/netra-systems/netra-apex`, {
    headers: { authorization: `Bearer ${personalToken}`, accept: 'application/vnd.github+json' },
  });
  return repositoryAnswer.parse(await answer.json()).id;
}

/** Writes `/status` and waits for the update's last trace, the 🚀 on the command. */
export async function askStatus(
  { standIns: { github }, issue }: Pick<Bench, 'standIns' | 'issue'>,
  timeoutMs = 30_000,
): Promise<void> {
  const { commentId } = await github.comment('carol', issue, '/status');
  const done = Promise.withResolvers<void>();
  const timer = setTimeout(() => done.reject(new Error('no answer to /status')), timeoutMs);
  const look = () => {
    const command = github.thread(issue).find(({ id }) => id === commentId);
    if (command?.reactions.includes('rocket') === true) done.resolve();
  };
  const stop = github.onChange(look);
  look();
  try {
    await done.promise;
  } finally {
    clearTimeout(timer);
    stop();
  }
}

/** Milliseconds from sending the webhook to the answer of the comment's POST, by the stand-in's own clock. */
export async function deliveryToComment(bench: Bench): Promise<number> {
  const { github } = bench.standIns;
  const from = github.requests.length;
  const startedAt = performance.now();
  await askStatus(bench);
  const post = github.requests
    .slice(from)
    .find(({ method, route }) => method === 'POST' && route.endsWith('/issues/{issue_number}/comments'));
  if (post === undefined) throw new Error('no comment was posted');
  return post.endedAt - startedAt;
}
