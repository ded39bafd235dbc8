import { afterEach, describe, expect, it } from 'vitest';
import { collect } from '../../src/collectors/collect.ts';
import type { CollectRequest } from '../../src/collectors/collect.ts';
import { createGoogleAccess } from '../../src/collectors/google-access.ts';
import type { GoogleAccess } from '../../src/collectors/google-access.ts';
import { ownReads } from '../../src/collectors/own-reads.ts';
import { ReadFailure } from '../../src/collectors/read-failure.ts';
import type { ReadSharing } from '../../src/collectors/share-reads.ts';
import { startRawGoogle } from './raw-google.ts';
import type { RawGoogle } from './raw-google.ts';
import { configuration, startWorld } from './world.ts';
import type { World } from './world.ts';

/** How the reads of one process go together: each question once, for 30 s, within the quotas. */

let world: World | undefined;
let raw: RawGoogle | undefined;
afterEach(async () => {
  await Promise.all([world?.close(), raw?.close()]);
  [world, raw] = [undefined, undefined];
});

const noon = Date.parse('2025-03-10T12:00:00Z');
const window = { from: '2025-03-10T11:00:00.000Z', to: '2025-03-10T12:00:00.000Z' };

/** The world, with reads that are shared; `clock.ms` is what Sitrep's own clock shows. */
async function start(sharing: Partial<ReadSharing> = {}) {
  world = await startWorld();
  const { google, deps } = world;
  const clock = { ms: noon };
  const now = () => new Date(clock.ms);
  const access = createGoogleAccess({
    endpoint: google.url,
    sharing: { shared: ownReads({ now, ...sharing }), now, ...sharing },
  });
  const asked = () => google.requests.filter(({ path }) => path !== '/token').length;
  const read = (request: Partial<CollectRequest> = {}) =>
    collect({ configuration, window, ...request }, { ...deps, google: access, now });
  return { google, clock, asked, read };
}

/** Requests of one collection of the world. */
const questions = 38;

describe('the same question', () => {
  it('of two collections at once is asked once, and both have the answer', async () => {
    const { read, asked } = await start();
    const [one, other] = await Promise.all([read(), read()]);
    expect(asked()).toBe(questions);
    expect(one.gaps).toEqual([]);
    expect(other).toEqual(one);
  });

  it('is answered from memory for 30 s, and asked anew after that', async () => {
    const { read, asked, clock } = await start();
    await read();
    clock.ms = noon + 29_999;
    await read();
    expect(asked()).toBe(questions);
    clock.ms = noon + 30_000;
    await read();
    expect(asked()).toBe(2 * questions);
  });

  it('is asked each time where the operator wants that', async () => {
    const { read, asked } = await start({ keptMs: 0 });
    await read();
    await read();
    expect(asked()).toBe(2 * questions);
  });

  it('is asked anew where the clock was set back: an answer is never from the future', async () => {
    const { read, asked, clock } = await start();
    await read();
    clock.ms = noon - 1_000;
    await read();
    expect(asked()).toBe(2 * questions);
  });

  it('keeps the time at which its answer was really read', async () => {
    const { read, clock } = await start();
    const first = await read();
    clock.ms = noon + 20_000;
    const second = await read();
    const times = (of: 'google' | 'probe') =>
      second.observations
        .filter(({ source }) => (source.api === 'probe') === (of === 'probe'))
        .map(({ at }) => at);
    expect(new Set(times('google'))).toEqual(new Set(['2025-03-10T12:00:00.000Z']));
    expect(new Set(times('probe'))).toEqual(new Set(['2025-03-10T12:00:20.000Z']));
    expect(second.takenAt).toBe('2025-03-10T12:00:20.000Z');
    expect(second.observations.map(({ id, value }) => [id, value])).toEqual(
      first.observations.map(({ id, value }) => [id, value]),
    );
  });

  it('is asked again after it failed', async () => {
    let failing = true;
    const { google, requests } = await startFailing(() => failing);
    await expect(google.get(connectorCall())).rejects.toThrow(/unavailable/);
    failing = false;
    expect(await google.get(connectorCall())).toEqual({ state: 'READY' });
    expect(requests()).toBe(2);
  });

  it('goes on for those who wait when one of them has left', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    raw = await startRawGoogle(async () => {
      await held;
      return { body: '{"state":"READY"}' };
    });
    const google = shared(raw);
    const leaving = new AbortController();
    const one = google.get(connectorCall(leaving.signal));
    const other = google.get(connectorCall());
    leaving.abort(new ReadFailure('budget', 'enough'));
    await expect(one).rejects.toThrow(/enough/);
    release();
    expect(await other).toEqual({ state: 'READY' });
    expect(raw.requests).toHaveLength(1);
  });

  it('is broken off when nobody waits, and whoever comes then asks anew', async () => {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    let calls = 0;
    raw = await startRawGoogle(() => {
      arrive();
      calls += 1;
      return calls === 1 ? 'hang' : { body: '{"state":"READY"}' };
    });
    const google = shared(raw);
    const leaving = new AbortController();
    const left = google.get(connectorCall(leaving.signal));
    await arrived;
    leaving.abort(new ReadFailure('budget', 'enough'));
    await expect(left).rejects.toThrow(/enough/);
    expect(await google.get(connectorCall())).toEqual({ state: 'READY' });
  });
});

describe('the quota of an API', () => {
  it('lets 60 reads of the log through in any minute; the 61st is a gap that says when it frees', async () => {
    const { google, clock, requests } = await startReading();
    const ask = (n: number) => google.post(logCall(n));
    await Promise.all(Array.from({ length: 30 }, (_, n) => ask(n)));
    clock.ms += 30_000;
    await Promise.all(Array.from({ length: 30 }, (_, n) => ask(30 + n)));
    const refused = ask(60);
    await expect(refused).rejects.toMatchObject({ reason: 'quota', retryAfterMs: 30_000 });
    await expect(refused).rejects.toThrow(
      "Sitrep's own limit of 60 reads a minute of logging.googleapis.com for shop is used up; it frees at 12:01:00 UTC",
    );
    expect(requests()).toBe(60);
    clock.ms += 30_000;
    await ask(60);
    expect(requests()).toBe(61);
  });

  it('is taken from by questions that are asked, not by those whose answer is known', async () => {
    const { google, requests } = await startReading();
    for (let n = 0; n < 100; n += 1) await google.post(logCall(0));
    expect(requests()).toBe(1);
  });

  it('is one for each project and API', async () => {
    const { google, requests } = await startReading({ 'logging.googleapis.com': 1 });
    await google.post(logCall(0));
    await google.post({ ...logCall(0), body: { resourceNames: ['projects/other'] } });
    await google.get(connectorCall());
    expect(requests()).toBe(3);
    await expect(google.post(logCall(1))).rejects.toMatchObject({ reason: 'quota' });
  });

  it('costs a collection what does not fit, and that only', async () => {
    const { read, google } = await start({ perMinute: { 'logging.googleapis.com': 2 } });
    const { gaps, observations } = await read();
    expect(google.requests.filter(({ api }) => api === 'logging.googleapis.com')).toHaveLength(2);
    expect(gaps.map(({ component, reason, source }) => [component, reason, source.api])).toEqual(
      ['web', 'refused', 'front'].map((component) => [component, 'quota', 'logging.googleapis.com']),
    );
    expect(gaps[0]?.detail).toContain("Sitrep's own limit of 2 reads a minute");
    expect(observations.some(({ source }) => source.api === 'monitoring.googleapis.com')).toBe(true);
  });
});

describe('what all processes share, when it is away', () => {
  const away = {
    begin: () => Promise.reject(new Error('the database is away')),
    keep: () => Promise.reject(new Error('the database is away')),
  };

  it('is done without: the process keeps to the quotas by itself', async () => {
    const told: unknown[] = [];
    const { read } = await start({
      shared: away,
      perMinute: { 'logging.googleapis.com': 2 },
      onAway: (error) => told.push(error),
    });
    const { gaps } = await read();
    expect(new Set(gaps.map(({ reason }) => reason))).toEqual(new Set(['quota']));
    expect(told.length).toBeGreaterThan(0);
  });
});

function shared(
  { url }: RawGoogle,
  now: () => Date = () => new Date(noon),
  perMinute: Record<string, number> = {},
): GoogleAccess {
  return createGoogleAccess({ endpoint: url, sharing: { shared: ownReads({ now, perMinute }), now } });
}

/** Google that answers 503 for as long as `failing` says. */
async function startFailing(failing: () => boolean) {
  raw = await startRawGoogle(() => ({ status: failing() ? 503 : 200, body: '{"state":"READY"}' }));
  const { requests } = raw;
  return { google: shared(raw), requests: () => requests.length };
}

/** Google that has an answer to everything, and a clock at noon. */
async function startReading(perMinute: Record<string, number> = {}) {
  raw = await startRawGoogle(() => ({ body: '{}' }));
  const { requests } = raw;
  const clock = { ms: noon };
  return {
    google: shared(raw, () => new Date(clock.ms), perMinute),
    clock,
    requests: () => requests.length,
  };
}

function connectorCall(signal: AbortSignal = new AbortController().signal) {
  return { host: 'vpcaccess.googleapis.com', path: '/v1/projects/shop/locations/l/connectors/link', signal };
}

function logCall(n: number) {
  return {
    host: 'logging.googleapis.com',
    path: '/v2/entries:list',
    body: { resourceNames: ['projects/shop'], filter: `n=${n}` },
    signal: new AbortController().signal,
  };
}
