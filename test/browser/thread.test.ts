import { afterEach, beforeEach, expect, it } from 'vitest';
import { openRoom, type Room } from '../sandbox/page/room.ts';
import { closeBrowserAfterwards, openPage } from './open-page.ts';
import { hostsOf, visit } from './visit.ts';

let room: Room;
beforeEach(async () => {
  room = await openRoom('Login is **down**.\n<!-- sitrep:hidden -->');
});
afterEach(() => room.page.close());
closeBrowserAfterwards();

it('shows the issue, marked as a simulation, without complaint and from its own host only', async (context) => {
  const page = await openPage(context);
  const seen = await visit(page, room.page.url);
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Staging is down #7');
  expect(await page.getByRole('banner').innerText()).toMatch(/Simulation.*no real incident/s);
  expect(await page.getByRole('article').locator('strong', { hasText: 'down' }).count()).toBe(1);
  expect(await page.content()).not.toContain('sitrep:hidden');
  expect(
    await page.evaluate("getComputedStyle(document.querySelector('.head .label')).backgroundColor"),
  ).toBe('rgb(182, 2, 5)');
  expect(seen.complaints).toEqual([]);
  expect(hostsOf(seen)).toEqual([new URL(room.page.url).host]);
});

it('needs a handful of small files for its first view; the library for diagrams comes afterwards', async (context) => {
  const page = await openPage(context, { viewport: { width: 390, height: 844 } });
  const { requests } = await visit(page, room.page.url);
  await page.getByText('Login is down.').waitFor();
  await page.getByText('Nothing has been read yet').waitFor();
  const paths = requests.map(({ pathname }) => pathname);
  expect(paths).not.toContain('/mermaid.js');
  expect(paths.filter((path) => path.endsWith('.js') || path.endsWith('.css')).length).toBeLessThanOrEqual(
    15,
  );
  expect(requests.length).toBeLessThanOrEqual(24);
});

it('follows what happens: comment, reaction, progress, label', async (context) => {
  const page = await openPage(context);
  await visit(page, room.page.url);
  const command = room.thread.say({ by: 'carol', body: '/status' });
  await page.getByText('carol commented').waitFor();
  room.thread.react(command.id, 'eyes');
  const progress = page.getByText('Sitrep works on /status of carol since 18:05:00 UTC');
  await progress.waitFor();
  await page.getByRole('img', { name: 'eyes' }).waitFor();
  room.thread.say({ by: 'sitrep[bot]', bot: true, body: '### P0 investigating' });
  room.thread.react(command.id, 'rocket');
  room.thread.wear('regression');
  await page.getByRole('heading', { name: 'P0 investigating' }).waitFor();
  await page.getByText('New comment by sitrep[bot].').waitFor();
  await page.locator('.head').getByText('regression').waitFor();
  await progress.waitFor({ state: 'detached' });
  expect(await page.getByRole('article').count()).toBe(3);
});

it('keeps a fold open that a reader has opened', async (context) => {
  const fold = room.thread.say({
    by: 'sitrep[bot]',
    bot: true,
    body: '<details><summary>More</summary>\n\ninner\n\n</details>',
  });
  const page = await openPage(context);
  await visit(page, room.page.url);
  await page.getByText('More', { exact: true }).click();
  await page.getByText('inner').waitFor();
  room.thread.react(fold.id, 'heart');
  await page.getByRole('img', { name: 'heart' }).waitFor();
  expect(await page.getByText('inner').isVisible()).toBe(true);
});

it('says that the sandbox does not answer, and goes on when it does', async (context) => {
  const page = await openPage(context);
  await visit(page, room.page.url);
  await page.route('**/thread*', (route) => route.abort());
  room.thread.say({ by: 'carol', body: 'while away' });
  await page.getByText('The sandbox does not answer').waitFor();
  await page.unroute('**/thread*');
  room.thread.say({ by: 'carol', body: 'back again' });
  await page.getByText('back again').waitFor();
  expect(await page.getByText('while away').count()).toBe(1);
  expect(await page.getByText('The sandbox does not answer').isVisible()).toBe(false);
});
