import { describe, expect, test } from 'vitest';
import { repositorySchema } from '../../../src/config/repository.schema.ts';
import { factsOf } from '../../../src/core/compose/facts.ts';
import { readCriteria } from '../../../src/core/criteria.ts';
import { noStandings, type Standing } from '../../../src/core/criteria/standing.ts';
import type { EventBody } from '../../../src/core/incident/events.ts';
import { stateOf } from '../../../src/core/incident/state.ts';
import { watchEscalation } from '../../../src/core/incident/watch-escalation.ts';
import { configuration, input, quiet, saw } from '../criteria.fixture.ts';

/** What a look at 18:05 says of the escalation rules by itself. The incident was declared at 16:00. */

const at = (time: string): string => `2025-09-15T${time}:00.000Z`;

interface Told {
  when?: string;
  action?: 'continue' | 'escalate' | 'rollback';
  events?: [time: string, body: EventBody][];
  standing?: Partial<Standing>;
  asked?: string[];
  watched?: boolean;
}

const met = "elapsed >= duration('2h') && errors.share > 0.5";
const unknown = "elapsed >= duration('2h') && connect.p95 > duration('5s')";

/** Keys of the rules that speak, of those that cannot be told, and of the events. */
function told({ when = met, action = 'escalate', events = [], standing, asked = [], watched = true }: Told) {
  const rules = repositorySchema.parse({
    ...configuration,
    contacts: { infra: { name: 'Infra' } },
    escalation: [{ id: 'r', title: 'Escalate', when, action, contact: 'infra' }],
  });
  const declared: [string, EventBody] = ['16:00', { kind: 'declared', severity: 'P0', via: 'label' }];
  const record = (watched ? [declared, ...events] : events).map(([time, body], place) => ({
    key: String(place),
    at: at(time),
    by: 'sitrep',
    url: null,
    recordedAt: at(time),
    body,
  }));
  const seen = [saw('E1', 'backend', 'requests', '50'), saw('E2', 'backend', 'requests.5xx', '40')];
  const before: Standing = {
    result: 'met',
    since: at('18:00'),
    changed: true,
    unmetSince: at('16:00'),
    toldBy: 'look',
    ...standing,
  };
  const read = input(seen, [], {
    configuration: rules,
    diagnosis: quiet,
    snapshot: {
      incident: {
        repository: 'o/n',
        public: false,
        issue: 1,
        url: 'https://github.com/o/n/issues/1',
        title: 'Down',
        severity: 'P0',
        stage: 'investigating',
        declaredAt: at('16:00'),
        lead: null,
        regressionOf: 0,
      },
      record,
      standing: standing === undefined ? noStandings : { success: {}, escalation: { r: before } },
    },
  });
  const facts = factsOf({
    ...read,
    diagnosis: quiet,
    criteria: readCriteria(read),
    nextCheckpoint: null,
    version: '0',
  });
  const found = watchEscalation({ facts, state: stateOf(record), asked, reached: new Set(['infra']) });
  return {
    due: found.due.map(({ key }) => key),
    unknown: found.unknown.map(({ key }) => key),
    events: found.events.map(({ key }) => key),
  };
}

const escalated: EventBody = { kind: 'escalated', rule: 'r', contact: 'infra', reason: null, paged: false };
const nothing = { due: [], unknown: [], events: [] };
const first = { due: ['escalated r 0'], unknown: [], events: ['escalated r 0'] };
const second = { due: ['escalated r 1'], unknown: [], events: ['escalated r 1'] };

describe('a rule', () => {
  test.each<[what: string, told: Told, says: ReturnType<typeof told>]>([
    ['turns true', {}, first],
    ['is to roll back', { action: 'rollback' }, first],
    ['is to go on as now', { action: 'continue' }, nothing],
    ['does not hold', { when: "elapsed >= duration('3h')" }, nothing],
    ['stays true', { events: [['17:30', escalated]], standing: { since: at('17:30') } }, nothing],
    [
      'turns true again after 30 minutes in which it was not met',
      { events: [['17:00', escalated]], standing: { unmetSince: at('17:20'), since: at('17:55') } },
      second,
    ],
    [
      'and where this look is the first that finds it so',
      {
        events: [['17:00', escalated]],
        standing: { result: 'failed', unmetSince: at('17:20'), since: at('17:20') },
      },
      second,
    ],
    [
      'turns true again sooner',
      { events: [['17:00', escalated]], standing: { unmetSince: at('17:30'), since: at('17:55') } },
      nothing,
    ],
    [
      'was not met only before it was escalated',
      { events: [['17:45', escalated]], standing: { unmetSince: at('16:00'), since: at('17:44') } },
      nothing,
    ],
    ['of a contact who was just escalated to by hand', { asked: ['infra'] }, { ...first, due: [] }],
    [
      'of a contact who was told minutes ago by another rule',
      { events: [['18:00', { ...escalated, rule: 'other' }]] },
      { ...first, due: [] },
    ],
    [
      'while people asked for quiet',
      { events: [['18:00', { kind: 'snoozed', until: at('18:30') }]] },
      nothing,
    ],
    ['of what is no incident', { watched: false }, nothing],
    [
      'cannot be told past its clock',
      { when: unknown },
      { due: [], unknown: ['rule-unknown r'], events: ['rule-unknown r'] },
    ],
    [
      'and that was said',
      { when: unknown, events: [['18:01', { kind: 'rule-unknown', rule: 'r' }]] },
      nothing,
    ],
    ['cannot be told, and has no clock', { when: "connect.p95 > duration('5s')" }, nothing],
  ])('%s', (_what, given, says) => {
    expect(told(given)).toEqual(says);
  });
});
