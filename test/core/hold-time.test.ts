import { expect, test } from 'vitest';
import { holdTimeOf } from '../../src/core/criteria/hold-time.ts';
import { readCriteria } from '../../src/core/criteria.ts';
import { repositorySchema } from '../../src/config/repository.schema.ts';
import { withSeries, type TakenSample } from '../../src/core/samples.ts';
import { input, saw } from './criteria.fixture.ts';

/** Since when a criterion stands as it does, and when one that needs 30 minutes can be met. The snapshot is of 18:05. */

const configuration = repositorySchema.parse({
  version: 1,
  components: { web: { type: 'http', url: 'https://shop.example/' } },
  success_criteria: [{ id: 'web', title: 'It answers', when: 'probes.all(p, p.status == 200)', for: '30m' }],
});

/** Samples of the minutes before 18:05, the oldest first. */
function taken(statuses: number[], pauses: Record<number, number> = {}): TakenSample[] {
  return statuses.map((status, place) => ({
    at: new Date(Date.parse('2025-09-15T18:05:00Z') - (statuses.length - place) * 60_000).toISOString(),
    pauseS: pauses[place] ?? 60,
    figures: [['web', 'status', null, status]],
  }));
}

function read(samples: TakenSample[], now: string) {
  const { snapshot, ...rest } = input([saw('E1', 'web', 'status', now)], [], { configuration });
  const judged = { ...rest, snapshot: withSeries(snapshot, samples, 2) };
  const [reading] = readCriteria(judged).success;
  if (reading === undefined) throw new Error('there is no criterion');
  const { now: result, since, completeAt } = holdTimeOf(judged, reading);
  return [reading.result, result, since?.slice(11, 16) ?? null, completeAt?.slice(11, 16) ?? null];
}

test.each<[what: string, samples: TakenSample[], now: string, expected: (string | null)[]]>([
  [
    'it has held since the first sample',
    taken(Array(10).fill(200)),
    '200',
    ['unknown', 'met', '17:55', '18:25'],
  ],
  [
    'it failed at 17:59',
    taken([200, 200, 200, 200, 503, 200, 200, 200, 200, 200]),
    '200',
    ['failed', 'met', '18:00', '18:30'],
  ],
  ['it holds for the first time', taken([503, 503]), '200', ['failed', 'met', null, '18:36']],
  ['there are no samples', [], '200', ['unknown', 'met', null, '18:36']],
  ['it has failed since 18:02', taken([200, 503, 503, 503]), '503', ['failed', 'failed', '18:02', '18:36']],
  [
    'a hole of ten minutes ends at 18:00',
    taken(Array(10).fill(200), { 5: 600 }),
    '200',
    ['unknown', 'met', '18:00', '18:30'],
  ],
  ['it has held for longer than it has to', taken(Array(40).fill(200)), '200', ['met', 'met', '17:25', null]],
])('%s', (_what, samples, now, expected) => {
  expect(read(samples, now)).toEqual(expected);
});
