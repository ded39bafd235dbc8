import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCriteria } from '../../src/core/criteria.ts';
import { withSeries, type SampledFigure, type TakenSample } from '../../src/core/samples.ts';
import { repositorySchema } from '../../src/config/repository.schema.ts';
import { configuration, input, saw } from './criteria.fixture.ts';

/** Conditions that have to hold for a time, over samples of every minute. The snapshot is of 18:05. */

const takenAt = Date.parse('2025-09-15T18:05:00Z');
const minute = 60_000;

const traffic = (requests: number, errors: number): SampledFigure[] => [
  ['backend', 'requests', null, requests],
  ['backend', 'requests.5xx', null, errors],
];

/** A sample so many minutes before the snapshot. */
function sample(minutesBefore: number, figures: SampledFigure[], pauseS: number | null = 60): TakenSample {
  return { at: new Date(takenAt - minutesBefore * minute).toISOString(), pauseS, figures };
}

/** Samples of every minute, the oldest first, with what the one of each minute read. */
function everyMinute(
  from: number,
  figuresAt: (minutesBefore: number) => SampledFigure[] = () => traffic(50, 0),
): TakenSample[] {
  return Array.from({ length: from }, (_, place) => sample(from - place, figuresAt(from - place)));
}

function judged(
  samples: TakenSample[],
  { when = 'errors.share < 0.005', length = '30m', errorsNow = '0' } = {},
) {
  const criteria = repositorySchema.parse({
    ...configuration,
    success_criteria: [{ id: 'errors', title: 'No errors', when, for: length }],
  });
  const seen = [saw('E1', 'backend', 'requests', '50'), saw('E2', 'backend', 'requests.5xx', errorsNow)];
  const { snapshot, ...rest } = input(seen, [], { configuration: criteria });
  const [reading] = readCriteria({ ...rest, snapshot: withSeries(snapshot, samples, 3) }).success;
  if (reading === undefined) throw new Error('there is no criterion');
  return { result: reading.result, why: reading.why, evidence: reading.evidence.join(' ') };
}

describe('a condition that has to hold for 30 minutes', () => {
  test('is met where it holds now and at every sample since then, and cites the series', () => {
    expect(judged(everyMinute(31))).toEqual({
      result: 'met',
      why: 'holds now and at each of 30 samples since 17:35 UTC; errors.share 0 % (limit 0.5 %)',
      evidence: 'E1 E2 E3 E4',
    });
  });

  test.each<[name: string, samples: TakenSample[], result: string, why: string]>([
    [
      'no samples',
      [],
      'unknown',
      'holds now; 30 min of samples are needed, and there are none (errors.share 0 % (limit 0.5 %))',
    ],
    [
      'samples that do not reach back far enough',
      everyMinute(12),
      'unknown',
      'holds now; it held for 12 min of 30 min: samples begin 17:53 UTC (errors.share 0 % (limit 0.5 %))',
    ],
    [
      'one that failed',
      everyMinute(31, (before) => traffic(50, before === 13 ? 5 : 0)),
      'failed',
      'holds for 12 min of 30 min; last failed 17:52 UTC: errors.share 10 % (limit 0.5 %); now errors.share 0 % (limit 0.5 %)',
    ],
    [
      'the one at the beginning failed',
      everyMinute(30, (before) => traffic(50, before === 30 ? 5 : 0)),
      'failed',
      'holds for 29 min of 30 min; last failed 17:35 UTC: errors.share 10 % (limit 0.5 %); now errors.share 0 % (limit 0.5 %)',
    ],
    [
      'one that could not be told',
      everyMinute(31, (before) => (before === 20 ? [] : traffic(50, 0))),
      'unknown',
      'holds now; 30 min of samples are needed, and the sample of 17:45 UTC does not tell: errors.share could not be read: backend: requests was not read (errors.share 0 % (limit 0.5 %))',
    ],
    [
      'silence at one',
      everyMinute(31, (before) => traffic(before === 20 ? 0 : 50, 0)),
      'unknown',
      'holds now; 30 min of samples are needed, and the sample of 17:45 UTC does not tell: errors.share could not be read: there were no requests in the window, and silence proves nothing (errors.share 0 % (limit 0.5 %))',
    ],
    [
      'a hole',
      everyMinute(31).filter((_, place) => place < 10 || place >= 14),
      'unknown',
      'holds now; 30 min of samples are needed, and none was taken between 17:43 UTC and 17:48 UTC (errors.share 0 % (limit 0.5 %))',
    ],
    [
      'a hole that reaches up to now',
      everyMinute(40).slice(0, -5),
      'unknown',
      'holds now; 30 min of samples are needed, and none was taken between 17:59 UTC and 18:05 UTC (errors.share 0 % (limit 0.5 %))',
    ],
    [
      'a hole that is longer ago',
      [sample(60, traffic(50, 0)), ...everyMinute(31)],
      'met',
      'holds now and at each of 30 samples since 17:35 UTC; errors.share 0 % (limit 0.5 %)',
    ],
  ])('%s', (_name, samples, result, why) => {
    expect(judged(samples)).toMatchObject({ result, why });
  });

  test('what fails now has failed, whatever the samples say', () => {
    expect(judged(everyMinute(31), { errorsNow: '5' })).toMatchObject({
      result: 'failed',
      why: 'errors.share 10 % (limit 0.5 %)',
    });
  });

  test('and needs a figure that samples do not carry is unknown, and names it', () => {
    const { result, why } = judged(everyMinute(31), { when: "severity == 'P0'" });
    expect(result).toBe('unknown');
    expect(why).toContain('severity could not be read');
  });
});

/** What a sample reads of an hour with one burst of 5xx, so many minutes before the snapshot: the hour, and five minutes. */
function afterBurst(burst: number, requests = 10): (minutesBefore: number) => SampledFigure[] {
  return (before) => {
    const inHour = burst >= before && burst < before + 60;
    const inFive = burst >= before && burst < before + 5;
    return [
      ...traffic(requests * 12, inHour ? 4 : 0),
      ['backend', 'requests.recent', null, requests],
      ['backend', 'requests.5xx.recent', null, inFive ? 4 : 0],
    ];
  };
}

/** The criterion after a burst of 5xx, with samples of the last 50 minutes; now the hour still holds the burst. */
function judgedAfterBurst(
  burst: number,
  options: { when?: string; requests?: number; samples?: TakenSample[] } = {},
) {
  const figuresAt = afterBurst(burst, options.requests);
  const criteria = repositorySchema.parse({
    ...configuration,
    success_criteria: [
      { id: 'errors', title: 'No errors', when: options.when ?? 'errors.share < 0.005', for: '30m' },
    ],
  });
  const seen = figuresAt(0).map(([component, name, , value], place) =>
    saw(`E${String(place + 1)}`, component, name, String(value)),
  );
  const { snapshot, ...rest } = input(seen, [], { configuration: criteria });
  const samples = options.samples ?? everyMinute(50, figuresAt);
  const [reading] = readCriteria({ ...rest, snapshot: withSeries(snapshot, samples, 10) }).success;
  if (reading === undefined) throw new Error('there is no criterion');
  return { result: reading.result, why: reading.why };
}

describe('requests and errors of a criterion with a time are those of that time', () => {
  test('30 minutes after the last error it is met, though the hour still holds it', () => {
    expect(judgedAfterBurst(36)).toEqual({
      result: 'met',
      why: 'holds now and at each of 30 samples since 17:35 UTC; errors.share 0 % (limit 0.5 %)',
    });
  });

  test('before that it fails, and says when the last error was', () => {
    expect(judgedAfterBurst(12)).toEqual({
      result: 'failed',
      why: 'over the last 30 min: errors.share 6.7 % (limit 0.5 %); last 5xx in the minutes before 17:55 UTC',
    });
  });

  test('requests are counted over the time, not over five minutes of it', () => {
    expect(judgedAfterBurst(45, { when: 'requests.count >= 60' })).toMatchObject({ result: 'met' });
    expect(judgedAfterBurst(45, { when: 'requests.count >= 61' })).toMatchObject({ result: 'failed' });
    expect(judgedAfterBurst(45, { when: 'requests.rate > 0.03' })).toMatchObject({ result: 'met' });
  });

  test('no request at all proves nothing', () => {
    const silent = everyMinute(50, () => [
      ['backend', 'requests', null, 40],
      ['backend', 'requests.5xx', null, 0],
      ['backend', 'requests.recent', null, 0],
      ['backend', 'requests.5xx.recent', null, 0],
    ]);
    expect(judgedAfterBurst(45, { requests: 0, samples: silent })).toMatchObject({ result: 'unknown' });
  });

  test('a hole in the samples is one still', () => {
    const samples = everyMinute(50, afterBurst(45)).filter((_, place) => place < 30 || place >= 34);
    expect(judgedAfterBurst(45, { samples })).toMatchObject({
      result: 'unknown',
    });
  });

  test('wherever the burst was and whatever samples are missing, it is never met within 30 minutes of it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 29 }),
        fc.subarray(
          Array.from({ length: 50 }, (_, place) => place),
          { minLength: 30 },
        ),
        (burst, kept) => {
          const samples = everyMinute(50, afterBurst(burst)).filter((_, place) => kept.includes(place));
          expect(judgedAfterBurst(burst, { samples }).result).not.toBe('met');
        },
      ),
      { numRuns: 100 },
    );
  });
});

/** Two hours of every minute, and before them what thinning left: one of five minutes, one with a pause of 4 min. */
function thinned(pausedAt: number): TakenSample[] {
  const old = Array.from({ length: 20 }, (_, place) => 220 - place * 5);
  return [
    ...old.map((before) => sample(before, traffic(50, 0), before === pausedAt ? 240 : 60)),
    ...everyMinute(121),
  ];
}

describe('over three hours, of which the older samples are thinned', () => {
  test.each([
    ['no pause that was too long', 0, 'met'],
    ['one before the three hours', 185, 'met'],
    ['one that ended when they began', 180, 'met'],
    ['one within them, which thinning has not hidden', 150, 'unknown'],
  ])('%s', (_name, pausedAt, result) => {
    expect(judged(thinned(pausedAt), { length: '3h' }).result).toBe(result);
  });
});

describe('whatever was sampled', () => {
  const all = Array.from({ length: 40 }, (_, place) => 40 - place);
  /** Minutes with a sample, of which some in a row are missing, and those at which it failed. */
  const samples = fc
    .record({
      missing: fc.array(
        fc.record({ from: fc.integer({ min: 1, max: 40 }), count: fc.integer({ min: 1, max: 4 }) }),
        {
          maxLength: 3,
        },
      ),
      failing: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 1 }),
    })
    .map(({ missing, failing }) => ({
      minutes: all.filter((one) => !missing.some(({ from, count }) => one >= from && one < from + count)),
      failing,
    }));

  test('a condition is never met with a hole, a failure or a beginning that is missing', () => {
    fc.assert(
      fc.property(samples, ({ minutes, failing }) => {
        const taken = minutes.map((before, place) => {
          const last = minutes[place - 1];
          const pauseS = last === undefined ? null : (last - before) * 60;
          return sample(before, traffic(50, failing.includes(before) ? 5 : 0), pauseS);
        });
        const { result } = judged(taken);
        const anchor = minutes.findLast((before) => before >= 30);
        const span = minutes.filter((before) => before <= (anchor ?? 0));
        const ends = [...span, 0];
        const holes = span.some((before, place) => before - (ends[place + 1] ?? 0) > 3);
        const isWhole = anchor !== undefined && !holes && !span.some((before) => failing.includes(before));
        expect(result === 'met').toBe(isWhole);
      }),
      { numRuns: 100 },
    );
  });

  test('the order in which samples are given is nothing', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(everyMinute(35), { minLength: 35 }), (shuffled) => {
        expect(judged(shuffled)).toEqual(judged(everyMinute(35)));
      }),
      { numRuns: 10 },
    );
  });
});
