import type { Configuration } from '../../config/repository.schema.ts';
import { rollbackOffer } from '../compose/rollback.ts';
import { isAllWell, type Facts } from '../compose/facts.ts';
import type { CriterionReading } from '../criteria/types.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NewEvent } from './events.ts';
import { clockOf } from './rule-clock.ts';
import type { IncidentState } from './state.ts';

/** Which escalation rules a look has to say something of, and what that adds to the record. Pure. */

export type Rule = Configuration['escalation'][number];

/** A rule that says once more what it said before only after it was not met for so long. */
const rearmedAfterMs = 30 * 60_000;
/** A contact who was told so lately is not told of the same outage again by a second rule. */
export const toldLatelyMs = 10 * 60_000;

/** A rule that turned true. */
export interface DueRule {
  /** The same each time the look is tried again; another one when the rule turns true again. */
  key: string;
  rule: Rule;
  reading: CriterionReading;
}

/** What is to be said. */
export interface EscalationWatch {
  due: DueRule[];
  /** Rules whose clock ran out and that cannot be told; each is said once. */
  unknown: (DueRule & { clock: string })[];
  events: NewEvent[];
}

export interface WatchedLook {
  facts: Facts;
  state: IncidentState;
  /** Contacts whom this look escalates to for somebody who asked. */
  asked: readonly string[];
  /** Contacts who are told outside GitHub. */
  reached: ReadonlySet<string>;
}

/** What a look says of the escalation rules by itself. */
export function watchEscalation(look: WatchedLook): EscalationWatch {
  const { facts, state } = look;
  const { takenAt } = facts.snapshot;
  if (!state.watched) return { due: [], unknown: [], events: [] };
  const rollback = rollbackEvents(facts, state);
  if (state.snoozedUntil !== null && Date.parse(state.snoozedUntil) > Date.parse(takenAt))
    return { due: [], unknown: [], events: rollback };
  // A clock that runs on while all is well is nobody's emergency.
  const met = isAllWell(facts)
    ? []
    : rulesAt(facts, 'met').filter(({ rule }) => isArmed(facts.snapshot, state, rule));
  const due = met.map(({ rule, reading }): DueRule => {
    const before = state.escalations.filter((one) => one.rule === rule.id).length;
    return { key: `escalated ${rule.id} ${String(before)}`, rule, reading };
  });
  const told = toldLately(look);
  const unknown = rulesAt(facts, 'unknown').flatMap(({ rule, reading }) => {
    const clock = clockOf(rule.when, state.declared?.at ?? takenAt);
    const isOver = clock !== null && Date.parse(clock) <= Date.parse(takenAt);
    const isSaid =
      state.announcedUnknown.includes(rule.id) || state.escalations.some((one) => one.rule === rule.id);
    return isOver && !isSaid ? [{ key: `rule-unknown ${rule.id}`, rule, reading, clock }] : [];
  });
  const by = { at: takenAt, by: 'sitrep', url: null };
  return {
    due: due.filter(({ rule }) => rule.contact === undefined || !told.has(rule.contact)),
    unknown,
    events: [
      ...rollback,
      ...due.map(({ key, rule }): NewEvent => ({
        key,
        ...by,
        body: {
          kind: 'escalated',
          rule: rule.id,
          contact: rule.contact ?? null,
          reason: null,
          paged: rule.contact !== undefined && !told.has(rule.contact) && look.reached.has(rule.contact),
        },
      })),
      ...unknown.map(({ key, rule }): NewEvent => ({
        key,
        ...by,
        body: { kind: 'rule-unknown', rule: rule.id },
      })),
    ],
  };
}

/** Rules that ask for something, by how they stand. */
function rulesAt(
  { configuration, criteria }: Facts,
  result: CriterionReading['result'],
): { rule: Rule; reading: CriterionReading }[] {
  return criteria.escalation.flatMap((reading) => {
    const rule = configuration.escalation.find(({ id }) => id === reading.id);
    return rule === undefined || rule.action === 'continue' || reading.result !== result
      ? []
      : [{ rule, reading }];
  });
}

/** Whether a rule that is met now may speak: it never did, or it was not met for long enough since. */
function isArmed({ takenAt, standing }: Snapshot, { escalations }: IncidentState, { id }: Rule): boolean {
  const last = escalations.findLast(({ rule }) => rule === id);
  if (last === undefined) return true;
  const before = standing?.escalation[id];
  if (before === undefined || before.unmetSince === null) return false;
  const begin = Math.max(Date.parse(before.unmetSince), Date.parse(last.at));
  const end = Date.parse(before.result === 'met' ? before.since : takenAt);
  return end - begin >= rearmedAfterMs;
}

function toldLately({ facts, state, asked }: WatchedLook): ReadonlySet<string> {
  const since = Date.parse(facts.snapshot.takenAt) - toldLatelyMs;
  const lately = state.escalations.flatMap(({ contact, at }) =>
    contact !== null && Date.parse(at) > since ? [contact] : [],
  );
  return new Set([...lately, ...asked]);
}

function rollbackEvents(facts: Facts, { rollback }: IncidentState): NewEvent[] {
  const offer = rollbackOffer(facts);
  if (offer === null || (rollback?.component === offer.component && rollback.to === offer.to)) return [];
  const { component, to, evidence } = offer;
  const at = facts.snapshot.takenAt;
  return [
    {
      key: `rollback-offered ${component} ${to} ${at}`,
      at,
      by: 'sitrep',
      url: null,
      body: { kind: 'rollback-offered', component, to, evidence: [...evidence] },
    },
  ];
}
