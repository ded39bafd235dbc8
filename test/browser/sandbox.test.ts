import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSandbox, type RunningSandbox } from '../../sandbox/run.ts';
import { closeBrowserAfterwards, openPage } from './open-page.ts';

let sandbox: RunningSandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ scenario: 'connector-saturated', port: 0, log: pino({ level: 'silent' }) });
});
afterAll(() => sandbox.close());
closeBrowserAfterwards();

it('/status written on the page brings the update, with its table and its evidence', async (context) => {
  const page = await openPage(context);
  await page.goto(sandbox.url);
  await page.getByLabel('Comment', { exact: true }).fill('/status');
  await page.getByRole('button', { name: 'Comment', exact: true }).click();
  // The living comment comes after it and begins alike.
  const update = page.getByRole('article').filter({ hasText: 'P0 investigating' }).first();
  await update.waitFor();

  await update.getByText(/^Components: \d+ failing/u).click();
  const row = update.getByRole('row').filter({ hasText: 'connector' }).filter({ hasText: '10/10 instances' });
  await row.first().waitFor();
  expect(await row.first().innerText()).toContain('failing');

  await update.getByText(/^Evidence E1–E\d+/u).click();
  const evidence = update.locator('details', { hasText: /^\s*Evidence E1–E/u }).getByRole('row');
  await evidence.filter({ hasText: 'env.DATABASE_TIMEOUT' }).filter({ hasText: '15.0' }).first().waitFor();
  expect(await evidence.count()).toBeGreaterThan(40);
  await page.getByRole('img', { name: 'rocket' }).waitFor();
  expect([...sandbox.github.refusals, ...sandbox.google.refusals]).toEqual([]);
});
