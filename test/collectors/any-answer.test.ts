import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect } from '../../src/collectors/collect.ts';
import type { CollectDeps } from '../../src/collectors/collect.ts';
import { createGoogleAccess } from '../../src/collectors/google-access.ts';
import { ReadFailure } from '../../src/collectors/read-failure.ts';
import { snapshotSchema } from '../../src/core/snapshot.ts';
import { addressOf } from './address.ts';
import { configuration, startWorld } from './world.ts';
import type { World } from './world.ts';

/** Whatever JSON an API answers: a snapshot comes of it, and no value in it that is no value. */

let world: World;
/** Honest answers by what was asked. */
const honest = new Map<string, string>();

beforeAll(async () => {
  world = await startWorld();
  const recording = createGoogleAccess({
    endpoint: world.google.url,
    fetch: async (url, init) => {
      const answer = await fetch(url, init);
      const text = await answer.text();
      honest.set(keyOf(url, init), text);
      return new Response(text, { status: answer.status, headers: answer.headers });
    },
  });
  await collect({ configuration }, { ...world.deps, google: recording });
  honest.set(keyOf(`${world.google.url}/incidents.json`, undefined), JSON.stringify([incident]));
});
afterAll(() => world.close());

/** An incident of the public feed, the parts that are read. */
const incident = {
  id: 'f1',
  external_desc: 'Cloud Run fails',
  begin: '2025-03-10T11:00:00+00:00',
  end: '2025-03-10T11:50:00+00:00',
  status_impact: 'SERVICE_OUTAGE',
  uri: 'incidents/f1',
  affected_products: [{ title: 'Cloud Run', id: 'p' }],
  currently_affected_locations: [{ title: 'Belgium', id: 'europe-west1' }],
  previously_affected_locations: [],
};

function keyOf(url: Parameters<typeof fetch>[0], init: RequestInit | undefined): string {
  const body = init?.body;
  return `${addressOf(url)} ${typeof body === 'string' ? body : ''}`;
}

/** Access that answers what `answer` makes of the honest answer; tokens are honest. */
function answering(
  answer: (text: string) => string,
  isLying: (path: string) => boolean = () => true,
): CollectDeps {
  const google = createGoogleAccess({
    endpoint: world.google.url,
    fetch: (url, init) => {
      const text = honest.get(keyOf(url, init)) ?? '{}';
      const { pathname } = new URL(addressOf(url));
      const lies = pathname !== '/token' && isLying(pathname);
      const headers = { 'content-type': 'application/json' };
      return Promise.resolve(new Response(lies ? answer(text) : text, { status: 200, headers }));
    },
  });
  // Endpoints answer as they do; here it is Google's turn.
  return { ...world.deps, google, grants: { project: () => true, endpoint: () => false } };
}

/** A liar that replaces one part of the honest answer. */
function withPartReplaced(place: number, by: unknown): (text: string) => string {
  return (text) => {
    const value: unknown = JSON.parse(text);
    const paths = pathsOf(value);
    return JSON.stringify(replaced(value, paths[place % paths.length] ?? [], by));
  };
}

/** What is wrong with the snapshot that comes of these answers. */
async function problemsWith(deps: CollectDeps): Promise<unknown[]> {
  const snapshot = await collect({ configuration }, deps);
  const { error } = snapshotSchema.safeParse(snapshot);
  // Metrics and counts are numbers or times; a name that an API gives may be any text.
  const measured = snapshot.observations.filter(({ source }) =>
    ['monitoring.googleapis.com', 'logging.googleapis.com'].includes(source.api),
  );
  const wrong = measured.filter(
    ({ value }) => !/^-?\d+(\.\d+)?$/.test(value) && new Date(value).toISOString() !== value,
  );
  return error ? [error, ...wrong] : wrong;
}

/** JSON values, with those that readers of APIs stumble over more often than chance has them. */
const awkward = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(
    null,
    '',
    '0',
    '-1',
    'NaN',
    'Infinity',
    -0,
    1e308,
    1e-320,
    '9'.repeat(30),
    '2025-13-45T99:99:99Z',
  ),
  fc.constantFrom(
    '+275760-09-13T00:00:00.001Z',
    '0001-01-01T00:00:00Z',
    '__proto__',
    'constructor',
    [],
    {},
    [[]],
    true,
  ),
);

/** The parts of a JSON value that can be replaced, as paths. */
function pathsOf(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (value === null || typeof value !== 'object') return [path];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((inner, index): [number, unknown] => [index, inner])
    : Object.entries(value);
  return [path, ...entries.flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: (string | number)[], by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value))
    return value.map((inner, index) => (index === key ? replaced(inner, rest, by) : inner));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, name === key ? replaced(inner, rest, by) : inner]),
  );
}

describe('any answer', () => {
  it('of any JSON gives a snapshot', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json({ maxDepth: 4 }), async (text) => {
        expect(await problemsWith(answering(() => text))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('with any part replaced by anything gives a snapshot', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), awkward, async (place, by) => {
        expect(await problemsWith(answering(withPartReplaced(place, by)))).toEqual([]);
      }),
      { numRuns: 120 },
    );
  });

  // Each of these has deep answers of its own, of which a part that all share would seldom be a place.
  it.each([
    ['a secret', /\/secrets\//],
    ['a load balancer', /^\/compute\//],
    ['Service Health', /\/events$/],
    ['a Terraform state', /^\/storage\//],
    ['the public feed', /^\/incidents\.json$/],
  ])('of %s with any part replaced by anything gives a snapshot', async (_what, paths) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), awkward, async (place, by) => {
        const lie = withPartReplaced(place, by);
        const deps = answering(lie, (path) => paths.test(path));
        const { google } = deps;
        const withoutHealth = {
          ...google,
          get: (call: Parameters<typeof google.get>[0]) =>
            call.host === 'servicehealth.googleapis.com'
              ? Promise.reject(new ReadFailure('denied', '403'))
              : google.get(call),
        };
        const isFeed = paths.test('/incidents.json');
        expect(await problemsWith(isFeed ? { ...deps, google: withoutHealth } : deps)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('that is no JSON gives a snapshot', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        expect(await problemsWith(answering(() => text))).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });
});
