import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { scenarioSchema } from '../../sandbox/scenario/schema.ts';
import { readPolicy } from '../../src/config/policy-file.ts';
import { readRepositoryConfiguration } from '../../src/config/repository.ts';
import { snapshotSchema } from '../../src/core/snapshot.ts';
import { fencesOf, type Fence } from './fences.ts';

/** YAML and JSON of the pages: what they are a part of takes them. */

/** A kind of block: how it is known, and what is wrong with one. */
interface Kind {
  what: string;
  is: (text: string) => boolean;
  problems: (text: string) => unknown[];
}

const configuration = (text: string): unknown[] => readRepositoryConfiguration(text).errors;

/** The smallest scenario, with a list of the page in its place. */
function scenarioWith(place: string[], list: unknown): unknown[] {
  const [outer = '', inner] = place;
  const result = scenarioSchema.safeParse({
    version: 1,
    title: 'A small outage',
    start: '2026-03-03T10:50:00Z',
    repository: { owner: 'acme', name: 'shop' },
    people: { alice: { role: 'maintain' }, bob: { role: 'write' } },
    issues: [{ number: 7, title: 'Down', by: 'alice', at: '2026-03-03T10:25:00Z' }],
    focus: 7,
    [outer]: inner === undefined ? list : { [inner]: list },
  });
  return result.success ? [] : result.error.issues;
}

const fragment = (begin: string, place: string[]): Kind => ({
  what: `${place.join('.')} of a scenario`,
  is: (text) => text.startsWith(begin),
  // `…` stands for fields that are left out.
  problems: (text) => scenarioWith(place, parse(text.replaceAll(', …', ''))),
});

const kinds: readonly Kind[] = [
  { what: 'a configuration', is: (text) => text.startsWith('version: 1\n'), problems: configuration },
  {
    what: 'a part of a configuration',
    is: (text) => text.startsWith('postmortem:'),
    problems: (text) =>
      configuration(`version: 1\ncomponents: { api: { type: http, url: 'https://shop.example/' } }\n${text}`),
  },
  {
    what: 'a policy',
    is: (text) => text.startsWith('repositories:'),
    problems: (text) => readPolicy(text).errors,
  },
  fragment('- type: google.', ['google', 'resources']),
  fragment('- from: ', ['google', 'logs']),
  fragment('- type: run.', ['google', 'metrics']),
  fragment('- project: ', ['google', 'prometheus']),
  fragment('- url: ', ['endpoints']),
  {
    what: 'the script of a scenario',
    is: (text) => text.startsWith('script:'),
    problems: (text) => scenarioWith(['script'], z.object({ script: z.unknown() }).parse(parse(text)).script),
  },
  {
    what: 'names for --rename',
    is: (text) => text.includes('netra-staging: shop-staging'),
    problems: (text) => z.record(z.string(), z.string()).safeParse(parse(text)).error?.issues ?? [],
  },
  {
    what: 'a configuration of Prometheus',
    is: (text) => text.startsWith('scrape_configs:'),
    problems: (text) => (parse(text) === null ? ['empty'] : []),
  },
  {
    what: 'a comment for editors',
    is: (text) => text === '# yaml-language-server: $schema=../../scenario.schema.json',
    problems: () => [],
  },
  {
    what: 'a snapshot',
    is: (text) => text.startsWith('{'),
    problems: (text) => snapshotSchema.safeParse(JSON.parse(text)).error?.issues ?? [],
  },
];

const kindOf = ({ text }: Fence): Kind | undefined => kinds.find(({ is }) => is(text));
const blocks = fencesOf('yaml', 'json').map((fence) => ({ ...fence, kind: kindOf(fence) }));

test.each(blocks)('$kind.what in $page', ({ kind, text }) => {
  expect(kind?.problems(text)).toEqual([]);
});

describe('a wrong block is found', () => {
  test.each([
    ['version: 1\ncomponents: { web: { type: web } }'],
    ['repositories:\n  a/b: { projects: [x] }'],
    ['- url: https://shop.example/\n  states: [{ state: 200 }]'],
    ['{ "version": 1 }'],
  ])('%s', (text) => {
    const kind = kindOf({ page: '', language: '', text });
    expect(kind?.problems(text)).not.toEqual([]);
  });
});
