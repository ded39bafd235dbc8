import { describe, expect, test } from 'vitest';
import { evaluate } from '../../src/core/criteria.ts';
import { badnessOf, sampledFigures, withSeries, type SampledFigure } from '../../src/core/samples.ts';
import { configuration, gap, input, saw, windowBefore } from './criteria.fixture.ts';

const takenAt = Date.parse('2025-09-15T18:05:00Z');

/** The input with a sample of each minute of the last hour; `null` for a minute without one. */
function sampled(figuresAt: (minutesBefore: number) => SampledFigure[] | null) {
  const samples = Array.from({ length: 60 }, (_, place) => 60 - place).flatMap((before) => {
    const figures = figuresAt(before);
    return figures === null
      ? []
      : [{ at: new Date(takenAt - before * 60_000).toISOString(), pauseS: 60, figures }];
  });
  const { snapshot, ...rest } = input([saw('E1', 'api', 'status', '200')]);
  return { ...rest, snapshot: withSeries(snapshot, samples, 2) };
}

const recent = (requests: number, errors: number): SampledFigure[] => [
  ['backend', 'requests.recent', null, requests],
  ['backend', 'requests.5xx.recent', null, errors],
];
const status = (value: number): SampledFigure[] => [['api', 'status', null, value]];

describe('the trend of the last hour, the newest third of the samples against the oldest', () => {
  test.each<[name: string, figuresAt: (before: number) => SampledFigure[] | null, trend: string]>([
    ['fewer 5xx', (before) => recent(50, before > 30 ? 40 : 2), 'improving'],
    ['more 5xx', (before) => recent(50, before > 30 ? 2 : 40), 'worsening'],
    ['as many, but for chance', (before) => recent(50, before > 30 ? 10 : 9), 'steady'],
    ['an endpoint that came back', (before) => status(before > 30 ? 503 : 200), 'improving'],
    ['an endpoint that was lost', (before) => status(before > 30 ? 200 : 503), 'worsening'],
    [
      'opposite signs',
      (before) => [...recent(50, before > 30 ? 40 : 2), ...status(before > 30 ? 200 : 503)],
      'steady',
    ],
    ['one bad minute', (before) => status(before === 3 ? 503 : 200), 'steady'],
  ])('%s', (_name, figuresAt, trend) => {
    const { result, evidence } = evaluate(`trend == '${trend}'`, sampled(figuresAt));
    expect(result).toBe('met');
    expect(evidence).not.toEqual([]);
  });

  test.each<[name: string, figuresAt: (before: number) => SampledFigure[] | null]>([
    ['no samples in the oldest third', (before) => (before < 20 ? recent(50, 5) : null)],
    ['no requests', () => recent(0, 0)],
    ['nothing read', () => []],
  ])('with %s it is not told', (_name, figuresAt) => {
    expect(evaluate("trend == 'steady'", sampled(figuresAt)).result).toBe('unknown');
  });
});

describe('a sample', () => {
  test('keeps the present figures of the light set that are numbers, and nothing in place of a gap', () => {
    const { snapshot } = input(
      [
        saw('E1', 'api', 'status', '503'),
        saw('E2', 'backend', 'requests', '50'),
        saw('E3', 'backend', 'requests', '40', { window: windowBefore }),
        saw('E4', 'backend', 'requests.5xx', '7', { partial: true }),
        saw('E5', 'backend', 'instances.active', '3', { revision: 'backend-1' }),
        saw('E6', 'backend', 'exit.3', '12', { unit: 'entries' }),
        saw('E7', 'backend', 'revision.serving', 'backend-1'),
        saw('E8', 'backend', 'latency.p95', '120'),
        saw('E9', 'web', 'latency', 'NaN'),
      ],
      [gap('E10', 'web', 'status', 'timeout')],
    );
    expect(sampledFigures(snapshot)).toEqual([
      ['api', 'status', null, 503],
      ['backend', 'requests', null, 50],
      ['backend', 'instances.active', null, 3, 'backend-1'],
      ['backend', 'exit.3', 'entries', 12],
    ]);
  });

  test('becomes points of series in one order, whose ids follow the snapshot, with what now asks the same', () => {
    const { snapshot } = sampled((before) =>
      before <= 2 ? [...status(before), ...recent(before, 0)] : null,
    );
    expect(
      snapshot.series?.map(({ id, signal, points, source }) => [id, signal, points, source.api]),
    ).toEqual([
      [
        'E2',
        'status',
        [
          ['2025-09-15T18:03:00.000Z', 2],
          ['2025-09-15T18:04:00.000Z', 1],
        ],
        'monitoring.googleapis.com',
      ],
      ['E3', 'requests.5xx.recent', expect.anything(), 'sitrep'],
      ['E4', 'requests.recent', expect.anything(), 'sitrep'],
    ]);
    expect(snapshot.samples).toEqual([
      ['2025-09-15T18:03:00.000Z', 60],
      ['2025-09-15T18:04:00.000Z', 60],
    ]);
  });

  test('is the worse the more endpoints fail or are missing, then by the 5xx share, then by the slowest endpoint', () => {
    const right: SampledFigure[] = [
      ['api', 'status', null, 200],
      ['web', 'status', null, 204],
      ['chat', 'status', null, 101],
    ];
    const slow: SampledFigure[] = [...right, ['api', 'latency', 's', 30]];
    const failing: SampledFigure[] = [...right, ...recent(50, 1)];
    const lost = right.slice(1);
    const both = [...lost, ...recent(50, 50)];
    const badness = [right, slow, failing, lost, both].map((figures) => badnessOf(figures, configuration));
    expect(badness).toEqual(badness.toSorted((a, b) => a - b));
    expect(new Set(badness).size).toBe(5);
  });
});
