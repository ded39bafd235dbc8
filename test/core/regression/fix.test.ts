import { describe, expect, it } from 'vitest';
import { indexObservations } from '../../../src/core/observations.ts';
import { earlierFix, recurrenceOf } from '../../../src/core/regression/fix.ts';
import type { Gap, Observation } from '../../../src/core/snapshot.ts';
import { snapshot } from '../../fixtures/status/incident.ts';

const source = { api: 'api.github.com', method: 'Repository.object', query: 'files of the fix of #1263' };
const at = '2025-09-15T18:05:00Z';

function read(signal: string, value: string, more: Partial<Observation> = {}): Observation {
  const common = { component: 'repository', unit: null, window: null, at, source };
  return { id: 'E8', signal, value, text: '#1265 Raise the timeout', ...common, ...more };
}

function indexed(observations: Observation[], gaps: Gap[] = []) {
  return indexObservations({ ...snapshot, observations, gaps });
}

describe('the fix of an earlier incident', () => {
  it.each([
    ['reverted', 'regression'],
    ['partly reverted', 'regression'],
    ['in place', 'incomplete-fix'],
    ['changed since', 'unknown-fix'],
  ] as const)('%s is a %s', (value, recurrence) => {
    const fix = earlierFix(indexed([read('fix.1263', value)]), 1263);
    expect(fix).toEqual({
      standing: value,
      pullRequest: { number: 1265, title: 'Raise the timeout' },
      partial: false,
      why: null,
      evidence: ['E8'],
    });
    expect(recurrenceOf(fix)).toBe(recurrence);
  });

  it('is not that of an issue whose number begins alike', () => {
    const index = indexed([read('fix.12631', 'reverted')]);
    expect(earlierFix(index, 1263)).toMatchObject({ standing: 'unknown', evidence: [] });
  });

  it('says why it is unknown', () => {
    const detail = 'no merged pull request is known to have closed #1263';
    const gap: Gap = {
      id: 'E9',
      component: 'repository',
      signal: 'fix.1263',
      reason: 'no-data',
      detail,
      remedy: '',
      at,
      source,
    };
    const fix = earlierFix(indexed([], [gap]), 1263);
    expect(fix).toMatchObject({ standing: 'unknown', why: detail, evidence: ['E9'] });
    expect(recurrenceOf(fix)).toBe('unknown-fix');
  });

  it('says where not all of its files were compared', () => {
    expect(earlierFix(indexed([read('fix.1263', 'in place', { partial: true })]), 1263).partial).toBe(true);
  });
});
