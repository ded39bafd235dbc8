import { age, clock } from '../figures.ts';
import { type ChecklistAction, stateOf } from '../incident/state.ts';
import type { CriterionReading } from '../criteria/types.ts';
import { cite, code, join, mention, plain, prose, say, type Text } from '../text.ts';
import type { CheckpointUpdate } from '../update.ts';
import { causeName } from './cause-lines.ts';
import { checkpointReached, nextLine } from './checkpoint.ts';
import { citedIds } from './cited.ts';
import { type Facts, factsOf, type StatusInput } from './facts.ts';
import { citedEvidenceFold } from './folds/evidence.ts';
import { standingOf } from './headline.ts';
import { openHandoffLine } from './handoff-line.ts';
import { updateFooter } from './update-footer.ts';
import { stateLine } from './state-lines.ts';

/** Overdue actions that are named; the living comment has all. */
const shown = 3;

/**
 * The update of a checkpoint at which nothing material has changed since the update before: it was promised, so a line
 * says so, and what is overdue or waits for somebody. Null where there is a change to tell, or no update before.
 */
export function composeUnchanged(input: StatusInput): CheckpointUpdate | null {
  const facts = factsOf(input);
  const { delta, seen, checkpoint } = facts;
  if (checkpoint === undefined || delta === null || delta.material) return null;
  const { what } = stateLine(facts);
  const lines = {
    headline: say`**${plain(clock(seen, seen))} UTC · ${checkpointReached(checkpoint, seen)} · no material change since ${plain(clock(delta.since, seen))}.**`,
    state: say`${standingOf(facts)}: ${what}${causePart(facts)}`,
    stalled: stalledLine(facts),
    handoff: openHandoffLine(stateOf(facts.snapshot.record ?? []), seen, true),
    criteria: criteriaLine(facts),
    escalations: escalationLines(facts),
    next: nextLine(facts),
  };
  return {
    kind: 'checkpoint',
    ...lines,
    folds: { evidence: citedEvidenceFold(facts, citedIds(lines)) },
    footer: updateFooter(facts),
  };
}

function causePart({ diagnosis: { root } }: Facts): Text {
  if (root.cause === 'unknown') return say``;
  return say`. Cause still ${plain(root.verdict)}: ${plain(causeName(root.cause))} (${code(root.component)})`;
}

/** `action 1, due 18:30, 45 min late, no owner. @dana (lead): assign or drop it.` */
function stalledLine(facts: Facts): Text | null {
  const { lead, actions } = stateOf(facts.snapshot.record ?? []);
  const late = actions.filter(
    ({ done, dueAt }) => done === null && dueAt !== null && Date.parse(dueAt) < Date.parse(facts.seen),
  );
  if (late.length === 0) return null;
  const more = late.length > shown ? say` and ${late.length - shown} more` : say``;
  const named = join(
    late.slice(0, shown).map((action) => overdue(facts, action)),
    say`; `,
  );
  const who = lead === null ? say`Nobody leads (${code('/sitrep lead')})` : say`${mention(lead)} (lead)`;
  const them = late.length === 1 ? say`it` : say`them`;
  return say`${named}${more}. ${who}: assign or drop ${them}.`;
}

function overdue({ seen }: Facts, { number, dueAt, owner }: ChecklistAction): Text {
  const due = dueAt ?? seen;
  const whose = owner === null ? say`no owner` : code(owner);
  return say`action ${number}, due ${plain(clock(due, seen))}, ${plain(age(due, seen))} late, ${whose}`;
}

/** `1/5 met; failing: …; unknown: …`. */
function criteriaLine({ criteria: { success } }: Facts): Text | null {
  if (success.length === 0) return null;
  const met = success.filter(({ result }) => result === 'met').length;
  const parts = [
    say`${plain(`${met}/${success.length}`)} met ${cite(
      success.flatMap(({ evidence }) => evidence),
      shown,
    )}`,
    ...titled(say`failing`, success, 'failed'),
    ...titled(say`unknown`, success, 'unknown'),
  ];
  return say`${join(parts, say`; `)}`;
}

function titled(
  word: Text,
  readings: readonly CriterionReading[],
  result: CriterionReading['result'],
): Text[] {
  const titles = readings.filter((one) => one.result === result).map(({ title }) => prose(title));
  return titles.length === 0 ? [] : [say`${word}: ${join(titles)}`];
}

/** Each rule that is met, with whether its contact was turned to. */
function escalationLines(facts: Facts): { whom: Text; what: Text }[] {
  const { configuration, criteria, seen } = facts;
  const { escalations } = stateOf(facts.snapshot.record ?? []);
  return criteria.escalation
    .filter(({ result }) => result === 'met')
    .flatMap(({ id, evidence }) => {
      const rule = configuration.escalation.find((one) => one.id === id);
      if (rule === undefined) return [];
      const contact = rule.contact === undefined ? undefined : configuration.contacts[rule.contact];
      const raised = escalations.findLast(
        (one) => one.rule === id || (one.contact !== null && one.contact === rule.contact),
      );
      const state =
        raised === undefined
          ? say`nobody has turned to them here`
          : say`raised ${plain(clock(raised.at, seen))} (stated, ${code(raised.by)})`;
      return [
        {
          whom: say`${prose(contact?.name ?? rule.title)}`,
          what: say`rule met ${cite(evidence, shown)}; ${state}`,
        },
      ];
    });
}
