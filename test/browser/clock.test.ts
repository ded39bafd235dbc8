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

const advances = {
  '10 minutes': '2025-09-15 18:15:00 UTC',
  '30 minutes': '2025-09-15 18:45:00 UTC',
  '2 hours': '2025-09-15 20:45:00 UTC',
};

it('advances by 10 minutes, 30 minutes and 2 hours', async (context) => {
  const page = await openPage(context);
  await visit(page, room.page.url);
  for (const [distance, then] of Object.entries(advances)) {
    await page.getByRole('button', { name: `Advance the clock by ${distance}` }).click();
    await page.getByText(then).waitFor();
  }
  expect(room.clock.now().toISOString()).toBe('2025-09-15T20:45:00.000Z');
});
