import { describe, expect, test } from 'vitest';
import { compareWithPrevious } from '../../src/core/delta.ts';
import type { Diagnosis } from '../../src/core/diagnosis.ts';
import type { ComponentState, Observation, PreviousUpdate, Snapshot } from '../../src/core/snapshot.ts';
import { diagnosis, snapshot } from '../fixtures/status/incident.ts';

const reading = (state: ComponentState, id: string) => ({ state, evidence: [id], why: '' });
const known: Diagnosis['root'] = {
  cause: 'vpc-connector-saturated',
  component: 'connector',
  verdict: 'probable',
};

const hour = { from: '2025-09-15T17:05:00Z', to: '2025-09-15T18:05:00Z' };
const earlier = { from: '2025-09-15T16:38:00Z', to: '2025-09-15T17:38:00Z' };
const errors = (id: string, value: string, window = hour, more: Partial<Observation> = {}): Observation => ({
  id,
  component: 'backend',
  signal: 'requests.5xx',
  value,
  unit: null,
  window,
  at: window.to,
  source: { api: 'monitoring.googleapis.com', method: 'ListTimeSeries', query: '' },
  ...more,
});

function compare(
  was: Partial<PreviousUpdate>,
  now: { states?: Record<string, ComponentState>; observations?: Observation[]; root?: Diagnosis['root'] },
) {
  const previous = {
    takenAt: '2025-09-15T17:38:04Z',
    url: null,
    states: {},
    figures: [],
    root: known,
    ...was,
  };
  const changed: Snapshot = { ...snapshot, previous, observations: now.observations ?? [] };
  const states = Object.entries(now.states ?? {}).map(
    ([id, state], index) => [id, reading(state, `E${index + 1}`)] as const,
  );
  return compareWithPrevious(changed, Object.fromEntries(states), { ...diagnosis, root: now.root ?? known });
}

test('the first update has nothing to compare itself with', () => {
  expect(compareWithPrevious({ ...snapshot, previous: null }, {}, diagnosis)).toBeNull();
});

describe('states', () => {
  test('each change is told with its evidence', () => {
    const delta = compare(
      { states: { a: 'failing', b: 'healthy', c: 'healthy' } },
      { states: { a: 'healthy', b: 'unknown', c: 'healthy' } },
    );
    expect(delta?.states).toEqual([
      { component: 'a', from: 'failing', to: 'healthy', evidence: ['E1'] },
      { component: 'b', from: 'healthy', to: 'unknown', evidence: ['E2'] },
    ]);
    expect(delta?.material).toBe(true);
  });

  test('a component that was not there before is no change', () => {
    expect(compare({}, { states: { a: 'failing' } })).toMatchObject({ states: [], material: false });
  });
});

describe('figures', () => {
  test.each([
    ['the same', '14', '14', 0, false],
    ['a little more', '13', '14', 0, false],
    ['by one only, though that is double', '1', '2', 0, false],
    ['half as much again', '9', '14', 1, false],
    ['double', '7', '14', 1, true],
    ['from none', '0', '14', 1, true],
    ['to none', '14', '0', 1, true],
    ['not a number', 'n/a', '14', 0, false],
  ])('%s: %s → %s', (_what, before, now, told, material) => {
    const delta = compare(
      { figures: [errors('E1', before, earlier)] },
      { observations: [errors('E9', now)] },
    );
    expect(delta?.figures.length).toBe(told);
    expect(delta?.material).toBe(material);
  });

  test('a lower bound is not compared', () => {
    const delta = compare(
      { figures: [errors('E1', '7', earlier)] },
      { observations: [errors('E9', '14', hour, { partial: true })] },
    );
    expect(delta?.figures).toEqual([]);
  });

  test('revisions are compared each with itself, and what is not a load is not compared', () => {
    const before = [
      errors('E1', '1', earlier, { revision: 'r1' }),
      errors('E2', '10', earlier, { signal: 'env.X' }),
    ];
    const now = [errors('E8', '50', hour, { revision: 'r2' }), errors('E9', '50', hour, { signal: 'env.X' })];
    expect(compare({ figures: before }, { observations: now })?.figures).toEqual([]);
  });

  test('of the update before, its own hour counts and not the one before it', () => {
    const before = [
      errors('E1', '2', { from: '2025-09-15T15:38:00Z', to: '2025-09-15T16:38:00Z' }),
      errors('E2', '14', earlier),
    ];
    expect(
      compare({ figures: before.toReversed() }, { observations: [errors('E9', '14')] })?.figures,
    ).toEqual([]);
  });

  test('the one that moved most comes first', () => {
    const before = [errors('E1', '10', earlier), errors('E2', '10', earlier, { component: 'auth' })];
    const now = [errors('E8', '15'), errors('E9', '40', hour, { component: 'auth' })];
    expect(
      compare({ figures: before }, { observations: now })?.figures.map((change) => change.now.id),
    ).toEqual(['E9', 'E8']);
  });
});

describe('the cause', () => {
  const broken = { states: { a: 'failing' } } satisfies { states: Record<string, ComponentState> };
  const other: Diagnosis['root'] = { cause: 'config-drift', component: 'backend', verdict: 'confirmed' };
  const unknown: Diagnosis['root'] = { cause: 'unknown', component: 'connector', verdict: 'unknown' };

  test.each([
    ['another one', known, other, true],
    ['a firmer verdict', known, { ...known, verdict: 'confirmed' as const }, true],
    ['no longer known', known, unknown, true],
    ['the same', known, known, false],
    ['still unknown', null, unknown, false],
    ['found', null, known, true],
  ])('%s', (_what, from, to, changes) => {
    const delta = compare({ root: from, states: broken.states }, { ...broken, root: to });
    expect(delta?.root).toEqual(changes ? { from, to } : null);
    expect(delta?.material).toBe(changes);
  });

  test('is no matter where nothing is wrong any more', () => {
    expect(compare({ root: known }, { states: { a: 'healthy' }, root: unknown })?.root).toBeNull();
  });
});
