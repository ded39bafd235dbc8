import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentedThroughput, throughputFigures } from '../../src/collectors/connector-throughput.ts';
import type { Series } from '../../src/collectors/time-series.ts';

const noon = Date.parse('2025-03-10T12:00:00Z');
const window = { from: new Date(noon - 3_600_000).toISOString(), to: new Date(noon).toISOString() };
const periods = { bytes: 60, instances: 60 };

/** Values of one minute each; the last one ends at noon. */
function minutes(...values: number[]): Series[] {
  const points = values.map((value, index) => {
    const end = noon - (values.length - 1 - index) * 60_000;
    return { start: end - 60_000, end, value, distribution: null };
  });
  return [{ labels: {}, unit: null, points }];
}

const told = (...of: Parameters<typeof throughputFigures>) =>
  throughputFigures(...of).map(({ signal, value, last }) => [signal, value, last?.slice(11, 16)]);

describe('the throughput of a connector', () => {
  it('is that of the busiest minute in the busier direction, with the instances of that minute', () => {
    const load = {
      into: minutes(1, 7.5e9, 3),
      outOf: minutes(1, 7.4e9, 4),
      running: minutes(2, 10, 9),
    };
    expect(told(load, window, periods)).toEqual([
      ['throughput', '1000', '11:59'],
      ['throughput.instances', '10', '11:59'],
    ]);
  });

  it('is of the last one of equally busy minutes', () => {
    expect(told({ into: minutes(5e6, 5e6), outOf: [], running: [] }, window, periods)).toEqual([
      ['throughput', '0.667', '12:00'],
    ]);
  });

  it('has the instances of a longer period that holds the minute', () => {
    const running = [
      { labels: {}, unit: null, points: [{ start: noon, end: noon, value: 6, distribution: null }] },
    ];
    expect(
      told({ into: minutes(5e6, 1, 1), outOf: [], running }, window, { bytes: 60, instances: 300 }),
    ).toContainEqual(['throughput.instances', '6', '11:58']);
  });

  it('is not told where no byte was counted, and a measured 0 where 0 was', () => {
    expect(told({ into: [], outOf: [], running: minutes(3) }, window, periods)).toEqual([]);
    expect(told({ into: minutes(0), outOf: [], running: [] }, window, periods)).toEqual([
      ['throughput', '0', '12:00'],
    ]);
  });

  it('is never less than the mean of either direction', () => {
    const bytes = fc.array(fc.nat(1e10), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(bytes, bytes, (into, outOf) => {
        const [found] = throughputFigures(
          { into: minutes(...into), outOf: minutes(...outOf), running: [] },
          window,
          periods,
        );
        for (const one of [into, outOf]) {
          const mean = (one.reduce((sum, value) => sum + value, 0) / one.length / 60) * 8e-6;
          expect(Number(found?.value)).toBeGreaterThanOrEqual(mean - 0.001);
        }
      }),
    );
  });

  it.each([
    ['f1-micro', '50'],
    ['e2-micro', '100'],
    ['e2-standard-4', '1600'],
    ['n2-standard-8', null],
    ['', null],
    ['constructor', null],
  ])('has a documented end for %s: %s', (type, each) => {
    expect(documentedThroughput(type)?.value ?? null).toBe(each);
  });
});
