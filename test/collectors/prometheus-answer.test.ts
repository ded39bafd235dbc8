import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rangeAnswer } from '../../src/collectors/prometheus.schema.ts';

const answer = (...values: unknown[]) => ({
  status: 'success',
  data: { resultType: 'matrix', result: [{ metric: { a: 'b' }, values }] },
});
const parsed = (...values: unknown[]) =>
  rangeAnswer.safeParse(answer(...values)).data?.data.result[0]?.values;

describe('an answer of a range query', () => {
  it.each<[string, number]>([
    ['1', 1],
    ['-0.5', -0.5],
    ['1e+06', 1_000_000],
    ['2.5E-7', 2.5e-7],
    ['NaN', Number.NaN],
    ['+Inf', Number.POSITIVE_INFINITY],
    ['-Inf', Number.NEGATIVE_INFINITY],
  ])('has %s for %d', (text, value) => {
    expect(parsed([1_741_608_000.781, text])).toEqual([{ at: 1_741_608_000_781, value }]);
  });

  it.each([
    ['a number that is no text', [1, 1]],
    ['no time', ['1', '1']],
    ['a time that no date can hold', [1e300, '1']],
    ['a third part', [1, '1', '1']],
    ['hexadecimal', [1, '0x10']],
    ['nothing', [1, '']],
    ['a word', [1, 'Infinity']],
  ])('with %s is refused', (_, sample) => {
    expect(parsed(sample)).toBeUndefined();
  });

  it.each([
    ['an error', { status: 'error', errorType: 'bad_data', error: 'x' }],
    ['another type of result', { status: 'success', data: { resultType: 'vector', result: [] } }],
    ['a list', []],
  ])('that is %s is refused', (_, whole) => {
    expect(rangeAnswer.safeParse(whole).success).toBe(false);
  });

  it('gives every number back that was written', () => {
    fc.assert(
      fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (value) => {
        expect(parsed([0, String(value)])?.[0]?.value).toBe(value === 0 ? Number(String(value)) : value);
      }),
    );
  });

  it('takes no text for a number that is none', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-+.eE\dInfaN]{1,8}$/)), (text) => {
        const found = parsed([0, text])?.[0];
        if (!found) return;
        const isWord = /^(?:NaN|[+-]?Inf)$/.test(text);
        expect(isWord || Number.isFinite(found.value) || Number(text) === found.value).toBe(true);
      }),
    );
  });
});
