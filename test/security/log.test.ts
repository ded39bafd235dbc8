import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLog } from '../../src/log.ts';
import { createRandom } from '../faults/random.ts';
import { plantedSecrets, type PlantedSecret } from './secret-kinds.ts';
import { report, seed, timeLimit, trials } from './trials.ts';

/** Whatever is logged, and however deep a secret stands in it: no line of the log has it. */

function openLog() {
  const lines: string[] = [];
  return { lines, log: createLog('debug', { write: (line: string) => void lines.push(line) }) };
}

/** Wraps a text that holds a secret. */
type Wrap = (inner: unknown) => unknown;

const textOf = (inner: unknown): string => (typeof inner === 'string' ? inner : JSON.stringify(inner));

const wraps: readonly (readonly [name: string, wrap: Wrap])[] = [
  ['field', (inner) => ({ note: inner, n: 1 })],
  ['field called as a secret', (inner) => ({ password: inner })],
  ['list', (inner) => ['a', inner, null]],
  ['name of a field', (inner) => ({ [textOf(inner)]: 1 })],
  ['JSON in a text', (inner) => JSON.stringify({ inner })],
  ['JSON in JSON', (inner) => JSON.stringify(JSON.stringify({ inner }))],
  ['error', (inner) => new Error(textOf(inner))],
  ['error behind an error', (inner) => new Error('outer', { cause: new TypeError(textOf(inner)) })],
  [
    'several errors',
    (inner) => new AggregateError([new Error('a'), new Error(textOf(inner))], textOf(inner)),
  ],
  [
    'error with fields',
    (inner) => Object.assign(new Error('x'), { detail: inner, query: textOf(inner), parameters: [inner] }),
  ],
  [
    'error field of a line',
    (inner) => ({ err: typeof inner === 'object' ? inner : new Error(textOf(inner)) }),
  ],
  ['address', (inner) => ({ url: new URL(`https://a.example/?q=${encodeURIComponent(textOf(inner))}`) })],
  ['headers', (inner) => ({ headers: { authorization: `Bearer ${textOf(inner)}`, cookie: textOf(inner) } })],
  ['long text', (inner) => `${'word '.repeat(390)}${textOf(inner)}${' word'.repeat(100)}`],
  [
    'answer of GitHub',
    (inner) => ({
      // As @octokit/request-error makes them.
      err: Object.assign(new Error(textOf(inner)), {
        name: 'HttpError',
        status: 500,
        request: {
          method: 'POST',
          url: 'https://api.github.com/x',
          headers: { authorization: `token ${textOf(inner)}` },
          body: inner,
        },
        response: { status: 500, url: 'https://api.github.com/x', headers: {}, data: { message: inner } },
      }),
    }),
  ],
];

const wrapped = (text: string) =>
  fc
    .array(fc.constantFrom(...wraps), { minLength: 1, maxLength: 6 })
    .map((chain) => chain.reduce<unknown>((inner, [, wrap]) => wrap(inner), text));

const kinds: readonly PlantedSecret[] = plantedSecrets(createRandom(1278));

/** The ways in which a line is written. */
const ways: readonly ((log: ReturnType<typeof openLog>['log'], what: unknown) => void)[] = [
  (log, what) => log.info({ what }, 'said'),
  (log, what) => log.error({ err: what }, 'failed'),
  (log, what) => log.warn(textOf(what)),
  (log, what) => log.child({ about: what }).debug('of a child'),
  (log, what) => log.error(what instanceof Error ? what : { what }),
  (log, what) => log.info({ what }, `said ${textOf(what)}`),
];

test('no line has the secret', { timeout: timeLimit(20 * 60_000) }, () => {
  const numRuns = trials({ bounded: 1_500, full: 50_000 });
  const { lines, log } = openLog();
  let seen = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds).chain((planted) => fc.tuple(fc.constant(planted), wrapped(planted.text))),
      fc.constantFrom(...ways),
      ([{ secret }, what], write) => {
        // Encoded more often than anything that is logged.
        fc.pre(!/(?:\\|%(?:25){0,2}5C){64}|%252525/i.test(JSON.stringify(what) ?? ''));
        lines.length = 0;
        write(log, what);
        expect(lines).toHaveLength(1);
        const [line = ''] = lines;
        expect(line.length).toBeLessThanOrEqual(8_193);
        expect(line.endsWith('\n')).toBe(true);
        JSON.parse(line);
        for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
          expect(line).not.toContain(form);
        seen += 1;
      },
    ),
    { numRuns, seed: seed() },
  );
  report('lines of the log', { lines: seen });
});

test.each([
  ['of Node', (text: string) => Buffer.from(text)],
  ['of JavaScript', (text: string) => new TextEncoder().encode(text)],
])('bytes %s are counted', (_whose, bytesOf) => {
  const { lines, log } = openLog();
  log.info({ body: bytesOf('password=hunter22') }, 'got a body');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ body: '17 bytes' });
});

test('what helps stays', () => {
  const { lines, log } = openLog();
  const cause = Object.assign(new Error('connect ECONNREFUSED 10.0.0.3:5432'), { code: 'ECONNREFUSED' });
  log.error(
    {
      err: new Error('no answer', { cause }),
      delivery: 'b81f2a40-6c1e-4f63-9a0e-4a7f00000032',
      queue: 'commands',
    },
    'a job failed',
  );
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 50,
    name: 'sitrep',
    msg: 'a job failed',
    delivery: 'b81f2a40-6c1e-4f63-9a0e-4a7f00000032',
    queue: 'commands',
    err: {
      type: 'Error',
      message: 'no answer',
      causes: [{ type: 'Error', message: 'connect ECONNREFUSED 10.0.0.3:5432' }],
    },
  });
});

test.each([
  ['one long text', { text: 'x'.repeat(1_000_000) }],
  [
    'many texts',
    Object.fromEntries(Array.from({ length: 500 }, (_, place) => [`field${String(place)}`, 'x'.repeat(300)])),
  ],
  ['a long list', { list: Array.from({ length: 100_000 }, (_, place) => place) }],
  [
    'deep lists',
    { list: Array.from({ length: 90 }, () => Array.from({ length: 90 }, () => 'x'.repeat(150))) },
  ],
])('a line stays short, and says what it is about: %s', (_what, fields) => {
  const { lines, log } = openLog();
  log.info(fields, 'a message');
  expect(lines[0]?.length).toBeLessThanOrEqual(8_193);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 30, msg: 'a message' });
});
