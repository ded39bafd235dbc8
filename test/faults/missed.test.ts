import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { startApp, type App } from './app.ts';
import { effectsOf } from './once.ts';
import { openTown, type Asked, type Town } from './town.ts';
import { report, timeLimit, trials } from './trials.ts';

/** Deliveries that came while nothing listened: one sweep takes all of them up. */

let town: Town | null = null;
let app: App | null = null;
afterEach(async () => {
  await app?.stop();
  await town?.close();
  [app, town] = [null, null];
});

/** A port that nobody listens on. */
const nowhere = 'http://127.0.0.1:9/';
/** GitHub lists 100 deliveries a page: these are more than one page, in full two and, with what else came, a third. */
const missedCount = trials({ bounded: 110, full: 200 });
const issueCount = 20;
/** Processes that start within half a minute count as one that starts: a sweep of that age is taken for this one's. */
const sinceStartMs = 31_000;

/** Commands of which GitHub could deliver none. */
async function askInVain(at: Town): Promise<Asked[]> {
  const issues = await Promise.all(Array.from({ length: issueCount }, () => at.openIssue()));
  const asked: Asked[] = [];
  for (let n = 0; n < missedCount; n += 1)
    asked.push(await at.ask(issues[n % issueCount] ?? 0, nowhere, '/sitrep help'));
  return asked;
}

/** A server that has run before and was stopped; gives what it has done. */
async function runBefore(at: Town, database: string): Promise<Asked> {
  app = await startApp(at, database);
  const startedAt = performance.now();
  const asked = await at.ask(await at.openIssue(), app.webhooks);
  await app.rest();
  await app.stop();
  await pause(startedAt + sinceStartMs - performance.now());
  return asked;
}

test.each(
  [
    { server: 'a new server', ran: false, wanted: trials({ bounded: 1, full: 10 }) },
    { server: 'one that ran before', ran: true, wanted: trials({ bounded: 0, full: 10 }) },
  ].filter(({ wanted }) => wanted > 0),
)(
  '$server takes up within one sweep all that was missed while it was down, once',
  async ({ server, ran, wanted }) => {
    let slowestMs = 0;
    for (let trial = 0; trial < wanted; trial += 1) {
      const at = await openTown();
      town = at;
      const database = join(at.dir, 'data');
      const before = ran ? [await runBefore(at, database)] : [];
      const missed = await askInVain(at);
      expect(missed.filter(({ acknowledged }) => acknowledged)).toEqual([]);
      const requestsBefore = at.github.requests.length;

      const startedAt = performance.now();
      app = await startApp(at, database);
      at.github.deliverTo(app.webhooks);
      await at.untilDone(missed, 110_000);
      slowestMs = Math.max(slowestMs, performance.now() - startedAt);
      await app.rest();

      const promised = [...before, ...missed].map((one) => ({ ...one, acknowledged: true }));
      expect(effectsOf(at, promised)).toMatchObject({ lost: [], doubled: [] });
      // One sweep: GitHub was asked once for its list, page by page, and once for each delivery.
      const requests = at.github.requests.slice(requestsBefore);
      const asked = (route: string) => requests.filter((request) => request.route === route);
      const lists = asked('GET /app/hook/deliveries');
      expect(lists.filter(({ path }) => !path.includes('cursor='))).toHaveLength(1);
      expect(asked('POST /app/hook/deliveries/{delivery_id}/attempts')).toHaveLength(missedCount);
      expect(at.github.refusals).toEqual([]);
      await app.stop();
      await at.close();
      [app, town] = [null, null];
    }
    report(`missed while down, ${server}`, {
      trials: wanted,
      missed: wanted * missedCount,
      'slowest until all were done, s': Math.round(slowestMs / 1_000),
    });
  },
  timeLimit(1_800_000),
);
