import { describe, expect, test } from 'vitest';
import { nextCheckpoint } from '../../src/core/checkpoints.ts';

describe('the next checkpoint', () => {
  const declared = '2025-09-15T17:15:00.000Z';
  test.each<[what: string, checkpoints: string[], at: string, due: string]>([
    ['the first', ['2h', '4h', '8h'], '2025-09-15T18:05:00.000Z', '2025-09-15T19:15:00.000Z'],
    [
      'at its very time, the one after',
      ['2h', '4h', '8h'],
      '2025-09-15T19:15:00.000Z',
      '2025-09-15T21:15:00.000Z',
    ],
    ['the last', ['2h', '4h', '8h'], '2025-09-16T01:14:59.000Z', '2025-09-16T01:15:00.000Z'],
    [
      'then the last interval repeats',
      ['2h', '4h', '8h'],
      '2025-09-16T01:15:00.000Z',
      '2025-09-16T05:15:00.000Z',
    ],
    ['and repeats', ['2h', '4h', '8h'], '2025-09-16T05:16:00.000Z', '2025-09-16T09:15:00.000Z'],
    [
      'one alone repeats from the declaration',
      ['30m'],
      '2025-09-15T18:20:00.000Z',
      '2025-09-15T18:45:00.000Z',
    ],
    [
      'in whatever order they are written',
      ['8h', '2h'],
      '2025-09-15T18:05:00.000Z',
      '2025-09-15T19:15:00.000Z',
    ],
    ['one written twice counts once', ['2h', '2h'], '2025-09-15T19:15:00.000Z', '2025-09-15T21:15:00.000Z'],
  ])('%s', (_what, checkpoints, at, due) => {
    expect(nextCheckpoint(checkpoints, declared, at)).toBe(due);
  });
});
