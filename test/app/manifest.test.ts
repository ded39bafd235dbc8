import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { handledEvents } from '../../src/handlers/dispatch.ts';
import { openPlay, type Play, type PlayOptions } from './play.ts';

/** `app.yml` asks for what the code uses, and for nothing else. */

const manifest = z
  .object({ default_permissions: z.record(z.string(), z.string()), default_events: z.array(z.string()) })
  .parse(parse(await readFile(new URL('../../app.yml', import.meta.url), 'utf8')));

let play: Play | null = null;
afterEach(async () => {
  await play?.close();
  play = null;
});

/**
 * All that the app does today: an update, help, a refusal, a comment that is looked for before it is posted again, and
 * a checkpoint.
 */
async function useEverything(options: PlayOptions = {}): Promise<Play> {
  play = await openPlay(options);
  await play.say('carol', '/sitrep help');
  play.github.inject({ kind: 'commit-then-drop', method: 'POST', pathIncludes: '/comments' });
  await play.say('carol', '/status');
  await play.say('mallory', '/status');
  play.clock.advance(2 * 3_600_000);
  await play.rest();
  return play;
}

/** `issues: write` of `issues=write`, as the stand-in names the permission that a route accepts. */
function permissionsOf({ github }: Play): Map<string, Set<string>> {
  const used = new Map<string, Set<string>>();
  for (const { route, permission } of github.requests) {
    const named = (permission ?? '').split(/[;,]\s*/u).filter(Boolean);
    // REST names alternatives, of which the first is the App's; a query of GraphQL took all of them.
    for (const accepted of route === 'POST /graphql' ? named : named.slice(0, 1)) {
      const [name = '', level = ''] = accepted.split('=');
      used.set(name, (used.get(name) ?? new Set()).add(level));
    }
  }
  return used;
}

test('every permission is used, at the level that is asked for', async () => {
  const used = permissionsOf(await useEverything());
  expect(Object.keys(manifest.default_permissions).toSorted((a, b) => a.localeCompare(b))).toEqual(
    [...used.keys()].toSorted(),
  );
  for (const [name, level] of Object.entries(manifest.default_permissions)) {
    expect([...(used.get(name) ?? [])], name).toContain(level);
  }
});

describe('no permission can be missing or lower', () => {
  const lower = Object.entries(manifest.default_permissions).flatMap(([name, level]) => {
    const { [name]: _gone, ...without } = manifest.default_permissions;
    const missing: [string, Record<string, string>][] =
      name === 'metadata' ? [] : [[`without ${name}`, without]];
    return level === 'write'
      ? [...missing, [`${name}: read only`, { ...without, [name]: 'read' }] as const]
      : missing;
  });
  test.each(lower)('%s', async (_what, permissions) => {
    play = await openPlay({ manifest: { ...manifest, default_permissions: permissions } });
    const { github } = play;
    await github.comment('carol', 1278, '/status');
    // It would be tried again for half a minute; the first refusal tells enough.
    // What is missing for evidence only is a gap of the update, and put on record by the stand-in.
    await expect
      .poll(() => github.requests.some(({ status }) => status === 403) || github.refusals.length > 0, {
        timeout: 20_000,
      })
      .toBe(true);
  });
});

test('what only pull requests of postmortems need is not asked for, and the documentation says how to grant it', async () => {
  const optional = { contents: 'Contents: read and write', pull_requests: 'Pull requests: read and write' };
  const text = await readFile(new URL('../../docs/postmortems.md', import.meta.url), 'utf8');
  for (const [name, words] of Object.entries(optional)) {
    expect(manifest.default_permissions[name]).toBe('read');
    expect(text).toContain(`**${words}**`);
  }
});

/** GitHub sends these to every App (docs.github.com, "Webhook events and payloads"). */
const toEveryApp: ReadonlySet<string | undefined> = new Set(['installation', 'installation_repositories']);

test('the events are those that have a handler', () => {
  const handled = handledEvents.map((event) => event.split('.')[0]);
  const subscribed = handled.filter((event) => !toEveryApp.has(event));
  expect(new Set(manifest.default_events)).toEqual(new Set(subscribed));
});
