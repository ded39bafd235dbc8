import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { stackTrace } from '../cli/run.ts';
import { fencesOf } from './fences.ts';
import { openReader, type Reader, type ReaderScenario } from './reader.ts';
import { commandsIn, sitrepArguments } from './shell.ts';

/**
 * Every call of `sitrep` in the shell blocks of the pages is carried out as it stands there, in this process and through
 * the command line's own door: in a directory that holds what the pages speak of, against the stand-ins. The names of the
 * pages are those of two scenarios.
 */

/** What a call of the pages must do. */
interface Row {
  /** Ends with this code; 0 where it is missing. */
  code?: number;
  /** What is to be read in its output, or on the error stream. */
  says: RegExp;
  /** Words that are added, so that it takes a free port, or less time. */
  more?: string[];
  /** Removed from the directory before. */
  without?: string;
  /** The scenario that it meets; the one of netra-systems/netra-apex where it is missing. */
  scenario?: ReaderScenario;
}

const page = { says: /Sitrep's sandbox is on http:\/\/127\.0\.0\.1:\d+/u, more: ['--port', '0'] };
const shop: ReaderScenario = 'crash-on-start';
const setUp = { says: /http:\/\/127\.0\.0\.1:\d+/u };
const thread = { says: /^# .* \(#\d+\)\n\nLabels: /u };
const object = { says: /^\{[^]*"thread":/u };
const snapshot = { says: /"observations":/u };
const silent = { says: /^$/u };
const update = { says: /^### /u };
const wholeDatabase = { says: /sitrep[^ ]*\.jsonl\.gz/u };

const rows: Record<string, Row> = {
  start: setUp,
  'start with APP_ID': silent,
  'start with DATABASE_URL': silent,
  'start with GH_ORG': setUp,
  'start with WEBHOOK_PROXY_URL': setUp,

  'init --project shop-staging': { says: /repositories:/u, without: '.github', scenario: shop },
  'init --project shop-staging --region europe-west1 --repo acme/shop --out .github/sitrep.yml': {
    says: /repositories:/u,
    without: '.github',
    scenario: shop,
  },
  'init --project shop-staging --out - --json': { says: /^\{/u, scenario: shop },
  'init --project shop-staging --repo acme/shop --out /path/to/shop/.github/sitrep.yml': {
    says: /repositories:/u,
    scenario: shop,
  },

  sandbox: page,
  'sandbox --scenario path/to/my-outage': page,
  'sandbox --once': { ...thread, more: ['--scenario', 'crash-on-start'] },
  'sandbox --once --json --scenario crash-on-start': object,
  'sandbox --scenario crash-on-start --once': thread,
  'sandbox --scenario path/to/my-outage --once --json': object,
  'sandbox --scenario my-outage --once': thread,

  'collect --config .github/sitrep.yml --out snapshot.json': { says: /\d+\/\d+ reads OK/u },
  'collect --config .github/sitrep.yml --at 2025-09-15T18:05:00Z --out -': snapshot,
  'collect --config .github/sitrep.yml --out snapshot.json --record my-outage --anonymous': {
    says: /^recorded in my-outage: \d+ files/mu,
    without: 'my-outage',
  },
  'collect --config .github/sitrep.yml --repo netra-systems/netra-apex --out -': snapshot,
  'diagnose --config .github/sitrep.yml --snapshot snapshot.json': {
    says: /^confirmed: vpc-connector-saturated \(connector\)/u,
  },
  'diagnose --config .github/sitrep.yml --snapshot snapshot.json --json': { says: /^\{[^]*"root":/u },
  'render --config .github/sitrep.yml --snapshot snapshot.json --kind status': update,
  'render --config .github/sitrep.yml --snapshot snapshot.json --kind checkpoint': update,
  'render --config .github/sitrep.yml --snapshot snapshot.json --kind status --templates .github/sitrep/templates':
    { says: /^Our own status/u },
  'status --repo netra-systems/netra-apex --issue 1278': update,
  'status --repo netra-systems/netra-apex --issue 1278 --publish': { says: /#issuecomment-\d+/u },
  'status --repo acme/shop --issue 1': { ...update, scenario: shop },
  'replay --repo netra-systems/netra-apex --closed 20': { says: /incidents? read/u },
  'replay --repo netra-systems/netra-apex --closed 100 --json': { says: /^\{[^]*"incidents":/u },

  check: { says: /^\.github\/sitrep\.yml: no error/u },
  'check staging.yml --json': { says: /"errors": \[\]/u },
  doctor: { says: /^database /mu },
  'doctor --config .github/sitrep.yml': { says: /^database /mu },
  'doctor --json': { says: /"checks":/u },
  'doctor --retry 0d9f6c6e-6a55-4d0e-9a39-0c7f4c1c2a01': { code: 1, says: /is no dead letter/u },
  'doctor --retry all': { says: /nothing to try again/u },
  'audit --repo netra-systems/netra-apex --issue 1278': { says: /^/u },
  'audit --since 2025-09-01T00:00:00Z --until 2025-10-01T00:00:00Z --json': { says: /^/u },
  'export --out sitrep-2025-09-15.jsonl.gz': wholeDatabase,
  'export --out sitrep.jsonl.gz': wholeDatabase,
  'export --out sitrep.jsonl.gz --json': { says: /^\{/u },
  'import sitrep-2025-09-15.jsonl.gz': wholeDatabase,
  'import sitrep.jsonl.gz': wholeDatabase,
  'import sitrep.jsonl.gz --json': { says: /^\{/u },
  'restored --since 2025-09-15T03:00:00Z': { says: /what was posted since/u },
};

/** Names of the pages, and what they are here. */
const placeholders: readonly (readonly [ofPage: RegExp, here: string])[] = [
  [/\/path\/to\/shop\//u, 'shop/'],
  [/--issue 1$/u, '--issue 13'],
];

/** A call of the pages: its arguments and its variables, as they stand there. */
interface Call {
  /** What its row is called by. */
  key: string;
  args: string;
  variables: Record<string, string>;
}

/** Each call once, however often the pages have it. */
function callsOfPages(): Call[] {
  const all = fencesOf('sh')
    .flatMap(({ text }) => commandsIn(text))
    .flatMap(({ words, variables }) => {
      const args = sitrepArguments(words, manifest.scripts)?.join(' ');
      if (args === undefined) return [];
      const [first] = Object.keys(variables);
      return [
        { key: args === 'start' && first !== undefined ? `start with ${first}` : args, args, variables },
      ];
    });
  return [...new Map(all.map((call) => [JSON.stringify([call.args, call.variables]), call])).values()];
}

const calls = callsOfPages();

test('each call of the pages has a row, and each row a call', () => {
  expect([...new Set(calls.map(({ key }) => key))].toSorted()).toEqual(Object.keys(rows).toSorted());
});

describe('as it stands on the page', () => {
  let reader: Reader;
  beforeAll(async () => {
    reader = await openReader();
  });
  afterAll(() => reader.close());

  test.each(calls)('$key', async ({ key, args, variables }) => {
    const {
      code = 0,
      says = /^$/u,
      more = [],
      without = null,
      scenario = 'connector-saturated',
    } = rows[key] ?? {};
    const here = placeholders.reduce((text, [ofPage, name]) => text.replace(ofPage, name), args);
    const ran = await reader.call({ args: [...here.split(' '), ...more], variables, scenario, without });
    expect(ran.err).not.toMatch(stackTrace);
    expect({ code: ran.code, told: `${ran.out}${ran.err}` }).toEqual({
      code,
      told: expect.stringMatching(says),
    });
  });
});
