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

const board =
  '#### Checklist\n\n- [ ] Check the connector\n- [x] Check the database\n\n<details><summary>More</summary>\n\n- [ ] Shift traffic\n\n</details>';

it('boxes of the living comment are ticked and cleared, folded ones too; others are not to be touched', async (context) => {
  room.thread.say({ by: 'sitrep[bot]', bot: true, pinned: true, body: board });
  room.thread.say({ by: 'bob', body: '- [ ] mine' });
  const page = await openPage(context);
  await visit(page, room.page.url);
  await page.getByRole('checkbox', { name: 'Check the connector' }).check();
  await expect.poll(() => room.thread.thread(7)[0]?.body).toContain('- [x] Check the connector');
  await page.getByRole('checkbox', { name: 'Check the database' }).focus();
  await page.keyboard.press('Space');
  await expect.poll(() => room.thread.thread(7)[0]?.body).toContain('- [ ] Check the database');
  await page.getByText('More', { exact: true }).click();
  await page.getByRole('checkbox', { name: 'Shift traffic' }).check();
  await expect
    .poll(() => room.thread.thread(7)[0]?.body)
    .toBe(board.replaceAll('[ ]', '[x]').replace('[x] Check the database', '[ ] Check the database'));
  expect(await page.getByText('Shift traffic').isVisible()).toBe(true);
  expect(await page.getByRole('checkbox', { name: 'mine' }).isDisabled()).toBe(true);
});

it('a box that may not be ticked goes back, with the reason', async (context) => {
  room.thread.say({ by: 'sitrep[bot]', bot: true, pinned: true, body: board });
  const page = await openPage(context);
  await visit(page, room.page.url);
  await page.getByLabel('Write as').selectOption({ label: 'mallory · read' });
  await page.getByRole('checkbox', { name: 'Check the connector' }).click();
  await page.getByText(/mallory may not edit/u).waitFor();
  expect(await page.getByRole('checkbox', { name: 'Check the connector' }).isChecked()).toBe(false);
});
