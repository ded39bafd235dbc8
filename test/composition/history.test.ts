import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { frozenClock } from '../../sandbox/clock.ts';
import { loadScenario } from '../../sandbox/scenario/load.ts';
import type { Scenario } from '../../sandbox/scenario/schema.ts';
import { startStandIns, type StandIns } from '../../sandbox/stand-ins.ts';
import { openGitHub } from '../../src/cli/github.ts';
import { commandLineEnvironment } from '../../src/cli/environment.ts';
import { createRedactor } from '../../src/collectors/redact.ts';
import { startHistory, storedHistory } from '../../src/composition/history.ts';
import { noEtagCache } from '../../src/config/remote.ts';
import type { Queue } from '../../src/queue/port.ts';
import { startQueue } from '../../src/queue/queue.ts';
import { earlierIncidents, ensureHistory, findHistoryReading } from '../../src/store/history.ts';
import type { Store } from '../../src/store/open.ts';
import { workHistory } from '../../src/worker/history.ts';
import { openLine } from '../cli/run.ts';
import { open, silentLog } from '../store/engines.ts';

/** The closed incidents of the GitHub stand-in's repository, read by jobs into the store. */

type Issue = Scenario['issues'][number];

const repositoryId = 7_000_000_001;
let store: Store;
let queue: Queue;
let standIns: StandIns | null = null;
let now = new Date('2025-09-15T18:05:00Z');
const clock = () => now;

beforeEach(async () => {
  now = new Date('2025-09-15T18:05:00Z');
  store = await open('memory:');
  queue = await startQueue(store, { now: clock, log: silentLog });
});
afterEach(async () => {
  await queue.stop({ graceMs: 0 });
  await store.close();
  await standIns?.close();
  standIns = null;
});

/** Starts the stand-in with more issues and the worker, and has the repository read. */
async function begin(more: readonly Partial<Issue>[] = [], requestsPerHour?: number): Promise<StandIns> {
  const loaded = await loadScenario('connector-saturated');
  const scenario = structuredClone(loaded.scenario);
  const model = scenario.issues.find(({ state }) => state === 'closed');
  if (model === undefined) throw new Error('the scenario has no closed issue');
  scenario.issues.push(...more.map((issue) => ({ ...model, comments: [], ...issue })));
  standIns = await startStandIns({
    loaded: { ...loaded, scenario },
    clock: frozenClock(now),
    personalTokens: { ghp_carol: 'carol' },
    ...(requestsPerHour === undefined ? {} : { requestsPerHour }),
  });
  const environment = commandLineEnvironment(
    openLine({ ...standIns.environment, GITHUB_TOKEN: 'ghp_carol' }),
    { githubToken: true },
  );
  const { request } = openGitHub(environment.githubToken, environment.githubApiUrl);
  const redact = createRedactor();
  const shared = {
    store,
    configurationsOf: () => noEtagCache,
    redact,
    checkpointClock: clock,
    log: silentLog,
  };
  const history = storedHistory(shared, () => request);
  await queue.work('history', (job) => workHistory(history, job));
  const repository = { repositoryId, installationId: 41, repository: 'netra-systems/netra-apex' };
  await store.db.transaction().execute((trx) => ensureHistory(trx, repository, clock));
  return standIns;
}

/** Lets minutes pass, and does what is due after each. */
async function pass(minutes: number): Promise<void> {
  const sweeper = startHistory(store, queue, clock, silentLog);
  for (let minute = 0; minute < minutes; minute += 1) {
    await sweeper.sweep();
    await queue.rest();
    now = new Date(now.getTime() + 61_000);
  }
  await sweeper.stop();
}

const kept = async () => await earlierIncidents(store.db, { installationId: 41, repositoryId });
const finished = async () => (await findHistoryReading(store.db, repositoryId))?.cursor.since !== null;

describe('the history of a repository', () => {
  it('is what its closed incidents say of themselves, people’s comments included', async () => {
    await begin();
    await pass(4);
    expect(await finished()).toBe(true);
    expect(await kept()).toMatchObject([
      {
        issue: 1263,
        closedAt: '2025-09-12T16:45:00.000Z',
        labels: ['P0'],
        source: 'read',
        components: expect.arrayContaining(['backend', 'connector']),
        signatures: expect.arrayContaining([
          expect.objectContaining({ id: 'runtimeerror database connection validation timeout exceeded' }),
        ]),
      },
    ]);
  });

  it('is read page by page, less than 30 requests a minute, each issue once though it has two labels', async () => {
    const issues = Array.from({ length: 45 }, (_, at) => ({
      number: 100 + at,
      title: `Outage ${String(at)}`,
      labels: ['P0', 'incident'],
      comments: [{ by: 'bob', at: '2025-09-08T16:00:00Z', body: 'backend is down' }] as Issue['comments'],
    }));
    const { github } = await begin(issues);
    let most = 0;
    for (let minute = 0; minute < 9 && !(await finished()); minute += 1) {
      const before = github.requests.length;
      await pass(1);
      most = Math.max(most, github.requests.length - before);
    }
    expect(await finished()).toBe(true);
    expect(await kept()).toHaveLength(46);
    expect(most).toBeGreaterThan(15);
    expect(most).toBeLessThan(30);
    const read = github.requests.filter(({ route }) => route.endsWith('/issues/{issue_number}/comments'));
    expect(new Set(read.map(({ path }) => path)).size).toBe(read.length);
    expect(github.requests.filter(({ write }) => write)).toEqual([]);
    expect(github.refusals).toEqual([]);
  });

  it('leaves a fifth of GitHub’s limit to updates', async () => {
    const issues = Array.from({ length: 18 }, (_, at) => ({
      number: 100 + at,
      comments: [{ by: 'bob', at: '2025-09-08T16:00:00Z', body: 'backend is down' }] as Issue['comments'],
    }));
    const { github } = await begin(issues, 20);
    await pass(3);
    // The request by which it sees that less than 4 are left is the last.
    expect(github.requests).toHaveLength(17);
    expect(await finished()).toBe(false);
    expect((await kept()).length).toBeGreaterThan(10);
  });

  it('keeps no secret', async () => {
    await begin([{ number: 77, body: 'backend: `PG::Error: password=hunter2hunter2 refused by backend`' }]);
    await pass(4);
    expect(JSON.stringify(await kept())).not.toContain('hunter2');
  });

  it('is looked at again in a day, and then knows what was opened again', async () => {
    const { github } = await begin();
    await pass(4);
    await github.reopenIssue('alice', 1263);
    now = new Date(now.getTime() + 24 * 3_600_000);
    const before = github.requests.length;
    await pass(4);
    const lists = github.requests.slice(before).filter(({ path }) => path.includes('/issues?'));
    expect(lists).toHaveLength(3);
    expect(lists.every(({ path }) => path.includes('since='))).toBe(true);
    expect(await kept()).toContainEqual(expect.objectContaining({ issue: 1263, closedAt: null }));
  });

  it('goes on in an hour where GitHub was away', async () => {
    const { github } = await begin();
    github.inject({ kind: 'unavailable', pathIncludes: '/issues', times: 1 });
    await pass(1);
    expect(await kept()).toEqual([]);
    now = new Date(now.getTime() + 3_600_000);
    await pass(4);
    expect(await finished()).toBe(true);
    expect(await kept()).toHaveLength(1);
  });
});
