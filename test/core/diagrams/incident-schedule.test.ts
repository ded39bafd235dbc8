import { describe, expect, test } from 'vitest';
import { incidentSchedule } from '../../../src/core/diagrams/incident-schedule.ts';
import type { IncidentEvent } from '../../../src/core/incident/events.ts';
import { stateOf } from '../../../src/core/incident/state.ts';
import { timelineOf } from '../../../src/core/incident/timeline.ts';
import { labelText } from '../../../src/templates/mermaid-label.ts';
import { event, instant, openRecord, wholeRecord } from '../../fixtures/record.ts';

function schedule(
  record: readonly IncidentEvent[],
  now: string,
  events = timelineOf(record).map((one) => one.event),
) {
  return incidentSchedule({ events, state: stateOf(record), now: instant(now) });
}

/** `users affected ! 17:09–20:15`, `17h12 backend changed`. */
function rows(found: ReturnType<typeof schedule>): string[] {
  return (found?.diagram.groups.flat() ?? []).map(({ words, from, to, tone }) => {
    const what = `${labelText(words)}${tone === 'failing' ? ' !' : ''}`;
    return from === to ? what : `${what} ${from.slice(11, 16)}–${to.slice(11, 16)}`;
  });
}

test('a whole incident: how long users were affected, its stages, and what happened', () => {
  expect(rows(schedule(wholeRecord, '2025-09-16T09:00:00.000Z'))).toEqual([
    'users affected ! 17:09–20:15',
    'investigating 17:15–17:38',
    'mitigating 17:38–20:15',
    'monitoring 20:15–00:30',
    '17h09 failure began !',
    '17h12 backend changed',
    '17h15 declared',
    '17h16 cause connector',
    '17h21 acknowledged',
    '19h20 escalated',
    '19h50 taken over',
    '20h00 not resolved !',
    '20h10 auth OK',
    '00h30 resolved',
  ]);
});

test('what is not over goes on until now', () => {
  const found = rows(schedule(openRecord, '18:05'));
  expect(found).toContain('users affected ! 17:09–18:05');
  expect(found).toContain('mitigating 17:38–18:05');
});

describe('what the record does not tell is not drawn', () => {
  const declared = event('17:15', { kind: 'declared', severity: 'P0', via: 'label' });
  const acknowledged = event('17:20', { kind: 'acknowledged' }, { by: 'alice' });
  const began = event('17:10', { kind: 'began', evidence: [] });
  const resolved = event(
    '18:00',
    { kind: 'resolved', override: null, overridden: [], byHand: false, held: [], passed: [] },
    { by: 'bob' },
  );
  const reopened = event('18:30', { kind: 'reopened', because: 'relapse', what: 'failing again' });

  test.each<[what: string, record: IncidentEvent[], missing: string]>([
    ['how long users are affected, without a beginning', [declared, acknowledged], 'users'],
    [
      'the same, where the failure came back after it was over',
      [began, declared, resolved, reopened],
      'users',
    ],
  ])('%s', (_what, record, missing) => {
    const found = rows(schedule(record, '19:00'));
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter((row) => row.startsWith(missing))).toEqual([]);
  });

  test('after a resolution there is no stage, until it is opened again', () => {
    expect(
      rows(schedule([began, declared, resolved, reopened], '19:00')).filter((row) =>
        row.startsWith('investigating'),
      ),
    ).toEqual(['investigating 17:15–18:00', 'investigating 18:30–19:00']);
  });

  test.each<[what: string, record: IncidentEvent[]]>([
    ['nothing', []],
    ['one moment', [declared]],
    [
      'notes alone',
      [event('17:20', { kind: 'note', text: 'a' }), event('17:30', { kind: 'note', text: 'b' })],
    ],
  ])('there is no picture of %s', (_what, record) => {
    expect(schedule(record, '18:00')).toBeNull();
  });

  test('nothing begins before the first row that is shown below', () => {
    const shown = timelineOf(wholeRecord)
      .map((one) => one.event)
      .filter(({ at }) => at >= instant('18:00'));
    expect(rows(schedule(wholeRecord, '2025-09-16T09:00:00.000Z', shown)).slice(0, 2)).toEqual([
      'users affected ! 18:21–20:15',
      'monitoring 20:15–00:30',
    ]);
  });
});

test('a long name is cut, since there is no room for it beside the time', () => {
  const change = event('17:12', {
    kind: 'change',
    change: 'revision',
    component: 'netra-backend-staging',
    title: 'x',
    page: null,
    evidence: [],
  });
  expect(rows(schedule([change, ...wholeRecord], '2025-09-16T09:00:00.000Z'))).toContain(
    '17h12 netra… changed',
  );
});

test('of many moments twelve are drawn: those that count most, and of these the newest', () => {
  const flaps = Array.from({ length: 40 }, (_, place) =>
    event(`17:${String(place + 16)}`, {
      kind: 'component-state',
      component: 'auth',
      from: 'healthy',
      to: 'failing',
      evidence: [],
    }),
  );
  const found = rows(schedule([...wholeRecord, ...flaps], '2025-09-16T09:00:00.000Z')).filter((row) =>
    /^\d\dh/.test(row),
  );
  expect(found).toHaveLength(12);
  expect(found).toContain('17h21 acknowledged');
  expect(found).toContain('00h30 resolved');
});
