import { expect, test } from 'vitest';
import { composeLiving } from '../../src/core/compose/living.ts';
import { composeUnchanged } from '../../src/core/compose/unchanged.ts';
import type { EventBody, IncidentEvent } from '../../src/core/incident/events.ts';
import { asPrevious } from '../../src/core/previous.ts';
import { renderUpdate } from '../../src/templates/render.ts';
import { configuration, incident } from '../fixtures/status/incident.ts';
import { unsourcedFigures } from './provenance.ts';

const textsOf = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : value !== null && typeof value === 'object'
      ? Object.values(value).flatMap(textsOf)
      : [];

/** The longest first: a short one may stand in a long one. The last are points of the checklist with their numbers. */
const configured = [
  ...textsOf(configuration)
    .filter((text) => text.length > 3)
    .toSorted((a, b) => b.length - a.length),
  '1 Shift traffic',
  '2 Call them',
];

const event = (at: string, body: EventBody): IncidentEvent => ({
  key: `${body.kind} ${at}`,
  at,
  by: 'alice',
  url: 'https://github.com/netra-systems/netra-apex/issues/1278#issuecomment-1',
  recordedAt: at,
  body,
});

const action = { phase: 'Restoration', run: 'gcloud run services list', planned: false };
/** All that a record can hold of what the living comment shows. */
const record: IncidentEvent[] = [
  event('2025-09-15T17:15:00.000Z', { kind: 'declared', severity: 'P0', via: 'label' }),
  event('2025-09-15T17:16:00.000Z', { kind: 'acknowledged' }),
  event('2025-09-15T17:17:00.000Z', { kind: 'impact', text: '40 customers cannot log in' }),
  event('2025-09-15T17:18:00.000Z', { kind: 'note', text: 'restarted 3 instances' }),
  event('2025-09-15T17:19:00.000Z', {
    kind: 'action-added',
    title: 'Shift traffic',
    owner: 'dana',
    dueAt: '2025-09-15T17:30:00.000Z',
    ...action,
  }),
  event('2025-09-15T17:20:00.000Z', {
    kind: 'action-added',
    title: 'Call them',
    owner: null,
    dueAt: null,
    ...action,
  }),
  event('2025-09-15T17:21:00.000Z', { kind: 'action-done', number: 2 }),
  event('2025-09-15T17:22:00.000Z', {
    kind: 'regression',
    of: 1263,
    score: 0.9,
    lines: [],
    components: [],
    raisedFrom: null,
    raised: false,
  }),
  event('2025-09-15T17:23:00.000Z', { kind: 'handoff', to: 'kim' }),
  event('2025-09-15T17:24:00.000Z', {
    kind: 'escalated',
    rule: null,
    contact: 'google-support',
    reason: null,
    paged: false,
  }),
  event('2025-09-15T17:25:00.000Z', { kind: 'folded', update: 'change' }),
];
const onRecord = {
  ...incident,
  snapshot: { ...incident.snapshot, record },
  nextCheckpoint: { board: '2025-09-15T18:15:12Z', comment: '2025-09-15T19:15:00Z' },
};
const resolved: IncidentEvent = event('2025-09-15T18:00:00.000Z', {
  kind: 'resolved',
  override: null,
  overridden: [],
  held: [],
  passed: [],
  byHand: false,
});

/** The fixture at a checkpoint, with an update before it that read the same. */
function checkpointUnchanged(): string {
  const { snapshot, diagnosis } = incident;
  const takenAt = '2025-09-15T17:35:00Z';
  const previous = asPrevious(configuration, { ...snapshot, takenAt, previous: null }, diagnosis, null);
  const update = composeUnchanged({
    ...onRecord,
    snapshot: { ...onRecord.snapshot, previous },
    checkpoint: { kind: '2h', dueAt: snapshot.takenAt, missed: [] },
  });
  if (update === null) throw new Error('something changed');
  return renderUpdate(update);
}

test.each([
  ['living', renderUpdate(composeLiving(onRecord))],
  [
    'living, resolved',
    renderUpdate(
      composeLiving({ ...onRecord, snapshot: { ...onRecord.snapshot, record: [...record, resolved] } }),
    ),
  ],
  ['checkpoint without a change', checkpointUnchanged()],
])('every figure of an update has a source: %s', (_kind, markdown) => {
  expect(unsourcedFigures(markdown, configured)).toEqual([]);
});

test('the living comment says of the record who said so, and by how much a point is late', () => {
  const lines = renderUpdate(composeLiving(onRecord)).split('\n');
  expect(lines).toContain('#### Checklist 1/2 done');
  expect(lines).toContain('- [ ] **1** Shift traffic · `dana` · due 17:30 (35 min late) · Restoration');
  expect(lines).toContain('- [x] **2** Call them · no owner · Restoration · done 17:21 (stated, `alice`)');
  expect(lines.find((line) => line.startsWith('**Lead:**'))).toMatch(
    /nobody.*acknowledged 17:16, 1 min after/u,
  );
});
