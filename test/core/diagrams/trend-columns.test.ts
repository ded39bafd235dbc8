import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { trendColumns, type TrendInput } from '../../../src/core/diagrams/trend-columns.ts';
import { say } from '../../../src/core/text.ts';
import { labelText } from '../../../src/templates/mermaid-label.ts';

const start = Date.parse('2025-09-15T17:00:00Z');
const after = (minutes: number): string => new Date(start + minutes * 60_000).toISOString();

function columns(
  points: [minutes: number, value: number][],
  minutes: number,
  rest: Partial<TrendInput> = {},
) {
  return trendColumns({
    title: say`5xx share`,
    unit: say`%`,
    colour: 'errors',
    scaled: (value) => value,
    points: points.map(([at, value]): [string, number] => [after(at), value]),
    from: after(0),
    to: after(minutes),
    ...rest,
  });
}

const values = (found: ReturnType<typeof columns>) => found?.diagram.columns.map(({ value }) => value);
const words = (found: ReturnType<typeof columns>) =>
  found?.diagram.columns.map(({ words: below }) => (below === null ? '' : labelText(below)));

describe('each column has the highest value of its time', () => {
  test.each<[what: string, points: [number, number][], minutes: number, expected: (number | null)[]]>([
    [
      'one a column',
      [
        [0, 1],
        [2, 2],
        [4, 3],
      ],
      6,
      [1, 2, 3],
    ],
    [
      'several a column',
      [
        [0, 1],
        [1, 5],
        [3, 2],
        [2.5, 4],
      ],
      4,
      [5, 4],
    ],
    [
      'a measured zero is a zero',
      [
        [0, 0],
        [2, 0],
      ],
      4,
      [0, 0],
    ],
    [
      'where nothing was measured there is none',
      [
        [0, 7],
        [6, 7],
      ],
      8,
      [7, null, null, 7],
    ],
    ['nor before the first, nor after the last', [[2, 7]], 6, [null, 7, null]],
    [
      'a point at the very end belongs to the last',
      [
        [0, 1],
        [4, 9],
      ],
      4,
      [1, 9],
    ],
    [
      'what is no number is no value',
      [
        [0, Number.NaN],
        [2, 1],
      ],
      4,
      [null, 1],
    ],
    [
      'what lies outside is not drawn',
      [
        [-5, 99],
        [1, 1],
        [70, 99],
      ],
      2,
      [1],
    ],
  ])('%s', (_what, points, minutes, expected) => {
    expect(values(columns(points, minutes))).toEqual(expected);
  });
});

test('the highest and the last are told with their times, and the scale ends at the highest', () => {
  const found = columns(
    [
      [0, 0.1],
      [5, 0.75],
      [9, 0.2],
    ],
    10,
    { scaled: (value) => value * 100 },
  );
  expect(found).toMatchObject({
    highest: { at: after(5), value: 0.75 },
    last: { at: after(9), value: 0.2 },
    diagram: { highest: 75 },
  });
});

describe('below stand the beginning, the end and, where there is room, the worst', () => {
  test.each<[what: string, points: [number, number][], minutes: number, expected: string[]]>([
    [
      'a short time',
      [
        [0, 1],
        [2, 1],
        [4, 1],
      ],
      6,
      ['17:00', '', ''],
    ],
    [
      'a hole',
      [
        [0, 1],
        [4, 1],
      ],
      6,
      ['17:00', '?', ''],
    ],
    [
      'the worst in the middle',
      Array.from({ length: 24 }, (_, place): [number, number] => [place, place === 12 ? 9 : 1]),
      24,
      ['17:00', '', '', '', '', '', '17:12', '', '', '', '', '17:24'],
    ],
  ])('%s', (_what, points, minutes, expected) => {
    expect(words(columns(points, minutes))).toEqual(expected);
  });
});

test.each([
  [50, 2, 25],
  [60, 2, 30],
  [61, 5, 12],
  [150, 5, 30],
  [24 * 60, 60, 24],
  [14 * 24 * 60, 720, 28],
  [60 * 24 * 60, 2_880, 30],
])('%i min are drawn in columns of %i min, %i of them', (minutes, width, count) => {
  const found = columns([[0, 1]], minutes);
  expect([found?.minutes, found?.diagram.columns.length]).toEqual([width, count]);
});

test.each<[what: string, points: [number, number][], minutes: number]>([
  ['no point', [], 10],
  ['no time', [[0, 1]], 0],
])('there is no picture of %s', (_what, points, minutes) => {
  expect(columns(points, minutes)).toBeNull();
});

test('never more than 30 columns, each value one that was measured', () => {
  const point = fc.tuple(
    fc.double({ min: 0, max: 20_000, noNaN: true }),
    fc.double({ min: 0, max: 1e6, noNaN: true }),
  );
  fc.assert(
    fc.property(
      fc.array(point, { maxLength: 60 }),
      fc.integer({ min: 1, max: 21_000 }),
      (points, minutes) => {
        const found = columns(points, minutes);
        const measured = new Set(points.map(([, value]) => value));
        expect(found?.diagram.columns.length ?? 0).toBeLessThanOrEqual(30);
        for (const value of values(found) ?? []) expect(value === null || measured.has(value)).toBe(true);
      },
    ),
  );
});
