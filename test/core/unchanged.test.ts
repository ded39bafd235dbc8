import { describe, expect, test } from 'vitest';
import { composeUnchanged } from '../../src/core/compose/unchanged.ts';
import type { StatusInput } from '../../src/core/compose.ts';
import { composeStatus } from '../../src/core/compose.ts';
import { asPrevious } from '../../src/core/previous.ts';
import type { EventBody, IncidentEvent } from '../../src/core/incident/events.ts';
import { renderUpdate } from '../../src/templates/render.ts';
import { incident } from '../fixtures/status/incident.ts';

const { snapshot, configuration, diagnosis } = incident;
const before = new Date(Date.parse(snapshot.takenAt) - 70 * 60_000).toISOString();

function event(at: string, body: EventBody, by = 'alice'): IncidentEvent {
  return { key: `${body.kind} ${at}`, at, by, url: null, recordedAt: at, body };
}

/** The fixture at a checkpoint, with an update before it that read the same. */
function unchanged(record: IncidentEvent[] = [], changed: Partial<StatusInput> = {}): string {
  const previous = asPrevious(
    configuration,
    { ...snapshot, takenAt: before, previous: null },
    diagnosis,
    null,
  );
  const update = composeUnchanged({
    ...incident,
    snapshot: { ...snapshot, previous, record },
    checkpoint: { kind: '2h', dueAt: snapshot.takenAt, missed: [] },
    nextCheckpoint: { board: '2025-09-15T18:15:12Z', comment: '2025-09-15T21:15:00Z' },
    ...changed,
  });
  return update === null ? 'a full update' : renderUpdate(update);
}

const overdue: EventBody = {
  kind: 'action-added',
  title: 'Shift traffic',
  owner: null,
  dueAt: '2025-09-15T17:20:00.000Z',
  phase: null,
  run: null,
  planned: false,
};

describe('a checkpoint at which nothing material changed', () => {
  test('is a line that says so, with the state and what comes next', () => {
    const lines = unchanged().split('\n');
    expect(lines[0]).toMatch(
      /^\*\*18:05 UTC · 2 h checkpoint · no material change since 16:55\.\*\* 🔴 P0 investigating: `auth` .*\(E\d+.*Up: 1\/3/u,
    );
    expect(lines.find((line) => line.startsWith('**Criteria:**'))).toMatch(/\d\/\d met \(E/u);
    expect(lines.find((line) => line.startsWith('**Next:**'))).toBe(
      '**Next:** board 18:15; comment 21:15 or on change',
    );
    expect(lines.filter((line) => line.startsWith('**Stalled'))).toEqual([]);
  });

  test('names what is overdue, and whom to ask', () => {
    expect(unchanged([event(before, overdue)])).toContain(
      '**Stalled:** action 1, due 17:20, 45 min late, no owner. Nobody leads (`/sitrep lead`): assign or drop it.',
    );
    const led = [event(before, overdue), event(before, { kind: 'lead', lead: 'dana' })];
    expect(unchanged(led)).toContain('45 min late, no owner. @dana (lead): assign or drop it.');
    const done = [event(before, overdue), event(before, { kind: 'action-done', number: 1 })];
    expect(unchanged(done)).not.toContain('Stalled');
  });

  test('names a handoff that nobody accepted, and reminds whoever is meant', () => {
    const open = [event(before, { kind: 'handoff', to: 'kim' })];
    expect(unchanged(open)).toContain(
      '**Handoff:** to @kim **not accepted** since 16:55 (record): `/sitrep accept`',
    );
    const accepted = [...open, event(before, { kind: 'handoff-accepted' }, 'kim')];
    expect(unchanged(accepted)).not.toContain('Handoff');
  });

  test('names a rule that is met, and whether its contact was turned to', () => {
    const [rule] = incident.criteria.escalation;
    const met = rule === undefined ? [] : [{ ...rule, result: 'met' as const }];
    const criteria = { ...incident.criteria, escalation: met };
    expect(unchanged([], { criteria })).toContain('rule met');
    expect(unchanged([], { criteria })).toContain('nobody has turned to them here');
    const raised: EventBody = {
      kind: 'escalated',
      rule: rule?.id ?? null,
      contact: null,
      reason: null,
      paged: false,
    };
    expect(unchanged([event('2025-09-15T17:41:00.000Z', raised)], { criteria })).toContain(
      'raised 17:41 (stated, `alice`)',
    );
  });

  test('is a full update where there is none before, or something changed', () => {
    expect(unchanged([], { snapshot: { ...snapshot, previous: null } })).toBe('a full update');
    expect(unchanged([], { snapshot })).toBe('a full update');
    expect(unchanged([], { checkpoint: undefined })).toBe('a full update');
  });
});

describe('people asked for quiet', () => {
  const until = '2025-09-15T19:40:00.000Z';
  const snoozed = { ...snapshot, record: [event(before, { kind: 'snoozed', until })] };
  const nextOf = (comment: string | null): string => {
    const markdown = renderUpdate(
      composeStatus({
        ...incident,
        snapshot: snoozed,
        nextCheckpoint: { board: '2025-09-15T18:15:12Z', comment },
      }),
    );
    return markdown.split('\n').find((line) => line.startsWith('**Next:**')) ?? '';
  };

  test('no change is promised before its end', () => {
    expect(nextOf(until)).toBe('**Next:** board 18:15; comment 19:40 (snoozed)');
    expect(nextOf(null)).toBe('**Next:** board 18:15; no comment before 19:40');
  });

  test('the checkpoint that waited says until when, and is not late', () => {
    const checkpoint = { kind: '2h', dueAt: before, missed: [], snoozedUntil: snapshot.takenAt };
    expect(unchanged([], { checkpoint })).toContain('· 2 h checkpoint, snoozed until 18:05 ·');
  });
});
