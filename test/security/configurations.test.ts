import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPolicy } from '../../src/config/policy-file.ts';
import { readRepositoryConfiguration, resolveEnvironment } from '../../src/config/repository.ts';
import { repositorySchema, type RepositoryFile } from '../../src/config/repository.schema.ts';
import { checkExpression } from '../../src/core/criteria/check.ts';
import { evaluateOver } from '../../src/core/criteria/evaluate.ts';
import { factsOf } from '../../src/core/criteria/facts.ts';
import { celLimits } from '../../src/core/criteria/names.ts';
import { configuration as known, input } from '../core/criteria.fixture.ts';
import { report, seed, timeLimit, trials } from './trials.ts';

/**
 * Configurations, policies and CEL of strangers: an error with its place in the file, or a valid result; nothing is thrown,
 * hangs or fills the memory.
 */

const numRuns = trials({ bounded: 300, full: 5_000 });
const timeout = timeLimit(1_200_000);
const example = readFileSync(new URL('../../docs/sitrep.example.yml', import.meta.url), 'utf8');
const policy = `github_writes: { burst: 5 }
repositories:
  "acme/*":
    google_cloud_projects: [my-project]
    probe_hosts: ["*.example.com", 10.0.0.5]
    teams: { write: [sre] }
    notify: { ops: [{ slack: { url_env: OPS_URL } }] }
`;

/** Names that objects have of their own. */
const ownNames = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype', 'valueOf'];

const signs = [
  ['*a', '&a', '!x', '!!js/function ', '{', '}', '[', ']', ':', '- ', '|', '>', "'", '"', '\n', '\t', '? '],
  [
    '---\n',
    '...\n',
    '#',
    '%YAML 1.1\n',
    '<<: ',
    '<<: *a',
    '\r\n',
    '\r',
    '\0',
    '\uFEFF',
    '\u2028',
    '\u0085',
    '~',
  ],
  ['null', 'true', 'yes', '0x1', '0o7', '1e309', '-0', '.nan', '.inf', '9'.repeat(400), '2025-09-15', '1:30'],
  // Letters that look like others.
  ['соmponents', 'ⅴersion', 'а', '\u202E', '\u200B', '\uD800', '😀'],
  ownNames.map((name) => `${name}: `),
].flat();

/** A change at a place (a share of the length): characters cut out, something put in. */
const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat(12),
  put: fc.oneof(fc.string({ unit: 'grapheme', maxLength: 8 }), fc.constantFrom(...signs)),
});
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

function changed(text: string, changes: readonly Change[]): string {
  return changes.reduce((now, { at, cut, put }) => {
    const start = Math.floor(at * now.length);
    return now.slice(0, start) + put + now.slice(start + cut);
  }, text);
}

/** Whole lines are repeated, exchanged, indented otherwise or given another key. */
function restructured(text: string, moves: readonly [from: number, to: number, how: number][]): string {
  const lines = text.split('\n');
  for (const [from, to, how] of moves) {
    const [at, place] = [Math.floor(from * lines.length), Math.floor(to * lines.length)];
    const line = lines[at] ?? '';
    if (how === 0) lines.splice(place, 0, line);
    else if (how === 1) lines.splice(at, 1);
    else if (how === 2) lines[at] = `${' '.repeat(place % 9)}${line.trimStart()}`;
    else lines[at] = line.replace(/^(\s*)[^:\s]+:/u, `$1${ownNames[place % ownNames.length] ?? ''}:`);
  }
  return lines.join('\n');
}

const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

function mutated(text: string): fc.Arbitrary<string> {
  return fc.oneof(
    fc.array(change, { minLength: 1, maxLength: 5 }).map((changes) => changed(text, changes)),
    fc
      .array(fc.tuple(share, share, fc.nat(3)), { minLength: 1, maxLength: 4 })
      .map((moves) => restructured(text, moves)),
    // Bytes that are no UTF-8 any more.
    fc.array(fc.tuple(share, fc.nat(255)), { minLength: 1, maxLength: 4 }).map((bytes) => {
      const buffer = Buffer.from(text);
      for (const [at, byte] of bytes) buffer[Math.floor(at * buffer.length)] = byte;
      return buffer.toString('utf8');
    }),
  );
}

interface Told {
  line: number;
  column: number;
  message: string;
  remedy: string;
}

/** The errors that do not stand in the text or do not say what to do: there should be none. */
function unsound(text: string, errors: readonly Told[]): unknown[] {
  const lines = text.split('\n');
  return errors.filter(({ line, column, message, remedy }) => {
    const length = lines[line - 1]?.length;
    const isPlace = length !== undefined && column >= 1 && column <= length + 1;
    return !isPlace || message === '' || remedy === '';
  });
}

/** Reads a file, and judges that what is left of it is sound; whether it had errors. */
function judged(text: string): boolean {
  const { configuration, errors } = readRepositoryConfiguration(text);
  expect(unsound(text, errors)).toEqual([]);
  const file: RepositoryFile = configuration ?? repositorySchema.parse({ version: 1 });
  const { unreadable, ...rest } = file;
  expect(repositorySchema.safeParse(rest).success).toBe(true);
  expect(unreadable === undefined || errors.length > 0).toBe(true);
  const resolved = resolveEnvironment(rest);
  const components = 'error' in resolved ? {} : resolved.components;
  const targets = Object.values(components).flatMap(({ depends_on, via }) => [
    ...depends_on,
    ...(via === undefined ? [] : [via]),
  ]);
  expect(Object.keys(components)).toEqual(expect.arrayContaining(targets));
  expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  expect(Object.keys(Object.prototype)).toEqual([]);
  return errors.length > 0;
}

describe('a configuration', { timeout }, () => {
  test('that is mutated: errors with their places, or what is left is sound', () => {
    let withErrors = 0;
    fc.assert(
      fc.property(mutated(example), (text) => {
        if (judged(text)) withErrors += 1;
      }),
      { seed: seed(), numRuns },
    );
    expect(withErrors).toBeGreaterThan(numRuns / 10);
    report('configurations, mutated', { tried: numRuns, 'with errors': withErrors, thrown: 0 });
  });

  test('with any data in place of a part', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(repositorySchema.shape)),
        fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.dictionary(fc.constantFrom(...ownNames), fc.jsonValue())),
        (path, value) => {
          const base = { version: 1, components: { a: { type: 'secret', name: 'a' } } };
          // Written out, since an object that is spread loses the key __proto__.
          const text = `{${[...Object.entries(base).filter(([key]) => key !== path), [path, value] as const]
            .map(([key, data]) => `${JSON.stringify(key)}: ${JSON.stringify(data)}`)
            .join(', ')}}`;
          expect(judged(text)).toBeTypeOf('boolean');
        },
      ),
      { seed: seed(), numRuns },
    );
  });

  const atTheEdge = (bytes: number): string => {
    const head = `${example}\n# `;
    return head + 'x'.repeat(bytes - Buffer.byteLength(head));
  };
  const rows: [what: string, text: string, code: string | null][] = [
    ['of 64 KB', atTheEdge(65_536), null],
    ['of 64 KB and a byte', atTheEdge(65_537), 'too-large'],
    ['of 64 KB in letters of two bytes', `# ${'é'.repeat(32_768)}`, 'too-large'],
    ['of nothing', '', 'empty'],
    ['of spaces', ' '.repeat(60_000), 'empty'],
    ['with Windows line ends', example.replaceAll('\n', '\r\n'), null],
    ['with a byte order mark', `\uFEFF${example}`, null],
    ['with NUL', example.replace('version', 'ver\0sion'), 'unknown-key'],
    ['with an alias', 'version: 1\ncomponents: &a { }\nlabels: *a\n', 'alias'],
    ['with a merge key', 'version: 1\ncomponents: &a {}\n<<: *a\n', 'alias'],
    ['with a billion laughs', laughs(9), 'alias'],
    ['with a tag', 'version: !!js/function "1"\n', 'yaml'],
    ['with two documents', `${example}\n---\nversion: 1\n`, 'yaml'],
    ['with a key twice', 'version: 1\nversion: 1\n', 'duplicate-key'],
    ['with a map as a key', 'version: 1\n? { a: b }\n: c\n', 'complex-key'],
    ['with a key of 50,000 letters', `version: 1\n${'k'.repeat(50_000)}: 1\n`, 'any'],
    [
      'with 9,000 keys',
      `version: 1\n${Array.from({ length: 9_000 }, (_, at) => `k${String(at)}: 1`).join('\n')}`,
      'any',
    ],
    ['with a number of 60,000 digits', `version: ${'9'.repeat(60_000)}\n`, 'any'],
    ['with a map in place of a word', 'version: { toString: 0 }\n', 'wrong-value'],
    ...ownNames.flatMap((name): typeof rows => [
      [`with a component ${name}`, `version: 1\ncomponents: { ${name}: { type: secret, name: a } }\n`, 'any'],
      [`with a journey ${name}`, `version: 1\njourneys: { ${name}: { title: t, steps: [a] } }\n`, 'any'],
      [`with a contact ${name}`, `version: 1\ncontacts: { ${name}: { name: n } }\n`, 'any'],
      [`with an environment ${name}`, `version: 1\nenvironments: { ${name}: {} }\n`, 'any'],
      [
        `that depends on ${name}`,
        `version: 1\ncomponents: { a: { type: secret, name: a, depends_on: [${name}] } }\n`,
        'any',
      ],
    ]),
  ];
  test.each(rows)('%s', (_what, text, code) => {
    judged(text);
    const codes = readRepositoryConfiguration(text).errors.map((error) => error.code);
    const isAsWanted =
      code === null ? codes.length === 0 : code === 'any' ? codes.length > 0 : codes.includes(code);
    expect([codes, isAsWanted]).toEqual([codes, true]);
  });

  test.each(
    ['[', '{a: ', '- ', '? '].flatMap((open) =>
      [100, 1_000, 5_000, 9_000, 30_000].map((depth): [string, number] => [open, depth]),
    ),
  )('%j within each other, %i times', (open, depth) => {
    expect(judged(`version: 1\nplan: ${open.repeat(depth)}`.slice(0, 65_000))).toBe(true);
  });
});

/** Each line names the one before nine times. */
function laughs(depth: number): string {
  const lines = ['a0: &a0 ha'];
  for (let at = 1; at <= depth; at += 1) {
    const before = `*a${String(at - 1)}`;
    lines.push(`a${String(at)}: &a${String(at)} [${Array.from({ length: 9 }, () => before).join(', ')}]`);
  }
  return `version: 1\n${lines.join('\n')}\n`;
}

test('a policy that is mutated grants nothing where it has an error', { timeout }, () => {
  let withErrors = 0;
  fc.assert(
    fc.property(mutated(policy), (text) => {
      const read = readPolicy(text);
      expect(unsound(text, read.errors)).toEqual([]);
      expect(read.policy === null).toBe(read.errors.length > 0);
      if (read.policy === null) withErrors += 1;
    }),
    { seed: seed(), numRuns },
  );
  expect(withErrors).toBeGreaterThan(numRuns / 10);
  report('policies, mutated', { tried: numRuns, 'with errors': withErrors, thrown: 0 });
});

/** Evaluates what passes the checks; the problems otherwise, each with a place in the expression. */
function problemsOf(expression: string, configuration = known): string[] {
  const problems = checkExpression(expression, configuration);
  for (const { offset, length, message, remedy } of problems) {
    expect([expression, offset >= 0 && offset <= expression.length && length >= 1]).toEqual([
      expression,
      true,
    ]);
    expect([message, remedy]).not.toContain('');
  }
  const why =
    problems.length === 0
      ? evaluateOver(factsOf(input([], [], { configuration })), expression).why
      : 'it is not evaluated';
  expect(why).not.toBe('');
  return problems.map(({ code }) => code);
}

const many = (sign: string, count: number): string => sign.repeat(count);
const body = (parts: number): string =>
  `probes.all(p, ${Array.from({ length: parts }, () => 'p.ok').join(' || ')})`;

describe('CEL', { timeout }, () => {
  const expressions = [
    "probes.all(p, p.status == 200 && p.latency < duration('10s'))",
    'errors.share < 0.5 ? true : requests.rate < 1.0',
    "journeys['golden-path'].blocked || 'vpc-connector-saturated' in causes",
    'probes.map(p, p.status).exists(s, s == 500)',
    'probes.filter(p, !p.ok).size() + 1 <= 2',
    "components['backend'].healthy && components.api.state != 'failing'",
  ];
  test('begins without a fault', () => {
    expect(expressions.flatMap((expression) => problemsOf(expression))).toEqual([]);
  });

  const celSigns = [
    [
      '(',
      ')',
      '[',
      ']',
      '.all(p, ',
      '.map(a, a+a)',
      '.filter(a, true)',
      '&&',
      '||',
      '!',
      '?',
      ':',
      '+',
      '%',
      '/ 0',
    ],
    [
      '"',
      "'",
      '"""',
      'r"',
      'b"',
      '\\u{110000}',
      '\\',
      '//',
      '\n',
      '\0',
      'null',
      '1e309',
      '0x',
      '9'.repeat(40),
      '-',
    ],
    ownNames.flatMap((name) => [`.${name}`, `['${name}']`, name]),
    ".matches('(a+)+$')",
    'type(1)',
    'dyn(1)',
  ].flat();
  const celChange = fc.record({
    at: share,
    cut: fc.constantFrom(0, 0, 0, 1, 6),
    put: fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 6 }),
      fc.constantFrom(...celSigns),
      fc.constantFrom('', ' ', '\n', '0'),
    ),
  });

  test('that is mutated: a problem with its place, or a result', () => {
    const ended = { problems: 0, results: 0 };
    fc.assert(
      fc.property(
        fc.constantFrom(...expressions),
        fc.array(celChange, { minLength: 1, maxLength: 3 }),
        (expression, changes) => {
          if (problemsOf(changed(expression, changes)).length > 0) ended.problems += 1;
          else ended.results += 1;
        },
      ),
      { seed: seed(), numRuns },
    );
    expect(Math.min(ended.problems, ended.results)).toBeGreaterThan(0);
    report('expressions, mutated', { tried: numRuns, ...ended, thrown: 0 });
  });

  test.each<[what: string, expression: string, code: string]>([
    ['parentheses within each other', `${many('(', 900)}true${many(')', 900)}`, 'too-costly'],
    ['lists within each other', `${many('[', 400)}1${many(']', 400)}.size() == 1`, 'too-costly'],
    ['2,001 characters', `true || ${many(' ', 2_001)}`, 'too-long'],
    ['many parts', `${many('true || ', 240)}true`, 'too-costly'],
    ['three macros within each other', 'probes.all(a, probes.all(b, probes.all(c, a.ok)))', 'nested-macros'],
    [
      'a pattern that runs for minutes',
      "'aaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('^(a+)+$')",
      'unknown-function',
    ],
    ['texts that double', `['aaaaaaaaaa']${many('.map(a,a+a+a+a)', 20)}.exists(a,a=='b')`, 'joining'],
    ['lists that double', `[[1]]${many('.map(a,a+a+a+a)', 20)}.exists(a,size(a)==3)`, 'joining'],
    ['lists that double without a +', `[1]${many('.map(a,[a,a])', 20)}.exists(a,size(a)==3)`, 'too-costly'],
    ['lists that are joined', '(probes + probes).all(p, p.ok)', 'joining'],
    ['values of any type that are added', "['a', 1].exists(a, a + a == 2)", 'wrong-type'],
  ])('%s', (_what, expression, code) => {
    expect(problemsOf(expression)).toContain(code);
  });

  test('of 500 components costs no more than its limit, and what is over it is not evaluated', () => {
    const components = Object.fromEntries(
      Array.from({ length: 500 }, (_, at) => [
        `web-${String(at)}`,
        { type: 'http', url: `https://web-${String(at)}.example.com/` },
      ]),
    );
    const configuration = repositorySchema.parse({ version: 1, components });
    expect(problemsOf('probes.all(a, probes.exists(b, a.ok || b.ok))', configuration)).toEqual([
      'too-costly',
    ]);
    expect(problemsOf(body(50), configuration)).toEqual([]);
    const most = Math.floor(celLimits.steps / 500 / 3);
    expect(problemsOf(body(most + 10), configuration)).toEqual(['too-costly']);
  });
});
