import { describe, expect, test } from 'vitest';
import { troubleNotice } from '../../src/core/compose/trouble-notice.ts';
import { judge, noTroubles, type Signs, type Turn } from '../../src/core/troubles.ts';

const times = { patienceMs: 30, calmMs: 60 };
const allWell: Signs = { database: 'well', queue: 'well', checkpoints: 'well', github: 'well' };

/** Looks at the database every 10 ms: `-` well, `x` wrong, `?` unknown. */
function looks(signs: string): Turn[] {
  const turns: Turn[] = [];
  for (const [index, sign] of signs.split('').entries()) {
    const database = sign === 'x' ? 'wrong' : sign === '-' ? 'well' : 'unknown';
    const before = turns.at(-1)?.standings ?? noTroubles;
    turns.push(judge(before, { ...allWell, database }, index * 10, times));
  }
  return turns;
}

const told = (signs: string): string[] =>
  looks(signs).flatMap(({ began, ended }, index) => [
    ...began.map(({ since }) => `${String(index * 10)}: since ${String(since)}`),
    ...ended.map(({ since, until }) => `${String(index * 10)}: over, ${String(since)} to ${String(until)}`),
  ]);

describe('a trouble', () => {
  test.each<[what: string, signs: string, told: string[]]>([
    ['begins when it has been wrong for a while', '-xxxx', ['40: since 10']],
    ['does not begin by a moment', '-xxx-xxx-', []],
    ['is told once, however long it lasts', 'xxxxxxxxxxxxxxxx', ['30: since 0']],
    ['is over when it has been well for a while', 'xxxx-------', ['30: since 0', '100: over, 0 to 40']],
    ['that comes and goes is one', 'xxxx--xx-----x-------', ['30: since 0', '200: over, 0 to 140']],
    ['is as it was while nobody can tell', 'xx????xx', ['30: since 0']],
    ['comes again', 'xxxx-------xxxx', ['30: since 0', '100: over, 0 to 40', '140: since 110']],
  ])('%s', (_what, signs, expected) => {
    expect(told(signs)).toEqual(expected);
  });
});

test('what is told on an issue is own words and times', () => {
  const trouble = { kind: 'checkpoints', beganAt: '2025-09-15T18:05:12.123Z' } as const;
  const overAt = '2025-09-15T18:25:00.000Z';
  expect(troubleNotice({ ...trouble, overAt: null, told: false })).toBe(
    '**Sitrep is in trouble: promised updates are late.** Since 2025-09-15 18:05:12 UTC.\n\nLook at the log for checkpoints that fail, and run `sitrep doctor`.',
  );
  expect(troubleNotice({ ...trouble, overAt, told: true })).toBe(
    '**It is over: promised updates come in time again.** From 2025-09-15 18:05:12 UTC to 2025-09-15 18:25:00 UTC.',
  );
  expect(troubleNotice({ ...trouble, overAt, told: false })).toBe(
    '**Sitrep was in trouble: promised updates are late.** From 2025-09-15 18:05:12 UTC to 2025-09-15 18:25:00 UTC; promised updates come in time again.',
  );
});
