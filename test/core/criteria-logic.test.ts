import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { repositorySchema } from '../../src/config/repository.schema.ts';
import { evaluate } from '../../src/core/criteria.ts';
import type { Result } from '../../src/core/criteria.ts';
import type { Observation } from '../../src/core/snapshot.ts';
import { gap, input, saw, windowBefore } from './criteria.fixture.ts';

/** Three-valued logic: what is unknown stays unknown unless the rest decides it. */

type Truth = true | false | null;

const result = (truth: Truth): Result => (truth === null ? 'unknown' : truth ? 'met' : 'failed');

/** Kleene's strong logic, written down as its truth tables. */
const not = (a: Truth): Truth => (a === null ? null : !a);
const and = (a: Truth, b: Truth): Truth =>
  a === false || b === false ? false : a === null || b === null ? null : true;
const or = (a: Truth, b: Truth): Truth => not(and(not(a), not(b)));

/** Components whose probe answered 200, answered 500, and gave no answer. */
const three = repositorySchema.parse({
  version: 1,
  components: Object.fromEntries(
    ['yes', 'no', 'gap'].map((id) => [id, { type: 'http', url: `https://${id}.example.com` }]),
  ),
});
const threeSeen = ['yes', 'no'].flatMap((id, n) => [
  saw(`E${2 * n + 1}`, id, 'status', id === 'yes' ? '200' : '500'),
  saw(`E${2 * n + 2}`, id, 'latency', '1'),
]);

interface Sentence {
  text: string;
  truth: Truth;
}

const atom = fc.constantFrom<Sentence>(
  { text: "components['yes'].healthy", truth: true },
  { text: "components['no'].healthy", truth: false },
  { text: "components['gap'].healthy", truth: null },
  { text: 'errors.share < 0.5', truth: null },
  { text: "elapsed > duration('1h')", truth: true },
  { text: 'false', truth: false },
);

const { sentence } = fc.letrec<{ sentence: Sentence }>((tie) => ({
  sentence: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    atom,
    tie('sentence').map(({ text, truth }) => ({ text: `!(${text})`, truth: not(truth) })),
    fc
      .tuple(tie('sentence'), tie('sentence'))
      .map(([a, b]) => ({ text: `(${a.text} && ${b.text})`, truth: and(a.truth, b.truth) })),
    fc
      .tuple(tie('sentence'), tie('sentence'))
      .map(([a, b]) => ({ text: `(${a.text} || ${b.text})`, truth: or(a.truth, b.truth) })),
  ),
}));

test.each<[string, Result]>([
  ["components['gap'].healthy || true", 'met'],
  ["true || components['gap'].healthy", 'met'],
  ["components['gap'].healthy && false", 'failed'],
  ["false && components['gap'].healthy", 'failed'],
  ["components['gap'].healthy || false", 'unknown'],
  ["components['gap'].healthy && true", 'unknown'],
  ["!components['gap'].healthy", 'unknown'],
  ["components['gap'].healthy == components['gap'].healthy", 'unknown'],
  ["components['gap'].healthy ? true : true", 'unknown'],
  ["components['yes'].healthy ? true : components['gap'].healthy", 'met'],
])('%s is %s', (when, is) => {
  expect(evaluate(when, input(threeSeen, [], { configuration: three })).result).toBe(is);
});

test('and, or and not are those of three-valued logic, in either order', () => {
  fc.assert(
    fc.property(sentence, ({ text, truth }) => {
      fc.pre(text.length < 1_500 && (text.match(/\(/g)?.length ?? 0) < 20);
      expect(evaluate(text, input(threeSeen, [], { configuration: three })).result).toBe(result(truth));
    }),
    { numRuns: 300 },
  );
});

test('all is met only where every probe was read and fits; exists fails only where every probe was read and does not', () => {
  const probe = fc.constantFrom<Truth>(true, false, null);
  fc.assert(
    fc.property(fc.array(probe, { minLength: 1, maxLength: 8 }), (truths) => {
      const components = Object.fromEntries(
        truths.map((_, n) => [`p${n}`, { type: 'http', url: `https://p${n}.example.com` }]),
      );
      const configuration = repositorySchema.parse({ version: 1, components });
      const seen = truths.flatMap((truth, n) =>
        truth === null ? [] : [saw(`E${n + 1}`, `p${n}`, 'status', truth ? '200' : '500')],
      );
      const read = (when: string): Result => evaluate(when, input(seen, [], { configuration })).result;
      expect(read('probes.all(p, p.status == 200)')).toBe(result(truths.reduce(and)));
      expect(read('probes.exists(p, p.status == 200)')).toBe(result(truths.reduce(or)));
      expect(read('!probes.exists(p, p.status != 200)')).toBe(result(truths.reduce(and)));
    }),
    { numRuns: 200 },
  );
});

const figures = repositorySchema.parse({
  version: 1,
  components: {
    a: { type: 'cloud-run', service: 'a' },
    b: { type: 'cloud-run', service: 'b' },
    x: { type: 'http', url: 'https://x.example.com' },
    y: { type: 'http', url: 'https://y.example.com' },
  },
});

const conditions = fc
  .array(
    fc.constantFrom(
      'requests.count >= 100',
      'requests.rate < 1.0',
      'errors.count == 0',
      'errors.share < 0.1',
      "connect.p95 < duration('20s')",
      'startup.share > 0.5',
      'probes.all(p, p.ok)',
      'probes.exists(p, p.status == 500)',
      "probes.all(p, p.latency < duration('1s'))",
      'probes.filter(p, p.ok).size() == 1',
      "components['x'].state == 'failing'",
      "components['y'].healthy",
      'recovery < 0.4',
    ),
    { minLength: 1, maxLength: 5 },
  )
  .chain((parts) =>
    fc
      .array(fc.constantFrom(' && ', ' || ', ' && !', ' || !'), {
        minLength: parts.length,
        maxLength: parts.length,
      })
      .map((joints) => parts.map((part, n) => (n === 0 ? part : `${joints[n]}(${part})`)).join('')),
  );

const everything = fc
  .tuple(
    fc.nat(500),
    fc.nat(500),
    fc.nat(100),
    fc.nat(40),
    fc.nat(9),
    fc.constantFrom('200', '500'),
    fc.nat(15),
  )
  .map(([a, b, errors, connect, starts, status, latency]): Observation[] => [
    saw('E1', 'a', 'requests', String(a)),
    saw('E2', 'b', 'requests', String(b)),
    saw('E3', 'a', 'requests.5xx', String(Math.min(a, errors))),
    saw('E4', 'b', 'requests.5xx', '0'),
    saw('E5', 'a', 'connect.time', String(connect)),
    saw('E6', 'a', 'starts', String(starts)),
    saw('E7', 'a', 'starts.ready', String(Math.floor(starts / 2))),
    saw('E8', 'b', 'starts', '1'),
    saw('E9', 'b', 'starts.ready', '1'),
    saw('E10', 'x', 'status', status),
    saw('E11', 'x', 'latency', String(latency)),
    saw('E12', 'y', 'status', '200'),
    saw('E13', 'y', 'latency', '0.5'),
    saw('E14', 'a', 'requests', '7', { window: windowBefore }),
  ]);

test('what could not be read never turns a result into its opposite', () => {
  fc.assert(
    fc.property(conditions, everything, fc.array(fc.nat(13), { maxLength: 14 }), (when, seen, lost) => {
      const whole = evaluate(when, input(seen, [], { configuration: figures })).result;
      const rest = seen.filter((_, n) => !lost.includes(n));
      const gaps = seen
        .filter((_, n) => lost.includes(n))
        .map(({ id, component, signal }) => gap(id, component, signal, 'timeout'));
      const part = evaluate(when, input(rest, gaps, { configuration: figures })).result;
      expect([whole, 'unknown']).toContain(part);
    }),
    { numRuns: 500 },
  );
});

test('evidence names what was read, each id once and in order', () => {
  fc.assert(
    fc.property(conditions, everything, (when, seen) => {
      const { evidence } = evaluate(when, input(seen, [], { configuration: figures }));
      expect(seen.map(({ id }) => id)).toEqual(expect.arrayContaining(evidence));
      expect(evidence).toEqual(
        [...new Set(evidence)].toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1))),
      );
    }),
    { numRuns: 100 },
  );
});
