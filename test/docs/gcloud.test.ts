import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { collectors } from '../../src/collectors/list.ts';
import { fencesOf } from './fences.ts';
import { gcloudCommands, wrongGcloud } from './gcloud.ts';
import { fileOf } from './pages.ts';
import { commandsIn } from './shell.ts';

/** Every call of gcloud in the shell blocks: by a command and flags that there are, and of roles that the code knows. */

const blocks = fencesOf('sh').map((fence) => ({
  ...fence,
  calls: commandsIn(fence.text)
    .filter(({ words: [tool] }) => tool === 'gcloud')
    .map(({ text, words }) => ({ text, words: words.slice(1) })),
}));
const calls = blocks.flatMap((block) => block.calls);

test.each(calls)('$text', ({ words }) => {
  expect(wrongGcloud(words)).toBeNull();
});

test('no command stands in the table that no page calls', () => {
  const called = calls.map(({ words }) => words.join(' '));
  const unused = Object.keys(gcloudCommands).filter((name) => !called.some((call) => call.startsWith(name)));
  expect(unused).toEqual([]);
});

describe('a wrong call is found', () => {
  test.each<[call: string, wrong: string]>([
    ['run service describe x', 'there is no command run service describe x'],
    ['run services describe x --regions=y', 'run services describe has no flag --regions'],
    ['run services describe --region=y', 'run services describe takes 1, not 0'],
    ['services enable', 'services enable takes Infinity, not 0'],
  ])('%s', (call, wrong) => {
    expect(wrongGcloud(call.split(' '))).toBe(wrong);
  });
});

/** The roles that a script names; a loop over roles stands for each of them. */
function rolesOf(script: string): string[] {
  const named = [...script.matchAll(/roles\/[\w.]+/gu)].map(([role]) => role);
  const looped = [...script.matchAll(/for role in ([\w. ]+);/gu)].flatMap(([, list = '']) => list.split(' '));
  return [...named, ...looped.map((role) => `roles/${role}`)];
}

function apisOf(text: string): Set<string> {
  return new Set([...text.matchAll(/[a-z]+\.googleapis\.com/gu)].map(([api]) => api));
}

describe('roles', () => {
  const google = collectors.flatMap((collector) => (collector.kind === 'google' ? [collector] : []));
  const reading = new Set(google.flatMap(({ role, roleOn }) => (roleOn === undefined ? [role] : [])));
  const onBuckets = new Set(google.flatMap(({ role, roleOn }) => (roleOn === 'bucket' ? [role] : [])));

  /** What Sitrep needs where it runs itself, beside what it reads. */
  const running = new Set([
    'roles/cloudsql.client',
    'roles/run.invoker',
    'roles/secretmanager.secretAccessor',
  ]);

  test.each(blocks.filter(({ text }) => rolesOf(text).some((role) => reading.has(role))))(
    'a block of $page grants all that is read, once each',
    ({ text }) => {
      const granted = rolesOf(text).filter((role) => !onBuckets.has(role));
      expect(granted.toSorted()).toEqual([...reading].toSorted());
    },
  );

  test('no other role is granted than one of those, and one that it takes to run it', () => {
    const granted = new Set(blocks.flatMap(({ text }) => rolesOf(text)));
    const known = new Set([...reading, ...onBuckets, ...running]);
    expect([...granted].filter((role) => !known.has(role))).toEqual([]);
  });
});

test('the APIs that are enabled by hand are those that Terraform enables', () => {
  const byHand = calls.filter(({ words }) => words.join(' ').startsWith('services enable'));
  const byTerraform = readFileSync(fileOf('deploy/terraform/service.tf'), 'utf8');
  expect(apisOf(byHand.map(({ text }) => text).join(' '))).toEqual(apisOf(byTerraform));
});
