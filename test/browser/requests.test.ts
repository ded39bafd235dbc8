import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SeenRequest } from '../../sandbox/page/port.ts';
import { openRoom, type Room } from '../sandbox/page/room.ts';
import { closeBrowserAfterwards, openPage } from './open-page.ts';
import { visit } from './visit.ts';

let room: Room;
beforeEach(async () => {
  room = await openRoom();
});
afterEach(() => room.page.close());
closeBrowserAfterwards();

const request = (of: Partial<SeenRequest>): SeenRequest => {
  const startedAt = performance.now();
  const at = '2025-09-15T18:05:09Z';
  return {
    to: 'GitHub',
    api: null,
    at,
    method: 'GET',
    path: '/',
    status: 200,
    startedAt,
    endedAt: startedAt + 12,
    ...of,
  };
};

it('the newest first, with time, method, path, status and milliseconds; one service alone where asked for', async (context) => {
  room.requests.push(
    request({ path: '/repos/acme/shop/issues/7' }),
    request({ to: 'Google', api: 'run.googleapis.com', path: '/v2/<b>x</b>', status: 503 }),
    request({ method: 'POST', path: '/repos/acme/shop/issues/7/comments', status: null, endedAt: null }),
  );
  const page = await openPage(context);
  await visit(page, room.page.url);
  const panel = page.getByRole('region', { name: 'Requests of the app' });
  const rows = panel.getByRole('row');
  await panel.getByText('3 requests to GitHub and Google').waitFor();
  expect((await rows.allInnerTexts()).map((text) => text.split(/\s+/u).join(' ').trim())).toEqual([
    'Time Request Status ms',
    '18:05:09 GitHub POST /repos/acme/shop/issues/7/comments …',
    '18:05:09 run GET /v2/<b>x</b> 503 12',
    '18:05:09 GitHub GET /repos/acme/shop/issues/7 200 12',
  ]);
  await panel.getByRole('radio', { name: 'Google' }).check();
  await panel.getByText('1 request to Google').waitFor();
  expect(await rows.count()).toBe(2);
});

it('no more than a hundred at a time, and how many there were', async (context) => {
  const page = await openPage(context);
  await visit(page, room.page.url);
  room.requests.push(...Array.from({ length: 250 }, (_, index) => request({ path: `/n/${String(index)}` })));
  const panel = page.getByRole('region', { name: 'Requests of the app' });
  await panel.getByText('250 requests to GitHub and Google, the newest 100 shown').waitFor();
  expect(await panel.getByRole('row').count()).toBe(101);
});

it('counts what each /status took, from the comment to its outcome', async (context) => {
  const page = await openPage(context);
  await visit(page, room.page.url);
  room.requests.push(request({}));
  await page.getByRole('button', { name: '/status' }).click();
  await page.getByText('alice commented').waitFor();
  room.requests.push(request({}), request({ to: 'Google' }), request({ to: 'Google' }));
  const tallies = page.getByRole('list', { name: 'Requests of each /status' });
  await tallies.getByText('3 requests').waitFor();
  expect(await tallies.innerText()).toMatch(
    /\/status of alice, 18:05:00: 3 requests \(GitHub 1, Google 2\) so far/u,
  );
  room.thread.react(room.thread.thread(7)[0]?.id ?? 0, 'rocket');
  room.requests.push(request({ startedAt: performance.now() + 60_000 }));
  await expect.poll(() => tallies.innerText()).toMatch(/3 requests \(GitHub 1, Google 2\), \d+\.\d s$/u);
});
