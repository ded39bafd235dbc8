import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  doingWords,
  meanwhileWords,
  paintWith,
  sourceLine,
  totalsLine,
  waitingWords,
  type SourceResult,
} from '../../../src/cli/progress/words.ts';

const plain = paintWith(false);
const gap = (component: string, reason: SourceResult['gaps'][number]['reason']) => ({ component, reason });

test.each<[told: string, of: Partial<SourceResult>]>([
  ['✓ log-entries 3/3 · 312 ms', {}],
  ['✓ log-entries web · 312 ms', { components: ['web'] }],
  [
    '✗ log-entries web · 312 ms · denied',
    { components: ['web'], gaps: [gap('web', 'denied')], failed: true },
  ],
  ['! log-entries web · 312 ms · no data', { components: ['web'], gaps: [gap('web', 'no-data')] }],
  ['! log-entries 2/3 · 312 ms · auth: denied', { gaps: [gap('auth', 'denied')] }],
  [
    '! log-entries 1/3 · 312 ms · auth: denied; web: no answer in time',
    { gaps: [gap('auth', 'denied'), gap('web', 'timeout')] },
  ],
  [
    '✗ log-entries 0/5 · 312 ms · a, b, c +2: API not enabled',
    {
      components: ['a', 'b', 'c', 'd', 'e'],
      gaps: ['a', 'b', 'c', 'd', 'e'].map((id) => gap(id, 'api-disabled')),
      failed: true,
    },
  ],
])('%s', (told, of) => {
  const result = {
    collector: 'log-entries',
    components: ['web', 'auth', 'api'],
    gaps: [],
    failed: false,
    ms: 312.4,
  };
  expect(sourceLine({ ...result, ...of }, plain)).toBe(told);
});

test.each<[told: string, ok: number, all: number, gaps: SourceResult['gaps'][number]['reason'][]]>([
  ['66/66 reads OK · 1.2 s · no gaps', 66, 66, []],
  ['65/66 reads OK · 1.2 s · 1 gap: no data', 65, 66, ['no-data']],
  ['0/2 reads OK · 1.2 s · 2 gaps: denied', 0, 2, ['denied', 'denied']],
  ['63/66 reads OK · 1.2 s · 3 gaps: 2 denied, 1 no data', 63, 66, ['denied', 'no-data', 'denied']],
])('%s', (told, ok, all, gaps) => {
  expect(totalsLine({ reads: { ok, all }, gaps }, 1_234, plain)).toBe(told);
});

describe('what is waited for', () => {
  const names = ['log-entries', 'cloud-sql', 'secret'];
  test.each<[told: string, room: number]>([
    ['12 s · waiting for log-entries, cloud-sql, secret', 80],
    ['12 s · waiting for log-entries, cloud-sql, secret', 49],
    ['12 s · waiting for log-entries, cloud-sql +1', 48],
    ['12 s · waiting for log-entries +2', 40],
    ['12 s · waiting for 3', 30],
    ['12 s · wai', 10],
    ['', 0],
  ])('%s', (told, room) => {
    expect(waitingWords(12_900, names, room)).toBe(told);
  });

  test('never takes more room than there is', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.string()), fc.nat(200), fc.string(), (ms, waiting, room, doing) => {
        expect(waitingWords(ms, waiting, room).length).toBeLessThanOrEqual(room);
        expect(doingWords(ms, doing, room).length).toBeLessThanOrEqual(room);
      }),
    );
  });
});

test.each<[told: string, samples: number, lacking: number, looks: number]>([
  ['18:35 UTC', 0, 0, 0],
  ['18:35 UTC · 1 sample', 1, 0, 0],
  ['18:35 UTC · 30 samples, 2 of them with gaps, 3 looks', 30, 2, 3],
  ['18:35 UTC · 1 look', 0, 0, 1],
])('%s', (told, samples, lacking, looks) => {
  const at = new Date('2025-09-15T18:35:40Z');
  expect(meanwhileWords({ at, samples, lacking, looks })).toBe(told);
});

test('colour is around words, and changes none', () => {
  const result = {
    collector: 'secret',
    components: ['key'],
    gaps: [gap('key', 'denied')],
    failed: true,
    ms: 5,
  };
  expect(sourceLine(result, paintWith(true))).toBe(
    '\u001b[31m✗\u001b[39m secret key · \u001b[2m5 ms\u001b[22m · \u001b[31mdenied\u001b[39m',
  );
});
