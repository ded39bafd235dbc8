import type { Locator, Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { commands } from '../../src/commands/list.ts';
import { openRoom, type Room } from '../sandbox/page/room.ts';
import { closeBrowserAfterwards, openPage } from './open-page.ts';
import { visit } from './visit.ts';

let room: Room;
beforeEach(async () => {
  room = await openRoom();
});
afterEach(() => room.page.close());
closeBrowserAfterwards();

const fieldOf = (page: Page): Locator => page.getByRole('combobox', { name: 'Command' });
const optionsOf = (page: Page): Locator =>
  page.getByRole('listbox', { name: 'Commands' }).getByRole('option');

/** Opens the page and types into the box for commands. */
async function typed(page: Page, text: string): Promise<Locator> {
  await visit(page, room.page.url);
  const field = fieldOf(page);
  await field.click();
  await page.keyboard.type(text);
  return field;
}

it('a slash offers every command of the product, with usage, role and help', async (context) => {
  const page = await openPage(context);
  const field = await typed(page, '/');
  await optionsOf(page).first().waitFor();
  expect(await field.getAttribute('aria-expanded')).toBe('true');
  const offered = await optionsOf(page).allTextContents();
  for (const { usage, role, summary, name } of commands) {
    const own = offered.filter(
      (text) => text.includes(usage) || text.startsWith(usage.split(' [', 1)[0] ?? ''),
    );
    expect(own, name).not.toEqual([]);
    expect(own[0]).toContain(role);
    expect(own[0]).toContain(summary.replaceAll('`', ''));
  }
});

it('a word finds its command without the prefix; arrows choose, around the end, and Enter takes', async (context) => {
  const page = await openPage(context);
  const field = await typed(page, '/lea');
  await optionsOf(page).filter({ hasText: '/sitrep lead' }).waitFor();
  await field.fill('/sitrep stage ');
  const stages = optionsOf(page).filter({ hasText: '/sitrep stage' });
  await stages.nth(3).waitFor();
  const active = async () => page.locator(`#${(await field.getAttribute('aria-activedescendant')) ?? ''}`);
  expect(await (await active()).textContent()).toContain('investigating');
  await page.keyboard.press('ArrowUp');
  expect(await (await active()).textContent()).toContain('monitoring');
  expect(await (await active()).getAttribute('aria-selected')).toBe('true');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  expect(
    await page.getByRole('listbox', { name: 'Commands' }).getByRole('option', { selected: true }).count(),
  ).toBe(1);
  await page.keyboard.press('Enter');
  expect(await field.inputValue()).toBe('/sitrep stage identified');
  expect(await field.getAttribute('aria-expanded')).toBe('false');
  expect(room.thread.thread(7)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.getByText('alice commented').waitFor();
  expect(room.thread.thread(7)).toMatchObject([{ body: '/sitrep stage identified' }]);
});

it('Tab takes, and leaves room for what is to follow; Escape closes, and the text stays', async (context) => {
  const page = await openPage(context);
  const field = await typed(page, '/sitrep imp');
  await optionsOf(page).first().waitFor();
  await page.keyboard.press('Tab');
  expect(await field.inputValue()).toBe('/sitrep impact ');
  await page.keyboard.type('chat is down');
  await page.keyboard.press('Enter');
  await page.getByText('/sitrep impact chat is down').waitFor();
  await page.keyboard.type('/sit');
  await optionsOf(page).first().waitFor();
  await page.keyboard.press('Escape');
  expect(await page.getByRole('listbox').isVisible()).toBe(false);
  expect(await field.inputValue()).toBe('/sit');
  await page.keyboard.press('ArrowDown');
  await optionsOf(page).first().waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.id')).toBe('run');
});

it('a whole command is sent by the first Enter, and a pointer takes too', async (context) => {
  const page = await openPage(context);
  const field = await typed(page, '/stat');
  await optionsOf(page).filter({ hasText: '/status' }).click();
  expect(await field.inputValue()).toBe('/status');
  await field.fill('');
  await page.keyboard.type('/status');
  await page.keyboard.press('Enter');
  await page.getByText('alice commented').waitFor();
  expect(room.thread.thread(7)).toMatchObject([{ body: '/status' }]);
});

it('says where the chosen person lacks the role', async (context) => {
  const page = await openPage(context);
  await visit(page, room.page.url);
  await page.getByLabel('Write as').selectOption({ label: 'carol · triage' });
  await fieldOf(page).click();
  await page.keyboard.type('/sitrep resolve');
  await page.keyboard.press('Backspace');
  await page.getByText('write, you have triage').first().waitFor();
  await fieldOf(page).fill('/statu');
  await optionsOf(page).filter({ hasText: '/status' }).waitFor();
  expect(await optionsOf(page).first().textContent()).not.toContain('you have');
});
