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

it('delivers the last webhook twice, and says so', async (context) => {
  room.thread.say({ by: 'carol', body: '/status' });
  const page = await openPage(context);
  await visit(page, room.page.url);
  await page.getByRole('button', { name: 'Deliver twice' }).click();
  await page.getByText('Delivered twice: issue_comment.created of carol, GUID guid-1').waitFor();
  expect(room.thread.deliveries.map(({ guid }) => guid)).toEqual(['guid-1', 'guid-1']);
});

it('a switch breaks until it is switched off, and another way to fail takes its place', async (context) => {
  const page = await openPage(context);
  await visit(page, room.page.url);
  const logging = page.getByRole('switch', { name: 'Break: Logging API' });
  await logging.click();
  await expect.poll(() => [...room.faults]).toEqual(['Google logging.googleapis.com unavailable']);
  await page.getByLabel('How Logging API fails').selectOption({ label: '403 denied' });
  await expect.poll(() => [...room.faults]).toEqual(['Google logging.googleapis.com denied']);
  room.thread.say({ by: 'carol', body: 'meanwhile' });
  await page.getByText('meanwhile').waitFor();
  expect(await logging.isChecked()).toBe(true);
  await page.reload();
  expect(await logging.isChecked()).toBe(true);
  await logging.focus();
  await page.keyboard.press('Space');
  await expect.poll(() => [...room.faults]).toEqual([]);
  expect(await logging.isChecked()).toBe(false);
});

it('sets and removes labels as the chosen person, and says why not', async (context) => {
  const page = await openPage(context);
  await visit(page, room.page.url);
  await page.getByText('Labels: 1 set').click();
  await page.getByRole('checkbox', { name: 'wontfix' }).check();
  await page.getByText('Labels: 2 set').waitFor();
  await page.getByRole('checkbox', { name: 'P0' }).uncheck();
  await page.getByText('Labels: 1 set').waitFor();
  expect(room.thread.issue(7).labels).toEqual(['wontfix']);
  await page.getByLabel('Write as').selectOption({ label: 'mallory · read' });
  await page.getByRole('checkbox', { name: 'P0' }).click();
  await page.getByText('mallory may not label.').waitFor();
  expect(await page.getByRole('checkbox', { name: 'P0' }).isChecked()).toBe(false);
});

it('closes the issue and opens it again', async (context) => {
  const page = await openPage(context);
  await visit(page, room.page.url);
  await page.getByRole('button', { name: 'Close the issue' }).click();
  await page.getByText('Closed', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Reopen the issue' }).click();
  await page.getByText('Open', { exact: true }).waitFor();
  expect(room.thread.issue(7).state).toBe('open');
});
