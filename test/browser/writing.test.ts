import { afterEach, beforeEach, expect, it } from 'vitest';
import { openRoom, type Room } from '../sandbox/page/room.ts';
import { closeBrowserAfterwards, openPage } from './open-page.ts';
import { visit } from './visit.ts';

let room: Room;
beforeEach(async () => {
  room = await openRoom();
});
afterEach(() => room.page.close());
closeBrowserAfterwards();

it('as a chosen person, a command by Enter and several lines by button and by keyboard', async (context) => {
  const page = await openPage(context);
  await visit(page, room.page.url);
  await page.getByLabel('Write as').selectOption({ label: 'mallory · read' });
  await page.getByRole('combobox', { name: 'Command' }).fill('Timeout is 75.0 s');
  await page.keyboard.press('Enter');
  await page.getByText('mallory commented').waitFor();
  expect(await page.getByRole('combobox', { name: 'Command' }).inputValue()).toBe('');
  await page.getByText('Write several lines').click();
  const several = page.getByLabel('Comment', { exact: true });
  await several.fill('second\n\nwith lines');
  await page.getByRole('button', { name: 'Comment', exact: true }).click();
  await page.getByText('with lines').and(page.locator('p')).waitFor();
  await several.fill('third');
  await page.keyboard.press('Control+Enter');
  await page.getByText('third').and(page.locator('p')).waitFor();
  expect(room.thread.thread(7)).toMatchObject([
    { by: 'mallory', body: 'Timeout is 75.0 s' },
    { by: 'mallory', body: 'second\n\nwith lines' },
    { by: 'mallory', body: 'third' },
  ]);
});

it('/status with one press', async (context) => {
  const page = await openPage(context);
  await visit(page, room.page.url);
  await page.getByRole('button', { name: '/status' }).click();
  await page.getByText('alice commented').waitFor();
  expect(room.thread.thread(7)).toMatchObject([{ by: 'alice', body: '/status' }]);
});

it('says why a comment was refused, and keeps its text', async (context) => {
  const page = await openPage(context);
  await visit(page, room.page.url);
  await page.getByText('Write several lines').click();
  await page.getByLabel('Comment', { exact: true }).fill('x'.repeat(65_537));
  await page.getByRole('button', { name: 'Comment', exact: true }).click();
  await page.getByRole('alert').filter({ hasText: 'Too big' }).waitFor();
  expect((await page.getByLabel('Comment', { exact: true }).inputValue()).length).toBe(65_537);
});
