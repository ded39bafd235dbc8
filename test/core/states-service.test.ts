import { describe, expect, test } from 'vitest';
import { componentStates } from '../../src/core/states.ts';
import { configurationOf, gap, observations, snapshotOf, window, windowBefore } from './diagnose.fixture.ts';
import type { Seen } from './diagnose.fixture.ts';

type Values = Readonly<Partial<Record<'latency' | 'availability' | 'requests', string>>>;

/** Readings in one window: latency in ms, availability in %, requests. */
function readings(over: typeof window, values: Values): Seen[] {
  const units = { latency: 'ms', availability: '%', requests: null };
  return (['latency', 'availability', 'requests'] as const).flatMap((signal): Seen[] => {
    const value = values[signal];
    return value === undefined ? [] : [['web', signal, value, { unit: units[signal], window: over }]];
  });
}

function stateOf(seen: readonly Seen[], expected: Record<string, unknown> = {}): [string, string] {
  const configuration = configurationOf({ components: { web: { type: 'service', ...expected } } });
  const { web } = componentStates(configuration, snapshotOf(observations(seen)));
  return [web?.state ?? '', web?.why ?? ''];
}

describe('a service against the window before', () => {
  const before = { latency: '100', availability: '99.9', requests: '1000' };

  test.each<[string, Values, Values, string, string]>([
    ['the same', before, before, 'healthy', 'availability 99.9 %, was 99.9 %; latency 100 ms, was 100 ms'],
    [
      'half as slow again',
      before,
      { ...before, latency: '150' },
      'degraded',
      'availability 99.9 %, was 99.9 %; latency 150 ms, was 100 ms',
    ],
    [
      'a little less',
      before,
      { ...before, latency: '149' },
      'healthy',
      'availability 99.9 %, was 99.9 %; latency 149 ms, was 100 ms',
    ],
    [
      'a point of failures',
      before,
      { ...before, availability: '98.9' },
      'degraded',
      'availability 98.9 %, was 99.9 %; latency 100 ms, was 100 ms',
    ],
    [
      'a little less',
      { ...before, availability: '99.99' },
      { ...before, availability: '99.01' },
      'healthy',
      'availability 99.01 %, was 99.99 %; latency 100 ms, was 100 ms',
    ],
    [
      'half fail, as before',
      { ...before, availability: '50' },
      { ...before, availability: '50' },
      'failing',
      'availability 50 %, was 50 %; latency 100 ms, was 100 ms',
    ],
    [
      'some fail, as before',
      { ...before, availability: '90' },
      { ...before, availability: '90' },
      'unknown',
      'availability 90 %, was 90 %; latency 100 ms, was 100 ms; not read',
    ],
    [
      'nothing before',
      {},
      before,
      'unknown',
      'availability 99.9 %, was not read in the window before; latency 100 ms, was not read in the window before; not read',
    ],
    ['nothing now', before, {}, 'unknown', 'not read'],
    [
      'no latency',
      before,
      { availability: '99.9', requests: '1000' },
      'unknown',
      'availability 99.9 %, was 99.9 %; not read',
    ],
    ['no availability, slower', before, { latency: '300' }, 'degraded', 'latency 300 ms, was 100 ms'],
    [
      'no requests',
      before,
      { ...before, latency: '300', requests: '0' },
      'unknown',
      'no requests in the window',
    ],
    [
      'requests not read',
      before,
      { latency: '100', availability: '99.9' },
      'healthy',
      'availability 99.9 %, was 99.9 %; latency 100 ms, was 100 ms',
    ],
    [
      'never quite all',
      { ...before, availability: '100' },
      { ...before, availability: '99.999' },
      'healthy',
      'availability 99.99 %, was 100 %; latency 100 ms, was 100 ms',
    ],
  ])('%s', (_, was, now, state, why) => {
    expect(stateOf([...readings(windowBefore, was), ...readings(window, now)])).toEqual([state, why]);
  });
});

describe('a service against what is expected', () => {
  const now = { latency: '250', availability: '99', requests: '1000' };

  test.each<[string, Record<string, unknown>, Values, string]>([
    ['within both', { latency: '250ms', availability: 99 }, now, 'healthy'],
    ['slower', { latency: '249ms', availability: 99 }, now, 'degraded'],
    ['failing more', { latency: '1s', availability: 99.5 }, now, 'degraded'],
    ['failing by half', { latency: '1s', availability: 10 }, { ...now, availability: '49' }, 'failing'],
    ['only one expected, and nothing before', { latency: '1s' }, now, 'unknown'],
    ['minutes', { latency: '1m', availability: 99 }, { ...now, latency: '60000' }, 'healthy'],
  ])('%s', (_, expect_, values, state) => {
    expect(stateOf(readings(window, values), { expect: expect_ })[0]).toBe(state);
  });

  test('goes before the window before', () => {
    const seen = [...readings(windowBefore, { ...now, latency: '10' }), ...readings(window, now)];
    expect(stateOf(seen, { expect: { latency: '300ms', availability: 99 } })).toEqual([
      'healthy',
      'availability 99 %, expected 99 %; latency 250 ms, expected 300ms',
    ]);
  });
});

/** All read as it should be, but one in another unit. */
function seenIn(signal: string, value: string, unit: string | null): Seen[] {
  return [
    ...readings(window, { latency: '100', availability: '99', requests: '10' }).filter(
      ([, name]) => name !== signal,
    ),
    ['web', signal, value, { unit, window }],
  ];
}

describe('units', () => {
  const bounds = { expect: { latency: '200ms', availability: 90 } };

  test.each([
    ['latency', '0.3', 's', 'degraded'],
    ['latency', '0.1', 's', 'healthy'],
    ['latency', '100', null, 'unknown'],
    ['latency', '100', 'us', 'unknown'],
    ['latency', '-1', 'ms', 'unknown'],
    ['availability', '0.95', null, 'healthy'],
    ['availability', '0.8', null, 'degraded'],
    ['availability', '95', null, 'unknown'],
    ['availability', '101', '%', 'unknown'],
    ['availability', 'most', '%', 'unknown'],
  ])('%s of %s in %s', (signal, value, unit, state) => {
    expect(stateOf(seenIn(signal, value, unit), bounds)[0]).toBe(state);
  });
});

test('the gap that says why nothing was read is the evidence', () => {
  const configuration = configurationOf({ components: { web: { type: 'service' } } });
  const snapshot = snapshotOf([], { gaps: [gap('E7', 'web', '*', 'unsupported')] });
  expect(componentStates(configuration, snapshot)['web']).toEqual({
    state: 'unknown',
    evidence: ['E7'],
    why: 'not read: no collector for this type',
  });
});
