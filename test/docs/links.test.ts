import { describe, expect, test } from 'vitest';
import { linksOf, wrongLinks, type LinkWorld } from './links.ts';
import { documentPages, repositoryFiles } from './pages.ts';

/** Every link and picture of every page leads somewhere. There is no network here: of hosts only the name is judged. */

const hosts: Record<string, string> = {
  'github.com': 'the project itself, its advisories, and the repositories of the scenarios',
  'console.cloud.google.com': 'where a reading is seen in Google’s console',
  'cloud.google.com': 'Google’s documentation',
  'www.standardwebhooks.com': 'the standard of webhooks out',
  'cel.dev': 'the language of criteria',
  'oncall.banksia.example': 'a contact of the scenario dependency-unavailable',
  'oncall.maplecart.example': 'a contact of the scenario bad-deploy',
  '127.0.0.1:3000': 'the page of a server on the reader’s own machine',
};

const pages = new Map(documentPages.map(({ path, text }) => [path, linksOf(text)]));

const world: LinkWorld = {
  files: new Set(repositoryFiles),
  fragments: new Map([...pages].map(([path, { fragments }]) => [path, fragments])),
  hosts: new Set(Object.keys(hosts)),
};

test.each([...pages.keys()])('%s', (path) => {
  expect(wrongLinks(path, pages.get(path)?.targets ?? [], world)).toEqual([]);
});

test('every host of the list is still linked to', () => {
  const targets = [...pages.values()].flatMap((page) => page.targets).filter((one) => URL.canParse(one));
  expect(new Set(targets.map((target) => new URL(target).host))).toEqual(world.hosts);
});

test('every page is to be reached from README.md', () => {
  const reached = new Set(['README.md']);
  for (const path of reached)
    for (const target of pages.get(path)?.targets ?? []) {
      if (URL.canParse(target)) continue;
      const { pathname } = new URL(target, `file:///${path}`);
      if (pages.has(pathname.slice(1))) reached.add(pathname.slice(1));
    }
  expect([...pages.keys()].filter((path) => !reached.has(path))).toEqual([]);
});

describe('a bad link is found', () => {
  const small: LinkWorld = {
    files: new Set(['README.md', 'docs/a page.md', 'docs/images/x.png']),
    fragments: new Map([['docs/a page.md', new Set(['one-two'])]]),
    hosts: new Set(['github.com', '127.0.0.1:3000']),
  };

  test.each<[markdown: string, wrong: string | null]>([
    ['[a](a%20page.md)', null],
    ['[a](a%20page.md#one-two), [up](../README.md)', null],
    ['[folder](images/)', null],
    ['![x](images/x.png)', null],
    ['<img src="images/x.png">', null],
    ['<http://127.0.0.1:3000>', null],
    ['[a](A%20page.md)', 'leads to docs/A page.md, which is no file of the repository'],
    ['[a](a%20page.md#one)', 'has no heading #one to lead to'],
    ['[out](../../else.md)', 'leads to ../else.md, which is no file of the repository'],
    ['![x](images/y.png)', 'leads to docs/images/y.png, which is no file of the repository'],
    ['<img alt="" src="images/y.png">', 'leads to docs/images/y.png, which is no file of the repository'],
    ["<a\n  href='b.md'>b</a>", 'leads to docs/b.md, which is no file of the repository'],
    ['[a][1]\n\n[1]: b.md', 'leads to docs/b.md, which is no file of the repository'],
    ['[home](/home/somebody/README.md)', 'is a path of a machine, or of a host; write it from the page'],
    ['[file](file:///work/README.md)', 'is not https'],
    ['[plain](http://github.com/)', 'is not https'],
    ['[other](https://example.com/)', 'goes to example.com, which is not in the list'],
    ['https://example.com/ in the text', 'goes to example.com, which is not in the list'],
    ['[broken](https://[)', 'cannot be read'],
    ['[other port](http://127.0.0.1:4000)', 'is not https'],
  ])('%s', (text, wrong) => {
    const found = wrongLinks('docs/b page.md', linksOf(text).targets, small).map((line) =>
      line.replace(/^\S+ \S+ \S+ /u, ''),
    );
    expect(found).toEqual(wrong === null ? [] : [wrong]);
  });
});

test('fragments are those that GitHub makes', () => {
  const page = '# One `two`, (three)\n\n## A – b\n\n## One two three\n\n## `x.y[]`\n\n<a name="own"></a>\n';
  expect([...linksOf(page).fragments]).toEqual(['one-two-three', 'a--b', 'one-two-three-1', 'xy', 'own']);
});
