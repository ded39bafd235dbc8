import { describe, expect, test } from 'vitest';
import type { CriterionReading } from '../../../src/core/criteria/types.ts';
import { gateCriteria } from '../../../src/core/incident/resolution-criteria.ts';
import type { ComponentState } from '../../../src/core/snapshot.ts';
import type { JourneyReading } from '../../../src/core/states.ts';

/** By what the gate judges where the configuration names no success criteria. */

const component = (state: ComponentState) => ({ state, evidence: ['E1'], why: 'as read' });
const journey = (blocked: boolean | null): JourneyReading => ({
  id: 'visit',
  title: 'The visit',
  blocked,
  at: blocked === false ? null : 'web',
  evidence: ['E1'],
  steps: [],
});

describe('without success criteria', () => {
  test.each<[states: ComponentState[], blocked: boolean | null, results: string[]]>([
    [['healthy', 'healthy'], false, ['met', 'met']],
    [['healthy', 'degraded'], false, ['met', 'met']],
    [['healthy', 'failing'], false, ['met', 'failed']],
    [['healthy', 'unknown'], false, ['met', 'unknown']],
    [['failing', 'unknown'], true, ['failed', 'failed']],
    [['unknown', 'healthy'], null, ['unknown', 'unknown']],
    [[], false, ['met', 'unknown']],
  ])('components %j, journey blocked: %s → %j', (states, blocked, results) => {
    const named = Object.fromEntries(states.map((state, place) => [`c${String(place)}`, component(state)]));
    const { readings, configured } = gateCriteria([], named, [journey(blocked)]);
    expect(configured).toBe(false);
    expect(readings.map(({ result }) => result)).toEqual(results);
  });
});

test('what the configuration asks for is all that counts', () => {
  const criterion: CriterionReading = {
    id: 'web',
    title: 'It answers',
    when: 'true',
    for: null,
    since: null,
    result: 'met',
    evidence: [],
    why: '',
  };
  const judged = gateCriteria([criterion], { c: component('failing') }, [journey(true)]);
  expect(judged).toEqual({ readings: [criterion], configured: true });
});
