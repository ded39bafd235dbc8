import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { closeFront } from '../../src/composition/front.ts';
import { webhookPath } from '../../src/intake/webhook.ts';
import { startApp, startFront, type App } from '../faults/app.ts';
import { openTown, type Town } from '../faults/town.ts';

/** Webhooks are taken before what carries them out is there, and lose nothing by it. */

const doneLimitMs = 60_000;

let town: Town;
let database: string;
let app: App | null = null;
beforeEach(async () => {
  town = await openTown();
  database = join(town.dir, 'data');
});
afterEach(async () => {
  await app?.stop();
  app = null;
  await town.close();
});

async function readiness(origin: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${origin}/readyz`);
  return { status: answer.status, text: await answer.text() };
}

test('what comes before the rest is loaded is acknowledged, and carried out when it is there', async () => {
  const front = await startFront(town, database);
  const { url } = front.intake;
  expect(await readiness(url)).toEqual({ status: 503, text: 'not ready: starting\n' });
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const asked = await town.ask(await town.openIssue(), `${url}${webhookPath}`);
  expect(asked.acknowledged).toBe(true);
  expect(town.answers(asked.issue)).toEqual([]);

  app = await startApp(town, database, {}, front);
  expect(app.url).toBe(url);
  expect(await readiness(url)).toEqual({ status: 200, text: 'ready\n' });
  await town.untilDone([asked], doneLimitMs);
  expect(town.answers(asked.issue)).toHaveLength(1);
});

test('a process that ends before the rest is loaded leaves what it took to the next', async () => {
  const front = await startFront(town, database);
  const asked = await town.ask(await town.openIssue(), `${front.intake.url}${webhookPath}`);
  await closeFront(front);
  expect(town.answers(asked.issue)).toEqual([]);

  app = await startApp(town, database);
  await town.untilDone([asked], doneLimitMs);
  expect(asked.acknowledged).toBe(true);
  expect(town.answers(asked.issue)).toHaveLength(1);
});
