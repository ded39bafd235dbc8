import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSandbox, type RunningSandbox } from '../../sandbox/run.ts';
import { shippedScenarios } from '../../sandbox/scenario/shipped.ts';
import { closeBrowserAfterwards, openPage } from './open-page.ts';
import { visit } from './visit.ts';

let sandbox: RunningSandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ scenario: 'healthy', port: 0, log: pino({ level: 'silent' }) });
});
afterAll(() => sandbox.close());
closeBrowserAfterwards();

it('all scenarios can be chosen by title; one that is chosen is played on the same page, with progress', async (context) => {
  const page = await openPage(context);
  const { complaints } = await visit(page, sandbox.url);
  const picker = page.getByRole('combobox', { name: 'Scenario' });
  const shipped = await shippedScenarios();
  const options = await picker.getByRole('option').allInnerTexts();
  expect(options).toEqual(shipped.map(({ name, title }) => `${title} (${name})`));
  expect(options.length).toBeGreaterThanOrEqual(21);
  const before = sandbox.sandbox();
  await page.getByRole('button', { name: '/status' }).click();
  await page.getByRole('article').filter({ hasText: 'sitrep[bot]' }).first().waitFor();

  await picker.selectOption('crash-on-start');
  await page.getByRole('button', { name: 'Restart with it' }).click();
  await page.getByText(/Opening “Checkout crashes on start after a deployment”, 1 of 2/u).waitFor();
  await page.getByRole('heading', { level: 1, name: '#13' }).waitFor();
  await page.getByText('Opening “').first().waitFor({ state: 'detached' });
  expect(await page.title()).toBe('Checkout crashes on start after a deployment · Sitrep sandbox');
  expect(await picker.inputValue()).toBe('crash-on-start');
  expect(await page.getByRole('article').filter({ hasText: 'sitrep[bot]' }).count()).toBe(0);
  expect(await page.locator('#clock').innerText()).toMatch(/^2026-03-03 11:1\d/u);
  await page.getByText('Nothing has been read yet').waitFor();
  expect(sandbox.sandbox()).not.toBe(before);
  await expect(fetch(before.github.url)).rejects.toThrow('fetch failed');

  await page.getByRole('button', { name: '/status' }).click();
  await page.getByRole('article').filter({ hasText: 'sitrep[bot]' }).first().waitFor();
  expect(complaints).toEqual([]);
}, 90_000);
