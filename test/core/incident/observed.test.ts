import { describe, expect, test } from 'vitest';
import type { IncidentEvent, NewEvent } from '../../../src/core/incident/events.ts';
import { observedEvents } from '../../../src/core/incident/observed.ts';
import { stateOf } from '../../../src/core/incident/state.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { configuration, incident } from '../../fixtures/status/incident.ts';
import { event, instant } from '../../fixtures/record.ts';

const { snapshot, diagnosis } = incident;
const declared = event('17:15', { kind: 'declared', severity: 'P0', via: 'label' }, { by: 'carol' });

/** What a look adds to a record. */
function seen(
  record: readonly IncidentEvent[],
  changed: Partial<Snapshot> = {},
  concluded = diagnosis,
): NewEvent[] {
  return observedEvents({
    configuration,
    snapshot: { ...snapshot, previous: null, ...changed, record: [...record] },
    diagnosis: concluded,
    state: stateOf(record),
  });
}

const known = (at: string) => [declared, event(at, { kind: 'began', evidence: ['E1'] })];
const recorded = (events: readonly NewEvent[]): IncidentEvent[] =>
  events.map((one) => ({ ...one, recordedAt: snapshot.takenAt }));
const ofKind = (events: readonly NewEvent[], kind: string) =>
  events.filter(({ body }) => body.kind === kind).map(({ body, at }) => ({ ...body, at }));

describe('a look adds to the record', () => {
  test('when the failure began, as the headline dates it', () => {
    const [began, ...more] = ofKind(seen([declared]), 'began');
    expect(more).toEqual([]);
    expect(began).toMatchObject({ at: '2025-09-15T17:09:00.000Z' });
  });

  test('only an earlier beginning than the one that is known', () => {
    expect(ofKind(seen(known('17:05')), 'began')).toEqual([]);
    expect(ofKind(seen(known('17:09')), 'began')).toEqual([]);
    expect(ofKind(seen(known('17:15')), 'began')).toHaveLength(1);
  });

  test('no beginning that the readings do not reach', () => {
    const cut = snapshot.observations
      .filter((found) => !found.signal.endsWith('.since'))
      .map((found) => (found.first === undefined ? found : { ...found, first: snapshot.window.from }));
    const unknown = { ...diagnosis, findings: [] };
    expect(ofKind(seen([declared], { observations: cut }, unknown), 'began')).toEqual([]);
  });

  test('the cause, once, and again where another one is found or it is confirmed', () => {
    const first = seen([declared]);
    expect(ofKind(first, 'cause')).toMatchObject([{ cause: diagnosis.root.cause }]);
    const record = [declared, ...recorded(first)];
    expect(ofKind(seen(record), 'cause')).toEqual([]);
    const confirmed = { ...diagnosis, root: { ...diagnosis.root, verdict: 'confirmed' as const } };
    expect(ofKind(seen(record, {}, confirmed), 'cause')).toMatchObject([{ verdict: 'confirmed' }]);
    const other = { ...diagnosis, root: { ...diagnosis.root, component: 'auth' } };
    expect(ofKind(seen(record, {}, other), 'cause')).toMatchObject([{ component: 'auth' }]);
  });

  test('components whose state is another one than was known last', () => {
    const previous = { takenAt: instant('17:38'), url: null, figures: [], root: null };
    const states = { auth: 'healthy', backend: 'failing', frontend: 'unknown', api: 'unknown' } as const;
    const changed = ofKind(seen([declared], { previous: { ...previous, states } }), 'component-state');
    expect(changed).toMatchObject([
      { component: 'auth', from: 'healthy', to: 'failing' },
      { component: 'api', from: 'unknown', to: 'failing' },
    ]);
  });

  test('what the record says of a component counts more than the update before', () => {
    const previous = { takenAt: instant('17:38'), url: null, figures: [], root: null };
    const states = { auth: 'healthy' } as const;
    const failed = event('17:50', {
      kind: 'component-state',
      component: 'auth',
      from: 'healthy',
      to: 'failing',
      evidence: ['E9'],
    });
    expect(
      ofKind(seen([declared, failed], { previous: { ...previous, states } }), 'component-state'),
    ).toEqual([]);
  });
});

describe('changes are recorded each at its own time, in words', () => {
  const source = { api: 'api.github.com', method: 'POST /graphql', query: 'q' };
  const base = { diff: [], source, component: 'backend', at: '2025-09-15T16:00:00Z' };
  test.each([
    [
      'a revision',
      snapshot.changes[0],
      'revision `netra-backend-staging-00750-69k` changed `env.DATABASE_TIMEOUT` from `75.0` to `15.0`',
    ],
    [
      'a commit',
      { ...base, id: 'E1', kind: 'commit', sha: '7182a78f2aa', title: 'cut the timeout', by: 'bob' },
      'commit `7182a78` by `bob`: `cut the timeout`',
    ],
    [
      'a pull request',
      { ...base, id: 'E1', kind: 'pull-request', number: 12, title: 'cut the timeout', by: 'bob' },
      'pull request `#12` merged by `bob`: `cut the timeout`',
    ],
    [
      'a deployment',
      { ...base, id: 'E1', kind: 'deployment', environment: 'staging', sha: '7182a78f2aa', state: 'success' },
      'deployment to `staging` `7182a78`: `success`',
    ],
    [
      'a run',
      { ...base, id: 'E1', kind: 'workflow-run', number: 7, title: 'deploy', state: 'success' },
      'run `#7`: `success`: `deploy`',
    ],
    [
      'an operation',
      { ...base, id: 'E1', kind: 'operation', diff: [{ key: 'operation', from: null, to: 'UPDATE DONE' }] },
      'operation `UPDATE DONE`',
    ],
  ] as const)('%s', (_what, change, title) => {
    const changes = change === undefined ? [] : [{ ...change, diff: [...change.diff] }];
    const [told, ...more] = seen([declared], { changes }).filter(({ body }) => body.kind === 'change');
    expect(more).toEqual([]);
    expect(told?.body).toMatchObject({ title, evidence: [change?.id] });
    expect(told?.at).toBe(change?.at);
  });

  test('two deployments of one commit are two, and one that is read again is one', () => {
    const deployment = { ...base, kind: 'deployment' as const, sha: '7182a78f2aa', state: 'success' };
    const changes = [
      { ...deployment, id: 'E1' },
      { ...deployment, id: 'E2', at: '2025-09-15T17:00:00Z' },
      { ...deployment, id: 'E3', state: 'failure' },
    ];
    const keys = seen([declared], { changes })
      .filter(({ body }) => body.kind === 'change')
      .map(({ key }) => key);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(2);
  });

  test('of a pull request the commit that merged it is not told as well, and a drift is no change', () => {
    const sha = '7182a78f2aa';
    const changes = [
      { ...base, id: 'E1', kind: 'commit' as const, sha },
      { ...base, id: 'E2', kind: 'pull-request' as const, number: 12, sha },
      { ...base, id: 'E3', kind: 'drift' as const, revision: 'x' },
    ];
    expect(ofKind(seen([declared], { changes }), 'change')).toMatchObject([{ change: 'pull-request' }]);
  });
});
