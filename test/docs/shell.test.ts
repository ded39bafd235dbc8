import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { fencesOf } from './fences.ts';
import { commandsIn, sitrepArguments } from './shell.ts';

/** The shell blocks of the pages: scripts that a shell takes, of tools of which each is checked somewhere. */

const blocks = fencesOf('sh');

/** Tools that the blocks call, and where it is checked how they are called; `sitrep`, and npm as it calls it, apart. */
const tools: Record<string, string> = {
  npm: 'test/docs/commands.test.ts and test/docs/tools.test.ts',
  git: 'test/docs/tools.test.ts',
  echo: 'test/docs/tools.test.ts',
  printf: 'test/docs/tools.test.ts',
  openssl: 'test/docs/tools.test.ts',
  cat: 'test/docs/tools.test.ts',
  cd: 'test/docs/tools.test.ts',
  export: 'test/docs/tools.test.ts',
  gh: 'test/docs/tools.test.ts',
  docker: 'test/docs/tools.test.ts',
  terraform: 'test/docs/tools.test.ts',
  gcloud: 'test/docs/gcloud.test.ts',
};

test.each(blocks)('bash takes a block of $page: $text', ({ text }) => {
  expect(() => execFileSync('bash', ['-n'], { input: text, stdio: ['pipe', 'pipe', 'pipe'] })).not.toThrow();
});

test('a block that bash does not take is found', () => {
  expect(() => execFileSync('bash', ['-n'], { input: 'for a in b; do', stdio: 'pipe' })).toThrow(
    'Command failed',
  );
});

test('each tool that is called is one that is checked, and no other is listed', () => {
  const called = blocks
    .flatMap(({ text }) => commandsIn(text))
    .filter(({ words }) => sitrepArguments(words, manifest.scripts) === null)
    .flatMap(({ words: [tool] }) => (tool === undefined ? [] : [tool]));
  expect([...new Set(called)].toSorted()).toEqual(Object.keys(tools).toSorted());
});

describe('commands of a script', () => {
  test.each<[script: string, texts: string[]]>([
    ['a b # c\nd', ['a b', 'd']],
    ['A=1 B="x y" a > file', ['A=1 B="x y" a']],
    ['a && b | c', ['a', 'b', 'c']],
    ['T=$(gh auth token) a', ['T=$(gh auth token) a', 'gh auth token']],
    ['for r in x y; do\n  a --r="$r"\ndone', ['a --r="$r"']],
    ['a \\\n  b', ['a \\\n  b']],
    ['export A=1 B', ['export A=1 B']],
  ])('%j', (script, texts) => {
    expect(commandsIn(script).map(({ text }) => text)).toEqual(texts);
  });

  test('that is none', () => {
    expect(() => commandsIn('for a in b; do c')).toThrow('for a in b');
  });
});

describe('what calls sitrep', () => {
  test.each<[words: string, args: string[] | null]>([
    ['sitrep check --json', ['check', '--json']],
    ['npx sitrep check', ['check']],
    ['npm start', ['start']],
    ['npm run sandbox', ['sandbox']],
    ['npm run --silent sandbox -- --once', ['sandbox', '--once']],
    ['npm run types', null],
    ['npm ci', null],
    ['npx vitest', null],
    ['gcloud sitrep', null],
  ])('%s', (words, args) => {
    expect(sitrepArguments(words.split(' '), manifest.scripts)).toEqual(args);
  });
});
