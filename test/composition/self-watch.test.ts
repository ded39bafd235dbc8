import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { examine } from '../../src/composition/doctor.ts';
import { openReadiness } from '../../src/composition/readiness.ts';
import { startSelfWatch, type SelfWatch, type SelfWatchTimes } from '../../src/composition/self-watch.ts';
import { hasStuckJobs, oldestJob } from '../../src/queue/stuck.ts';
import { openIncident } from '../../src/store/incidents.ts';
import { oldestDueCheckpoint, planCheckpoints } from '../../src/store/checkpoints.ts';
import type { Store } from '../../src/store/open.ts';
import { startWorkers, type Workers } from '../queue/workers.ts';
import { open } from '../store/engines.ts';

/** What Sitrep sees of itself, on a real database and queue. */

let store: Store;
let queue: Workers;
let watch: SelfWatch | null = null;
beforeEach(async () => {
  store = await open('memory:');
  queue = await startWorkers(store);
});
afterEach(async () => {
  await watch?.stop();
  watch = null;
  await queue.stop({ graceMs: 0 });
  await store.close();
});

interface Line {
  level: 'warn' | 'error';
  trouble?: string;
  over?: boolean;
  message: string;
}

const clock = () => performance.now();

async function startWatch(times: Partial<SelfWatchTimes>) {
  const lines: Line[] = [];
  const note = (level: Line['level']) => (fields: object, message: string) =>
    void lines.push({ level, ...fields, message });
  const readiness = openReadiness({ store, clock, log: { debug: () => undefined } });
  readiness.begin(queue);
  watch = startSelfWatch(
    {
      store,
      readiness,
      github: { sign: () => 'unknown' },
      askGitHub: () => Promise.resolve(),
      checkpointClock: null,
      tell: () => Promise.resolve(),
      now: () => new Date(),
      clock,
      log: { warn: note('warn'), error: note('error') },
    },
    { everyMs: 20, patienceMs: 50, calmMs: 100, lateMs: 200, ...times },
  );
  return lines;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(10);
}

test('jobs that nobody takes: one line at the beginning, one at the end, and the doctor in between', async () => {
  const lines = await startWatch({});
  await queue.add({ n: 1 });
  await until(() => lines.length > 0);
  expect(lines).toMatchObject([
    { level: 'error', trouble: 'queue', message: 'trouble: jobs wait that are due, and nobody takes them' },
  ]);
  expect(watch?.open()).toEqual(['queue']);
  await pause(100);
  const report = await examine({ store, schema: { missing: [], unknown: [] }, server: 1, now: new Date() });
  expect(report.troubles).toMatchObject([{ kind: 'queue' }]);
  expect(report.problems).toMatchObject([
    { about: 'trouble', text: expect.stringMatching(/^Since .* UTC jobs wait that are due.*sitrep doctor/u) },
  ]);
  await queue.work('commands', () => Promise.resolve());
  await until(() => lines.length > 1);
  expect(lines.slice(1)).toMatchObject([
    { level: 'warn', trouble: 'queue', over: true, message: 'trouble is over: jobs are taken again' },
  ]);
  await pause(200);
  expect(lines).toHaveLength(2);
  const after = await examine({ store, schema: { missing: [], unknown: [] }, server: 1, now: new Date() });
  expect(after).toMatchObject({ troubles: [], problems: [] });
});

test('a job behind one that runs is not stuck; one that is due and free is', async () => {
  const held = Promise.withResolvers<void>();
  await queue.work('commands', () => held.promise);
  await queue.add({ n: 1 }, { key: 'issue' });
  await queue.add({ n: 2 }, { key: 'issue' });
  await pause(50);
  expect(await hasStuckJobs(store, 0)).toBe(false);
  await queue.add({ n: 3 }, {}, 'boards');
  await pause(50);
  expect(await hasStuckJobs(store, 10)).toBe(true);
  expect(await hasStuckJobs(store, 60_000)).toBe(false);
  held.resolve();
});

test('a promised update that was taken and is not posted counts as long as its job is not done', async () => {
  expect(await oldestJob(store, 'checkpoints', 'kind')).toBe(0);
  await queue.add({ incident: 'a', due: 'b' }, {}, 'checkpoints');
  expect(await oldestJob(store, 'checkpoints', 'kind')).toBe(0);
  await queue.add({ incident: 'a', kind: '2h' }, {}, 'checkpoints');
  await pause(20);
  expect(await oldestJob(store, 'checkpoints', 'kind')).toBeGreaterThan(10);
});

/** A clock that stands still. */
const standing = (at: string) => () => new Date(at);

test('a promised update that nobody takes is late by the time since', async () => {
  expect(await oldestDueCheckpoint(store.db, null)).toBe(0);
  const declaredAt = new Date('2025-09-15T17:00:00Z');
  await store.db.transaction().execute(async (trx) => {
    const { id } = await openIncident(trx, {
      installationId: 1,
      repositoryId: 2,
      repository: 'acme/shop',
      issue: 3,
      title: 'Chat is down',
      severity: null,
      declaredAt,
    });
    await planCheckpoints(
      trx,
      id,
      { checkpoints: ['2h'], takenAt: declaredAt },
      standing('2025-09-15T17:00:30Z'),
    );
  });
  expect(await oldestDueCheckpoint(store.db, standing('2025-09-15T18:59:00Z'))).toBe(0);
  expect(await oldestDueCheckpoint(store.db, standing('2025-09-15T19:07:00Z'))).toBe(7 * 60_000);
  await store.run(`update incident set snoozed_until = '2025-09-15T19:05:00Z'`);
  expect(await oldestDueCheckpoint(store.db, standing('2025-09-15T19:04:00Z'))).toBe(0);
  expect(await oldestDueCheckpoint(store.db, standing('2025-09-15T19:07:00Z'))).toBe(2 * 60_000);
});
