import { request, type IncomingHttpHeaders } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

async function reading(): Promise<unknown> {
  const state: unknown = JSON.parse((await ask('GET', '/thread', own())).text);
  return state;
}

describe('what the page takes', () => {
  it('a comment of a person of the scenario', async () => {
    expect(await write(own(), { by: 'carol', body: '/status' })).toMatchObject({ status: 201 });
    expect(room.thread.thread(7)).toMatchObject([{ by: 'carol', body: '/status' }]);
  });

  it('a move of the clock', async () => {
    const answer = await ask('POST', '/clock', own(), '{"minutes":30}');
    expect(JSON.parse(answer.text)).toEqual({ now: '2025-09-15T18:35:00.000Z' });
    expect(room.clock.now().toISOString()).toBe('2025-09-15T18:35:00.000Z');
  });

  it('the name localhost', async () => {
    const host = `localhost:${new URL(room.page.url).port}`;
    const answer = await write({ ...own(), host, origin: `http://${host}` }, { by: 'carol', body: 'hello' });
    expect(answer.status).toBe(201);
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

  it('a request that names no origin', async () => {
    const { origin: _, ...rest } = own();
    expect((await write(rest, comment)).status).toBe(403);
  });

  it('reading under a foreign name', async () => {
    for (const path of ['/', '/thread', '/events', '/page.js']) {
      expect((await ask('GET', path, { host: 'evil.example' })).status).toBe(421);
    }
  });

  it('JSON that is none, and paths that are not there', async () => {
    expect((await ask('POST', '/comments', own(), '{')).status).toBe(400);
    expect((await ask('GET', '/../package.json', own())).status).toBe(404);
    expect((await ask('POST', '/page.js', own())).status).toBe(404);
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

  it('the thread before any script runs, escaped', async () => {
    room.thread.say({ by: '<b>eve</b>', body: 'Timeout **maintained**' });
    room.thread.label('"><script>');
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
    expect(text).toContain('<span class="badge">pinned</span>');
    expect(text).toContain('title="15 Sep, 18:04 UTC">edited<');
    expect(text).toMatch(/<summary>This comment was marked as outdated<\/summary>.*old status/s);
  });

  it('that a command is being worked on, until it has an outcome', async () => {
    const command = room.thread.say({ by: 'carol', body: '/status' });
    expect(await reading()).toMatchObject({ reading: null });
    room.thread.react(command.id, 'eyes');
    expect(await reading()).toMatchObject({ reading: 'Sitrep' });
    room.thread.react(command.id, 'rocket');
    expect(await reading()).toMatchObject({ reading: null });
  });

  it('an event for every change', async () => {
    const response = await fetch(`${room.page.url}/events`);
    const events = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await events?.read())?.value).toContain('event: change');
    room.thread.say({ by: 'carol', body: 'hello' });
    expect((await events?.read())?.value).toBe('event: change\ndata: {}\n\n');
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
