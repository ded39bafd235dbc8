import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openRoom, type Room } from '../sandbox/page/room.ts';
import { closeBrowserAfterwards, openPage } from './open-page.ts';
import { hostsOf, visit } from './visit.ts';

let room: Room;
beforeEach(async () => {
  room = await openRoom();
});
afterEach(() => room.page.close());
closeBrowserAfterwards();

const flow = '```mermaid\nflowchart LR\n  login["login #45; page"] --> db\n```';

/** A phone: there the graph of the components is far below, so that only the thread asks for the library. */
const phone = { viewport: { width: 390, height: 600 } };

/** The text of the first picture. */
async function pictured(page: Page): Promise<string> {
  const source = await page.locator('.drawn img').first().getAttribute('src');
  return decodeURIComponent(source ?? '');
}

it('a fence is drawn as a picture in a frame without an origin, and its source is at hand', async (context) => {
  room.thread.say({ by: 'carol', body: `See:\n\n${flow}\n\nThat is it.` });
  const page = await openPage(context);
  const seen = await visit(page, room.page.url);
  await page.getByRole('img', { name: 'Diagram: flowchart' }).waitFor();
  expect(await pictured(page)).toMatch(/login - page/u);
  expect(await page.locator('iframe').getAttribute('sandbox')).toBe('allow-scripts');
  expect(await page.evaluate("document.querySelector('.drawn img').naturalWidth > 100")).toBe(true);
  await page.getByText('Source of the diagram').click();
  expect(await page.locator('.diagram-source pre').isVisible()).toBe(true);
  expect(seen.complaints).toEqual([]);
  expect(hostsOf(seen)).toEqual([new URL(room.page.url).host]);
});

it('a fence that cannot be drawn stays readable, with the reason', async (context) => {
  room.thread.say({ by: 'carol', body: '```mermaid\nflowchart nonsense ==\n```' });
  const page = await openPage(context);
  await visit(page, room.page.url);
  await page.getByText('This diagram cannot be drawn:').waitFor();
  expect(await page.getByText('flowchart nonsense ==').isVisible()).toBe(true);
  expect(await page.locator('.drawn').count()).toBe(0);
});

it('nothing is loaded before a diagram comes into view, or its fold is opened', async (context) => {
  const far = Array.from({ length: 40 }, (_, index) => `line ${String(index)}`).join('\n\n');
  room.thread.say({ by: 'carol', body: `<details><summary>Picture</summary>\n\n${flow}\n\n</details>` });
  room.thread.say({ by: 'bob', body: `${far}\n\n${flow}` });
  const page = await openPage(context, phone);
  const { requests } = await visit(page, room.page.url);
  const loaded = () => requests.filter(({ pathname }) => pathname === '/mermaid.js').length;
  await page.getByText('Nothing has been read yet').waitFor();
  expect([loaded(), await page.locator('iframe').count()]).toEqual([0, 0]);
  await page.getByText('Picture').click();
  await page.locator('.drawn img').waitFor();
  expect([loaded(), await page.locator('.drawn').count()]).toEqual([1, 1]);
  await page.getByText('line 39').scrollIntoViewIfNeeded();
  await page.locator('.drawn img').nth(1).waitFor();
  expect(loaded()).toBe(1);
});

it('is drawn anew when the system changes its theme', async (context) => {
  room.thread.say({ by: 'carol', body: flow });
  const page = await openPage(context, { colorScheme: 'light' });
  await visit(page, room.page.url);
  await page.locator('.drawn img').waitFor();
  const light = await pictured(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => pictured(page)).not.toBe(light);
  expect(await pictured(page)).toMatch(/login - page/u);
});

it('is enlarged in a dialog, which Escape closes', async (context) => {
  room.thread.say({ by: 'carol', body: flow });
  const page = await openPage(context);
  await visit(page, room.page.url);
  const enlarge = page.getByRole('article').getByRole('button', { name: 'Enlarge' });
  await enlarge.click();
  await page.getByRole('dialog').getByRole('img').waitFor();
  await page.keyboard.press('Escape');
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(await page.evaluate('document.activeElement.className')).toBe('enlarge');
});
