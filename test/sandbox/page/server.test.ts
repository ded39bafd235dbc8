import { request, type IncomingHttpHeaders } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { openRoom, type Room } from './room.ts';

let room: Room;
beforeEach(async () => {
  room = await openRoom();
});
afterEach(() => room.page.close());

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** A request with exactly these headers: fetch would correct Host and Origin. */
function ask(method: string, path: string, headers: Record<string, string>, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(room.page.url);
    const sent = request({ hostname, port, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const own = (): Record<string, string> => ({
  host: new URL(room.page.url).host,
  origin: room.page.url,
  'content-type': 'application/json',
});

const write = (headers: Record<string, string>, body: unknown): Promise<Answer> =>
  ask('POST', '/comments', headers, JSON.stringify(body));

const act = (path: string, body: unknown): Promise<Answer> => ask('POST', path, own(), JSON.stringify(body));

const living = (body: string) => room.thread.say({ by: 'sitrep[bot]', bot: true, pinned: true, body });

async function versionOf(comment: number): Promise<string> {
  const { items } = stateSchema.parse(await reading());
  return items.find(({ id }) => id === `comment-${String(comment)}`)?.version ?? '';
}

const stateSchema = z.object({
  items: z.array(z.object({ id: z.string(), version: z.string(), html: z.string().nullable() })),
});

async function reading(): Promise<unknown> {
  const state: unknown = JSON.parse((await ask('GET', '/thread', own())).text);
  return state;
}

describe('what the page takes', () => {
  it('a comment of a person of the scenario', async () => {
    expect(await write(own(), { by: 'carol', body: '/status' })).toMatchObject({ status: 200 });
    expect(room.thread.thread(7)).toMatchObject([{ by: 'carol', body: '/status' }]);
  });

  it('a move of the clock, minute by minute', async () => {
    await act('/clock', { minutes: 30 });
    await act('/clock', { minutes: 2 });
    await vi.waitFor(() => expect(room.clock.now().toISOString()).toBe('2025-09-15T18:37:00.000Z'));
    expect(await reading()).toMatchObject({ underWay: [] });
  });

  it('a webhook once more: the last one that a person caused', async () => {
    expect(await act('/deliveries', {})).toMatchObject({ status: 409 });
    room.thread.say({ by: 'carol', body: '/status' });
    room.thread.say({ by: 'sitrep[bot]', bot: true, body: 'P0 investigating' });
    expect(await act('/deliveries', {})).toMatchObject({
      status: 200,
      text: JSON.stringify({
        said: 'Delivered twice: issue_comment.created of carol, GUID guid-1, answered 202.',
      }),
    });
    expect(room.thread.deliveries.map(({ guid }) => guid)).toEqual(['guid-1', 'guid-2', 'guid-1']);
  });

  it('a fault until it is mended, in one way at a time', async () => {
    await act('/faults', { id: 'logging', way: 'denied' });
    await act('/faults', { id: 'comments', way: 'hang' });
    await act('/faults', { id: 'logging', way: 'quota' });
    expect([...room.faults].sort()).toEqual([
      'GitHub PATCH hang',
      'GitHub POST hang',
      'Google logging.googleapis.com quota',
    ]);
    await act('/faults', { id: 'logging', way: null });
    await act('/faults', { id: 'comments', way: null });
    expect([...room.faults]).toEqual([]);
  });

  it('labels, and the state of the issue', async () => {
    await act('/labels', { by: 'carol', label: 'wontfix', set: true });
    await act('/labels', { by: 'carol', label: 'P0', set: false });
    await act('/issue', { by: 'carol', state: 'closed' });
    expect(room.thread.issue(7)).toMatchObject({ labels: ['wontfix'], state: 'closed' });
    await act('/issue', { by: 'carol', state: 'open' });
    expect(room.thread.issue(7)).toMatchObject({ state: 'open' });
  });

  it('another scenario', async () => {
    expect(await act('/scenario', { name: 'other' })).toMatchObject({ status: 200 });
    expect(room.opened).toEqual(['other']);
  });

  it('a tick of a box of the living comment, as it was seen', async () => {
    const board = living('- [ ] one\n- [ ] two');
    const seen = { by: 'carol', comment: board.id, version: await versionOf(board.id), box: 1, ticked: true };
    expect(await act('/boxes', seen)).toMatchObject({ status: 200 });
    expect(room.thread.thread(7)).toMatchObject([{ body: '- [ ] one\n- [x] two' }]);
    expect(await act('/boxes', { ...seen, box: 0 })).toMatchObject({ status: 409 });
    expect(await act('/boxes', { ...seen, version: await versionOf(board.id) })).toMatchObject({
      status: 409,
    });
    expect(
      await act('/boxes', { ...seen, by: 'mallory', version: await versionOf(board.id), box: 0 }),
    ).toMatchObject({
      status: 403,
    });
  });

  it('the name localhost', async () => {
    const host = `localhost:${new URL(room.page.url).port}`;
    const answer = await write({ ...own(), host, origin: `http://${host}` }, { by: 'carol', body: 'hello' });
    expect(answer.status).toBe(200);
  });
});

describe('what the page refuses, with nothing written', () => {
  const comment = { by: 'carol', body: '/status' };
  it.each([
    ['another site', () => ({ ...own(), origin: 'https://evil.example' }), comment, 403],
    ['a sandboxed frame', () => ({ ...own(), origin: 'null' }), comment, 403],
    ['another port of this machine', () => ({ ...own(), origin: 'http://127.0.0.1:1' }), comment, 403],
    ['a foreign name pointed at loopback', () => ({ ...own(), host: 'evil.example' }), comment, 421],
    ['a form', () => ({ ...own(), 'content-type': 'text/plain' }), comment, 415],
    ['a body above the cap', own, { by: 'carol', body: 'x'.repeat(600_000) }, 413],
    ['a comment that GitHub would not take', own, { by: 'carol', body: 'x'.repeat(65_537) }, 400],
    ['an empty comment', own, { by: 'carol', body: ' \n' }, 400],
    ['somebody unknown', own, { by: 'eve', body: 'hello' }, 400],
    ['a name of JavaScript', own, { by: 'constructor', body: 'hello' }, 400],
    ['a field too many', own, { ...comment, bot: true }, 400],
  ])('%s', async (_, headers, body, status) => {
    const answer = await write(headers(), body);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toEqual({ error: expect.stringMatching(/\w/) });
    expect(room.thread.thread(7)).toEqual([]);
  });

  it('what GitHub refuses, with its reason', async () => {
    const answer = await write(own(), { by: 'mallory', body: 'not me' });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.text)).toEqual({ error: 'mallory may not write here.' });
  });

  it.each([
    ['a move of the clock of two days', '/clock', { minutes: 2_880 }, 400],
    ['a scenario that is none', '/scenario', { name: '../../etc' }, 409],
    ['a fault that is none', '/faults', { id: 'constructor', way: 'denied' }, 400],
    ['a way to fail that is none', '/faults', { id: 'logging', way: 'explode' }, 400],
    ['a label of somebody without the role', '/labels', { by: 'mallory', label: 'P0', set: false }, 403],
    ['a label of somebody unknown', '/labels', { by: 'eve', label: 'P0', set: false }, 400],
    [
      'a box of a comment that is not the living one',
      '/boxes',
      { by: 'carol', comment: 9_000, version: '', box: 0, ticked: true },
      404,
    ],
  ])('%s', async (_, path, body, status) => {
    room.thread.say({ by: 'carol', body: '- [ ] mine' });
    const before = [room.thread.thread(7), room.thread.issue(7), room.clock.now()];
    const answer = await act(path, body);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toEqual({ error: expect.stringMatching(/\w/) });
    expect([room.thread.thread(7), room.thread.issue(7), room.clock.now()]).toEqual(before);
    expect([room.faults.size, room.opened.length]).toEqual([0, 0]);
  });

  it.each(['/clock', '/scenario', '/deliveries', '/faults', '/labels', '/issue', '/boxes'])(
    'another site that posts to %s',
    async (path) => {
      expect((await ask('POST', path, { ...own(), origin: 'https://evil.example' }, '{}')).status).toBe(403);
    },
  );

  it('a request that names no origin', async () => {
    const { origin: _, ...rest } = own();
    expect((await write(rest, comment)).status).toBe(403);
  });

  it('reading under a foreign name', async () => {
    for (const path of [
      '/',
      '/thread',
      '/events',
      '/page.js',
      '/diagram',
      '/requests',
      '/components',
      '/commands',
    ]) {
      expect((await ask('GET', path, { host: 'evil.example' })).status).toBe(421);
    }
  });

  it('JSON that is none, and paths that are not there', async () => {
    expect((await ask('POST', '/comments', own(), '{')).status).toBe(400);
    expect((await ask('GET', '/../package.json', own())).status).toBe(404);
    expect((await ask('POST', '/page.js', own())).status).toBe(404);
    expect((await ask('POST', '/constructor', own())).status).toBe(404);
    expect((await ask('GET', '/constructor', own())).status).toBe(404);
    expect((await ask('DELETE', '/thread', own())).status).toBe(404);
    expect((await ask('POST', '/clock', own(), '{"minutes":-5}')).status).toBe(400);
  });
});

describe('what the page sends', () => {
  it('forbids everything from elsewhere', async () => {
    const { headers } = await ask('GET', '/', own());
    expect(headers['content-security-policy']).toMatch(/^default-src 'self'/);
    expect(headers['content-security-policy']).not.toMatch(/unsafe|https?:|\*/);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('a frame for diagrams that has no origin and reaches nothing', async () => {
    const { headers, text } = await ask('GET', '/diagram', own());
    const origin = room.page.url;
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; script-src ${origin}/mermaid.js ${origin}/draw-in-frame.js; style-src 'unsafe-inline'; ` +
        `base-uri 'none'; form-action 'none'; frame-ancestors ${origin}; sandbox allow-scripts`,
    );
    expect(text.match(/src="[^"]+"/gu)).toEqual(['src="/mermaid.js"', 'src="/draw-in-frame.js"']);
  });

  it('cards only once', async () => {
    room.thread.say({ by: 'carol', body: 'hello' });
    const { items } = stateSchema.parse(await reading());
    const have = items.map(({ id, version }) => `${id}:${version}`);
    const again = async (known: string[]) =>
      stateSchema
        .parse(JSON.parse((await ask('GET', `/thread?have=${known.join(',')}`, own())).text))
        .items.map(({ html }) => html !== null);
    expect(await again(have)).toEqual([false, false]);
    expect(await again(have.slice(0, 1))).toEqual([false, true]);
  });

  it('the thread before any script runs, escaped', async () => {
    room.thread.say({ by: '<b>eve</b>', body: 'Timeout **maintained**' });
    room.thread.wear('"><script>');
    const { text } = await ask('GET', '/', own());
    expect(text).toContain('<strong>maintained</strong>');
    expect(text).toContain('&lt;b&gt;eve&lt;/b&gt;');
    expect(text).toContain('&quot;&gt;&lt;script&gt;');
  });

  it('a comment that is pinned, edited, or folded away', async () => {
    room.thread.say({
      by: 'sitrep[bot]',
      bot: true,
      body: 'board',
      pinned: true,
      editedAt: '2025-09-15T18:04:00Z',
    });
    room.thread.say({ by: 'sitrep[bot]', bot: true, body: 'old status', minimized: 'outdated' });
    const { text } = await ask('GET', '/', own());
    expect(text).toContain('<span class="badge pin">Pinned</span>');
    expect(text).toContain('· edited 15 Sep, 18:04 UTC<');
    expect(text).toMatch(/<summary>This comment was marked as outdated<\/summary>.*old status/s);
  });

  it('that a command is being worked on, until it has an outcome', async () => {
    const command = room.thread.say({ by: 'carol', body: '/status' });
    expect(await reading()).toMatchObject({ underWay: [] });
    room.thread.react(command.id, 'eyes');
    expect(await reading()).toMatchObject({
      underWay: ['Sitrep works on /status of carol since 18:05:00 UTC'],
    });
    room.thread.react(command.id, 'rocket');
    expect(await reading()).toMatchObject({ underWay: [] });
  });

  it('an event for every change', async () => {
    const response = await fetch(`${room.page.url}/events`);
    const events = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await events?.read())?.value).toContain('event: change');
    room.thread.say({ by: 'carol', body: 'hello' });
    let told = '';
    while (!told.includes('event: change')) told += (await events?.read())?.value ?? '';
    await events?.cancel();
  });
});

it('gives its port back, open streams or not', async () => {
  const other = await openRoom();
  const stream = await fetch(`${other.page.url}/events`);
  await other.page.close();
  await expect(fetch(other.page.url)).rejects.toThrow('fetch failed');
  await stream.body?.cancel().catch(() => 'the stream ended with the server');
});
