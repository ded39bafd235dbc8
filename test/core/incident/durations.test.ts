import { expect, test } from 'vitest';
import { durationsOf } from '../../../src/core/incident/durations.ts';
import { stateOf } from '../../../src/core/incident/state.ts';
import { event, instant, wholeRecord } from '../../fixtures/record.ts';

const minute = 60_000;

test('the times of a whole incident, from the record', () => {
  const { detect, acknowledge, mitigate, resolve, outage } = durationsOf(stateOf(wholeRecord));
  expect(detect).toEqual({ from: instant('17:09'), to: instant('17:15'), ms: 6 * minute, by: 'carol' });
  expect(acknowledge).toEqual({ from: instant('17:15'), to: instant('17:21'), ms: 6 * minute, by: 'alice' });
  expect(mitigate).toMatchObject({ to: instant('20:15'), ms: 180 * minute });
  expect(resolve).toMatchObject({ to: '2025-09-16T00:30:00.000Z', ms: 435 * minute, by: 'erin' });
  expect(outage).toMatchObject({ from: instant('17:09'), ms: 186 * minute });
});

const declared = event('17:15', { kind: 'declared', severity: null, via: 'command' }, { by: 'carol' });

test('what the record does not tell is null', () => {
  expect(durationsOf(stateOf([]))).toEqual({
    detect: { from: null, to: null, ms: null, by: null },
    acknowledge: { from: null, to: null, ms: null, by: null },
    mitigate: { from: null, to: null, ms: null, by: null },
    resolve: { from: null, to: null, ms: null, by: null },
    outage: { from: null, to: null, ms: null, by: null },
  });
  expect(durationsOf(stateOf([declared])).detect).toMatchObject({ from: null, ms: null });
  expect(durationsOf(stateOf([declared])).resolve).toMatchObject({ from: instant('17:15'), ms: null });
});

test('a failure that began after the declaration was not detected in a negative time', () => {
  const began = event('17:20', { kind: 'began', evidence: ['E1'] });
  expect(durationsOf(stateOf([declared, began])).detect).toMatchObject({ from: instant('17:20'), ms: null });
});

test('after it was opened again, the time to resolve is that of the second end; a resolution alone mitigates at no known time', () => {
  const again = [
    event('2025-09-16T01:00:00.000Z', { kind: 'reopened', because: 'relapse', what: 'api fails' }),
    event('2025-09-16T02:00:00.000Z', {
      kind: 'resolved',
      override: null,
      overridden: [],
      byHand: false,
      held: [],
      passed: [],
    }),
  ];
  const { mitigate, resolve, outage } = durationsOf(stateOf([...wholeRecord, ...again]));
  expect(mitigate).toMatchObject({ to: null, ms: null });
  expect(outage.to).toBe('2025-09-16T02:00:00.000Z');
  expect(resolve.ms).toBe(525 * minute);
});
