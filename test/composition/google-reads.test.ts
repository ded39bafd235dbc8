import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { collect } from '../../src/collectors/collect.ts';
import { createGoogleAccess } from '../../src/collectors/google-access.ts';
import { readSharing, sharedWindowEnd } from '../../src/composition/google-reads.ts';
import { sealWith } from '../../src/composition/sealed.ts';
import { defaultReads, type GoogleReads } from '../../src/config/policy.schema.ts';
import type { Store } from '../../src/store/open.ts';
import { configuration, startWorld, type World } from '../collectors/world.ts';
import { open, silentLog, type TestDatabase } from '../store/engines.ts';
import { startPostgres, type PostgresServer } from '../store/postgres-server.ts';

/** Two processes on one database: they ask Google once for both, and keep to its quotas together. */

let server: PostgresServer;
let database: TestDatabase;
let stores: Store[];
beforeAll(async () => {
  server = await startPostgres();
  database = await server.createDatabase();
  stores = [await open(database.url), await open(database.url)];
});
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await server.stop();
});

let world: World;
beforeEach(async () => {
  world = await startWorld();
  await stores[0]?.run('delete from google_read; delete from google_answer; delete from google_window');
});
afterEach(async () => {
  // Nothing of a test is kept during the next one.
  for (const one of replicas.splice(0)) await one.kept();
  await world.close();
});

const noon = Date.parse('2025-03-10T12:00:00Z');
const questions = 38;

const replicas: { kept: () => Promise<void> }[] = [];

/** A process with a clock of its own. */
function replica(number: 0 | 1, limits: GoogleReads = defaultReads(), secret = 'the key of the App') {
  const store = stores[number];
  if (store === undefined) throw new Error('the store is not open');
  const clock = { ms: noon };
  const now = () => new Date(clock.ms);
  const options = { store, seal: sealWith(secret), limits, now, clock: now, log: silentLog };
  const { shared, ...sharing } = readSharing(options);
  let unkept = 0;
  const watched: typeof shared = {
    async begin(all) {
      const leaves = await shared.begin(all);
      if (limits.kept_seconds > 0) unkept += leaves.filter(({ kind }) => kind === 'ask').length;
      return leaves;
    },
    async keep(answers) {
      await shared.keep(answers);
      unkept -= answers.length;
    },
  };
  const google = createGoogleAccess({ endpoint: world.google.url, sharing: { ...sharing, shared: watched } });
  const deps = { ...world.deps, google, now, windowEnd: sharedWindowEnd({ store, limits }) };
  const made = {
    clock,
    read: () => collect({ configuration }, deps),
    /** Answers are kept after the collection. */
    async kept() {
      await expect.poll(() => unkept, { timeout: 10_000 }).toBe(0);
    },
  };
  replicas.push(made);
  return made;
}

const asked = () => world.google.requests.filter(({ path }) => path !== '/token').length;

describe('two processes on one database', () => {
  it('ask Google once: the other has the answers, with the time at which they were read', async () => {
    const [one, other] = [replica(0), replica(1)];
    const first = await one.read();
    await one.kept();
    other.clock.ms = noon + 20_000;
    const second = await other.read();
    expect(asked()).toBe(questions);
    expect(second.gaps).toEqual([]);
    expect(second.window).toEqual(first.window);
    const fromGoogle = second.observations.filter(({ source }) => source.api !== 'probe');
    expect(new Set(fromGoogle.map(({ at }) => at))).toEqual(new Set(['2025-03-10T12:00:00.000Z']));
    expect(second.observations.map(({ id, value }) => [id, value])).toEqual(
      first.observations.map(({ id, value }) => [id, value]),
    );
  });

  it('ask anew after 30 s, for a window of its own', async () => {
    const [one, other] = [replica(0), replica(1)];
    await one.read();
    await one.kept();
    other.clock.ms = noon + 30_000;
    const { window } = await other.read();
    expect(asked()).toBe(2 * questions);
    expect(window.to).toBe('2025-03-10T12:00:30.000Z');
  });

  it('share the quotas', async () => {
    const limits = { kept_seconds: 0, per_minute: { 'logging.googleapis.com': 4 } };
    const [one, other] = [replica(0, limits), replica(1, limits)];
    const all = await Promise.all([one.read(), other.read()]);
    const logs = world.google.requests.filter(({ api }) => api === 'logging.googleapis.com');
    expect(logs).toHaveLength(4);
    const gaps = all.flatMap((snapshot) => snapshot.gaps);
    expect(new Set(gaps.map(({ reason, source }) => `${reason} of ${source.api}`))).toEqual(
      new Set(['quota of logging.googleapis.com']),
    );
  });

  it('keep answers unreadable: what lies in the database holds no secret that was read', async () => {
    const one = replica(0);
    await one.read();
    await one.kept();
    const rows = (await stores[0]?.run('select key, sealed from google_answer'))?.rows ?? [];
    const text = rows
      .map(
        ({ key, sealed }) =>
          String(key) + (sealed instanceof Uint8Array ? Buffer.from(sealed).toString('latin1') : ''),
      )
      .join('\n');
    expect(text.length).toBeGreaterThan(1_000);
    for (const clear of ['hunter2', 'DB_TIMEOUT', 'shop', 'entries']) expect(text).not.toContain(clear);
  });

  it('of different keys ask each for itself', async () => {
    const one = replica(0);
    await one.read();
    await one.kept();
    await replica(1, defaultReads(), 'another key').read();
    expect(asked()).toBe(2 * questions);
  });

  it('whose clocks differ by ten minutes ask each for itself, each for its own window', async () => {
    const [right, ahead] = [replica(0), replica(1)];
    ahead.clock.ms = noon + 600_000;
    expect((await ahead.read()).window.to).toBe('2025-03-10T12:10:00.000Z');
    await ahead.kept();
    const { window, observations } = await right.read();
    expect(window.to).toBe('2025-03-10T12:00:00.000Z');
    expect(asked()).toBe(2 * questions);
    expect(observations.every(({ at }) => at === '2025-03-10T12:00:00.000Z')).toBe(true);
  });
});

describe('a seal', () => {
  const seal = sealWith('secret');
  it('opens what it closed, under that name only', () => {
    const closed = seal.close('name', 'text ü');
    expect(seal.open('name', closed)).toBe('text ü');
    expect(seal.open('other', closed)).toBeNull();
    expect(sealWith('another').open('name', closed)).toBeNull();
  });

  it('opens nothing that was changed or cut', () => {
    const closed = seal.close('name', 'text');
    for (let at = 0; at < closed.length; at += 1) {
      const changed = Uint8Array.from(closed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(seal.open('name', changed)).toBeNull();
      expect(seal.open('name', closed.subarray(0, at))).toBeNull();
    }
  });

  it('closes the same text differently each time', () => {
    expect(seal.close('name', 'text')).not.toEqual(seal.close('name', 'text'));
  });
});
