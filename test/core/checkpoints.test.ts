import { describe, expect, test } from 'vitest';
import {
  checkpointsBetween,
  latestCheckpoint,
  nextCheckpoint,
  nextComment,
  plannedCheckpoints,
} from '../../src/core/checkpoints.ts';

const declared = '2025-09-15T17:15:00.000Z';
const plan = ['2h', '4h', '8h'];

const instant = (clock: string) => `2025-09-15T${clock}:00.000Z`;

describe('the next checkpoint', () => {
  test.each<[what: string, checkpoints: string[], at: string, kind: string, due: string]>([
    ['the first', plan, '2025-09-15T18:05:00.000Z', '2h', '2025-09-15T19:15:00.000Z'],
    ['at its very time, the one after', plan, '2025-09-15T19:15:00.000Z', '4h', '2025-09-15T21:15:00.000Z'],
    ['the last', plan, '2025-09-16T01:14:59.000Z', '8h', '2025-09-16T01:15:00.000Z'],
    ['then the last interval repeats', plan, '2025-09-16T01:15:00.000Z', '12h', '2025-09-16T05:15:00.000Z'],
    ['and repeats', plan, '2025-09-16T05:16:00.000Z', '16h', '2025-09-16T09:15:00.000Z'],
    [
      'one alone repeats from the declaration',
      ['30m'],
      '2025-09-15T18:20:00.000Z',
      '90m',
      '2025-09-15T18:45:00.000Z',
    ],
    [
      'in whatever order they are written',
      ['8h', '2h'],
      '2025-09-15T18:05:00.000Z',
      '2h',
      '2025-09-15T19:15:00.000Z',
    ],
    [
      'one written twice counts once',
      ['120m', '2h'],
      '2025-09-15T19:15:00.000Z',
      '4h',
      '2025-09-15T21:15:00.000Z',
    ],
    ['days are counted in hours', ['1d'], '2025-09-15T18:05:00.000Z', '24h', '2025-09-16T17:15:00.000Z'],
    ['years after', plan, '2027-09-15T17:15:00.000Z', '17524h', '2027-09-15T21:15:00.000Z'],
  ])('%s', (_what, checkpoints, at, kind, dueAt) => {
    expect(nextCheckpoint(checkpoints, declared, at)).toEqual({ kind, dueAt });
  });

  test('none of an empty plan', () => {
    expect(nextCheckpoint([], declared, declared)).toBeNull();
    expect(latestCheckpoint([], declared, '2025-09-16T17:15:00.000Z')).toBeNull();
  });
});

describe('the latest checkpoint', () => {
  test.each<[at: string, kind: string | null]>([
    ['2025-09-15T17:14:00.000Z', null],
    ['2025-09-15T19:14:59.999Z', null],
    ['2025-09-15T19:15:00.000Z', '2h'],
    ['2025-09-16T02:15:00.000Z', '8h'],
    ['2025-09-16T17:15:00.000Z', '24h'],
  ])('at %s is %s', (at, kind) => {
    expect(latestCheckpoint(plan, declared, at)?.kind ?? null).toBe(kind);
  });

  test('is the one before the next, all along', () => {
    for (let minutes = 0; minutes < 3_000; minutes += 7) {
      const at = new Date(Date.parse(declared) + minutes * 60_000).toISOString();
      const next = nextCheckpoint(plan, declared, at);
      const after = next && latestCheckpoint(plan, declared, next.dueAt);
      expect(after).toEqual(next);
    }
  });
});

test('between two times are those from the first on, and before the second', () => {
  const between = { from: '2025-09-15T19:15:00.000Z', to: '2025-09-16T05:15:00.000Z' };
  expect(checkpointsBetween(plan, declared, between).map(({ kind }) => kind)).toEqual(['2h', '4h', '8h']);
  expect(checkpointsBetween(plan, declared, { from: between.to, to: between.from })).toEqual([]);
});

describe('the plan of a configuration', () => {
  test.each<[what: string, configured: string[], commentsPerHour: number, planned: string[]]>([
    ['stands as it is written', ['2h', '4h', '8h'], 6, ['2h', '4h', '8h']],
    ['ascending, each once', ['8h', '120m', '2h'], 6, ['2h', '8h']],
    ['no more comments an hour than the operator allows', ['1s', '2s', '3s'], 6, ['10m', '20m', '30m']],
    ['those that lie too close together are moved apart', ['2h', '125m', '4h'], 6, ['2h', '130m', '4h']],
    ['a limit that does not divide the hour', ['1m'], 7, ['9m']],
    ['none where the operator allows none', ['2h'], 0, []],
  ])('%s', (_what, configured, commentsPerHour, planned) => {
    expect(plannedCheckpoints(configured, commentsPerHour)).toEqual(planned);
  });

  test('never gives more than the limit within an hour', () => {
    for (const commentsPerHour of [1, 2, 3, 6, 7, 11, 60]) {
      const planned = plannedCheckpoints(['1s', '10s', '3m', '61m', '62m'], commentsPerHour);
      const end = '2025-09-16T03:15:00.000Z';
      const all = checkpointsBetween(planned, declared, { from: declared, to: end }).map(({ dueAt }) =>
        Date.parse(dueAt),
      );
      for (const [index, time] of all.entries()) {
        const withinHour = all.filter((other) => other >= time && other < time + 3_600_000).length;
        expect(withinHour, `${commentsPerHour} at ${index}`).toBeLessThanOrEqual(commentsPerHour);
      }
    }
  });
});

describe('the next comment', () => {
  const snoozedFrom = '2025-09-15T18:00:00.000Z';
  test.each<[what: string, now: string, snoozedUntil: string | null, at: string]>([
    ['without quiet, at the checkpoint', '18:05', null, '19:15'],
    ['quiet that ends before changes nothing', '18:05', '19:00', '19:15'],
    ['quiet that ends later: at its end', '18:05', '19:40', '19:40'],
    ['also when the checkpoint has passed meanwhile', '19:20', '19:40', '19:40'],
    ['quiet that is over changes nothing', '19:45', '19:40', '21:15'],
  ])('%s', (_what, now, until, at) => {
    const snoozedUntil = until === null ? null : instant(until);
    expect(nextComment(plan, declared, instant(now), { snoozedFrom, snoozedUntil })).toBe(instant(at));
  });

  test('none where nothing is planned', () => {
    expect(
      nextComment([], declared, '2025-09-15T18:05:00.000Z', {
        snoozedFrom,
        snoozedUntil: '2025-09-15T19:40:00.000Z',
      }),
    ).toBeNull();
  });
});
