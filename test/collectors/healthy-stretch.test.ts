import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastHealthyStretch } from '../../src/collectors/healthy-stretch.ts';
import type { Series } from '../../src/collectors/time-series.ts';

const noon = Date.parse('2025-03-10T12:00:00Z');
const quarter = 900_000;

/** Counts of a revision by quarter of an hour, the last one ending at noon. */
function counts(revision: string, of: '2xx' | '5xx', ...values: number[]): Series {
  const points = values.map((value, index) => {
    const end = noon - (values.length - 1 - index) * quarter;
    return { start: end - quarter, end, value, distribution: null };
  });
  return { labels: { revision_name: revision, response_code_class: of }, unit: null, points };
}

/** `web-1 90/0 until 11:30`. */
function told(...series: Series[]): string | null {
  const found = lastHealthyStretch(series);
  if (!found) return null;
  const until = new Date(found.to).toISOString().slice(11, 16);
  return `${found.revision} ${found.requests}/${found.errors} until ${until}`;
}

describe('the last healthy stretch', () => {
  const table: [what: string, series: Series[], stretch: string | null][] = [
    ['of requests without a failure', [counts('web-1', '2xx', 30, 30)], 'web-1 60/0 until 12:00'],
    [
      'ends where requests fail',
      [counts('web-1', '2xx', 30, 30, 30), counts('web-1', '5xx', 0, 0, 20)],
      'web-1 60/0 until 11:45',
    ],
    [
      'goes on through less than 1 % of failures',
      [counts('web-1', '2xx', 200, 200), counts('web-1', '5xx', 1, 1)],
      'web-1 402/2 until 12:00',
    ],
    [
      'does not add what came before a failure',
      [counts('web-1', '2xx', 29, 29, 29), counts('web-1', '5xx', 0, 29, 0)],
      null,
    ],
    ['bridges quarters without a request', [counts('web-1', '2xx', 20, 0, 20)], 'web-1 40/0 until 12:00'],
    ['is not proven by a few requests', [counts('web-1', '2xx', 20, 9)], null],
    ['is not proven by no request', [counts('web-1', '2xx', 0, 0)], null],
    [
      'is that of the revision which served last, not of the newest name',
      [counts('web-3', '2xx', 50, 0, 0), counts('web-2', '2xx', 0, 50, 0), counts('web-3', '5xx', 0, 9, 9)],
      'web-2 50/0 until 11:45',
    ],
    [
      'is that of the serving revision where it worked a while ago',
      [counts('web-2', '2xx', 60, 60, 0), counts('web-2', '5xx', 0, 0, 60)],
      'web-2 120/0 until 11:45',
    ],
    ['is none of a revision without a name', [counts('', '2xx', 90)], null],
    ['is none of nothing', [], null],
  ];

  it.each(table)('%s', (_what, series, stretch) => {
    expect(told(...series)).toBe(stretch);
  });

  it('is the same in whatever order the series come, never shorter than 30 requests, and under 1 % of 5xx', () => {
    const some = fc.array(
      fc
        .tuple(
          fc.constantFrom('a', 'b', 'c'),
          fc.constantFrom('2xx' as const, '5xx' as const),
          fc.array(fc.nat(60), { maxLength: 8 }),
        )
        .map(([revision, of, values]) => counts(revision, of, ...values)),
      { maxLength: 6 },
    );
    const shuffled = some.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([all, other]) => {
        const found = lastHealthyStretch(all);
        expect(lastHealthyStretch(other)).toEqual(found);
        if (!found) return;
        expect(found.requests).toBeGreaterThanOrEqual(30);
        expect(found.errors / found.requests).toBeLessThan(0.01);
      }),
    );
  });
});
