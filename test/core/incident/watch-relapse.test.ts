import { describe, expect, test } from 'vitest';
import { repositorySchema } from '../../../src/config/repository.schema.ts';
import { brokenSince, relapseDue } from '../../../src/core/incident/watch-relapse.ts';
import { gap, input, saw } from '../criteria.fixture.ts';

/** What counts as a failure that came back: the page's status over samples, and in the look that confirms it. */

const configuration = repositorySchema.parse({
  version: 1,
  components: { web: { type: 'http', url: 'https://shop.example/' } },
  journeys: { visit: { title: 'The visit', steps: ['web'] } },
  success_criteria: [
    { id: 'web', title: 'The page answers', when: 'probes.all(p, p.status == 200)', for: '30m' },
    { id: 'fast', title: 'It is fast', when: "probes.all(p, p.latency < duration('1s'))" },
  ],
});
const resolution = { held: ['web', 'fast'], passed: ['visit'] };

/** Samples of every minute with the status of each; null where it could not be read. */
const samples = (...statuses: (number | null)[]) =>
  statuses.map((status, minute) => ({
    at: `2025-09-15T18:${String(minute).padStart(2, '0')}:00.000Z`,
    pauseS: 60,
    figures: (status === null ? [] : [['web', 'status', null, status]]) as [
      string,
      string,
      string | null,
      number,
    ][],
  }));

describe('samples are worth a look', () => {
  test.each<[what: string, statuses: (number | null)[], due: boolean]>([
    ['none', [], false],
    ['all good', [200, 200, 200], false],
    ['one bad', [200, 503], false],
    ['two bad on end', [200, 503, 503], true],
    ['two bad with a good one between', [503, 200, 503], false],
    ['bad, then nothing read', [503, 503, null], false],
    ['nothing read at all', [null, null], false],
    ['a third one, while the look did not confirm it', [200, 503, 503, 503], false],
    ['a fifth one', [200, 503, 503, 503, 503, 503], true],
  ])('%s', (_what, statuses, due) => {
    expect(relapseDue(configuration, resolution, samples(...statuses))).toBe(due);
  });

  test('what did not hold at the resolution shows nothing', () => {
    const overridden = { held: ['fast'], passed: [] };
    expect(relapseDue(configuration, overridden, samples(503, 503))).toBe(false);
  });
});

const broken = (held: string[], passed: string[], status: string) =>
  brokenSince({ held, passed }, input([saw('E1', 'web', 'status', status)], [], { configuration })).map(
    ({ title, evidence }) => `${title} (${evidence.join(', ')})`,
  );

describe('a look finds broken', () => {
  test('criteria as they are now, whatever time they need, and journeys', () => {
    expect(broken(['web', 'fast'], ['visit'], '503')).toEqual([
      'The page answers (E1)',
      'The visit works (E1)',
    ]);
    expect(broken(['web', 'fast'], ['visit'], '200')).toEqual([]);
    expect(broken(['fast'], [], '503')).toEqual([]);
  });

  test('nothing where nothing could be read', () => {
    const unread = input([], [gap('E1', 'web', 'status', 'timeout')], { configuration });
    expect(brokenSince(resolution, unread)).toEqual([]);
  });

  test('where no criteria are configured: a journey once, and components', () => {
    const without = { ...configuration, success_criteria: [] };
    const found = brokenSince(
      { held: ['journey:visit', 'components'], passed: ['visit'] },
      input([saw('E1', 'web', 'status', '503')], [], { configuration: without }),
    );
    expect(found.map(({ title }) => title)).toEqual([
      'The visit works',
      'No component is failing or unknown',
    ]);
  });
});
