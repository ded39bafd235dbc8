import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startSandbox, type RunningSandbox } from '../../sandbox/run.ts';
import { closeBrowserAfterwards, openPage } from './open-page.ts';
import { hostsOf, visit } from './visit.ts';

/** The whole of it: the real page over the real app between the stand-ins. */

let sandbox: RunningSandbox;
beforeEach(async () => {
  sandbox = await startSandbox({ scenario: 'connector-saturated', port: 0, log: pino({ level: 'silent' }) });
});
afterEach(() => sandbox.close());
closeBrowserAfterwards();

it('/status brings the update, with its table and its evidence; the graph and the requests follow', async (context) => {
  const page = await openPage(context);
  const seen = await visit(page, sandbox.url);
  await page.getByText('Nothing has been read yet').waitFor();
  await page.getByLabel('Write as').selectOption('alice');
  await page.getByRole('combobox', { name: 'Command' }).fill('/status');
  await page.keyboard.press('Enter');
  await page.getByText('Sitrep works on /status of alice since').waitFor();
  const update = page.getByRole('article').filter({ hasText: 'P0 investigating' }).first();
  await update.waitFor();

  await update.getByText(/^Components: \d+ failing/u).click();
  const row = update.getByRole('row').filter({ hasText: 'connector' }).filter({ hasText: '10/10 instances' });
  await row.first().waitFor();
  expect(await row.first().innerText()).toContain('failing');

  await update.getByText(/^Evidence E1–E\d+/u).click();
  const evidence = update.locator('details', { hasText: /^\s*Evidence E1–E/u }).getByRole('row');
  await evidence.filter({ hasText: 'env.DATABASE_TIMEOUT' }).filter({ hasText: '15.0' }).first().waitFor();
  expect(await evidence.count()).toBeGreaterThan(50);
  await page.getByRole('img', { name: 'rocket' }).first().waitFor();

  await page.getByText(/^6 failing, 1 degraded, 6 healthy · read at /u).waitFor();
  await page.getByText('As a table').click();
  const connector = page
    .getByRole('region', { name: 'Components' })
    .getByRole('row')
    .filter({ hasText: 'vpc-connector' });
  expect(await connector.innerText()).toMatch(/failing\s+10\/10 instances/u);
  const drawn = page.locator('#graph img');
  await expect
    .poll(async () => decodeURIComponent((await drawn.getAttribute('src')) ?? ''))
    .toContain('#cf222e');
  const { google, github } = sandbox.sandbox();
  const tallies = page.getByRole('list', { name: 'Requests of each /status' });
  await expect.poll(() => tallies.innerText()).toMatch(/\/status of alice, 18:05:\d\d: \d+ requests/u);
  expect(google.requests.length).toBeGreaterThan(20);
  expect([...github.refusals, ...google.refusals]).toEqual([]);
  expect(seen.complaints).toEqual([]);
  expect(hostsOf(seen)).toEqual([new URL(sandbox.url).host]);
});

it('a webhook that is delivered twice brings one comment', async (context) => {
  const page = await openPage(context);
  await visit(page, sandbox.url);
  const { github, rest, loaded } = sandbox.sandbox();
  await page.getByRole('combobox', { name: 'Command' }).fill('/sitrep help status');
  await page.keyboard.press('Enter');
  await page.getByText('/sitrep help status', { exact: true }).and(page.locator('p')).waitFor();
  await expect.poll(() => github.deliveries.at(-1)?.event).toBe('issue_comment');
  await rest();
  const before = github.thread(loaded.scenario.focus).length;
  await page.getByRole('button', { name: 'Deliver twice' }).click();
  await page.getByText('Delivered twice: issue_comment.created of carol').waitFor();
  await rest();
  expect(github.deliveries.filter(({ redelivery }) => redelivery)).toHaveLength(1);
  expect(github.thread(loaded.scenario.focus)).toHaveLength(before);
});

it('what is broken on the page is said by the next update, and read again when it is mended', async (context) => {
  const page = await openPage(context);
  await visit(page, sandbox.url);
  const { github, rest, loaded } = sandbox.sandbox();
  const statusAfter = async (): Promise<string> => {
    await page.getByRole('button', { name: 'Advance the clock by 10 minutes' }).click();
    await page.getByText(/The clock moves on: \d+ of 10 min/u).waitFor();
    await page.getByText('The clock moves on').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: '/status' }).click();
    await expect
      .poll(
        () => github.thread(loaded.scenario.focus).findLast(({ body }) => body === '/status')?.reactions,
        { timeout: 20_000 },
      )
      .toContain('rocket');
    await rest();
    return github.thread(loaded.scenario.focus).findLast(({ bot, pinned }) => bot && !pinned)?.body ?? '';
  };
  const logging = page.getByRole('switch', { name: 'Break: Logging API' });
  await page.getByLabel('How Logging API fails').selectOption({ label: '403 denied' });
  await logging.click();
  expect(await statusAfter()).toMatch(/Logging.*denied|denied.*Logging/isu);
  await logging.click();
  expect(await statusAfter()).not.toMatch(/logging\.googleapis\.com.*denied/isu);
}, 120_000);

it('a box of the living comment that is ticked is done, and the update that follows knows it', async (context) => {
  const page = await openPage(context);
  await visit(page, sandbox.url);
  const { github, rest, loaded } = sandbox.sandbox();
  await page.getByRole('button', { name: '/status' }).click();
  const board = page.getByRole('article').filter({ hasText: 'Pinned' });
  await board.getByText('Checklist 0/6 done').waitFor();
  await page.getByLabel('Write as').selectOption('bob');
  await board.getByRole('checkbox', { name: 'Check the connector' }).check();
  await board.getByText('Checklist 1/6 done').waitFor();
  await rest();
  const { body } = github.thread(loaded.scenario.focus).find(({ pinned }) => pinned) ?? { body: '' };
  expect(body).toMatch(/- \[x\] .*Check the connector/u);
  await page.getByLabel('Write as').selectOption('mallory');
  await board.getByRole('checkbox', { name: 'Check the database' }).click();
  await page.getByText(/mallory has the role read in netra-apex; this needs write/u).waitFor();
  expect(await board.getByRole('checkbox', { name: 'Check the database' }).isChecked()).toBe(false);
});

it('while comments on GitHub are broken the command is under way; mended, its update comes, once', async (context) => {
  const page = await openPage(context);
  await visit(page, sandbox.url);
  const { github, rest, loaded } = sandbox.sandbox();
  const updates = () => github.thread(loaded.scenario.focus).filter(({ bot, pinned }) => bot && !pinned);
  const comments = page.getByRole('switch', { name: 'Break: GitHub comments' });
  await comments.click();
  await page.getByRole('button', { name: '/status' }).click();
  const refused = page
    .getByRole('row')
    .filter({ hasText: /POST .*\/comments\b/u })
    .filter({ hasText: '503' });
  await refused.first().waitFor();
  expect(await page.getByText('Sitrep works on /status of carol since').isVisible()).toBe(true);
  expect(updates()).toEqual([]);
  await comments.click();
  await page.getByRole('article').filter({ hasText: 'P0 investigating' }).first().waitFor();
  await page.getByText('Sitrep works on').waitFor({ state: 'detached' });
  await rest();
  expect(updates()).toHaveLength(1);
}, 60_000);
