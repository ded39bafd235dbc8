import { nextCheckpoint, type Checkpoint } from '../../checkpoints.ts';
import { clock } from '../../figures.ts';
import { clockOf } from '../../incident/rule-clock.ts';
import { stateOf } from '../../incident/state.ts';
import { join, label, plain, prose, say, type Text } from '../../text.ts';
import type { Fold, ItemRow } from '../../update.ts';
import { checkpointName } from '../checkpoint.ts';
import type { Facts } from '../facts.ts';
import { fold } from './fold.ts';

/** Promised updates that are listed. */
const shown = 3;

/** The promised updates to come, and what each will answer: rules whose clock has run out, phases that should be over. */
export function scheduleFold(facts: Facts): Fold<ItemRow> | null {
  const { snapshot, plan = [], seen, nextCheckpoint: next } = facts;
  if (!snapshot.incident || next?.comment === null || next === null) return null;
  const { declaredAt } = snapshot.incident;
  const coming: Checkpoint[] = [];
  for (let at = seen; coming.length < shown; at = coming.at(-1)?.dueAt ?? at) {
    const found = nextCheckpoint(plan, declaredAt, at);
    if (found === null) break;
    coming.push(found);
  }
  return fold(
    label`Next updates: ${coming.length}`,
    coming.map(({ kind, dueAt }, index) => {
      const answers = answersOf(facts, { from: coming[index - 1]?.dueAt ?? seen, to: dueAt });
      return {
        text: say`**${plain(clock(dueAt, seen))}**, ${checkpointName(kind)}: ${join(answers, say`; `)}`,
      };
    }),
  );
}

function answersOf(facts: Facts, { from, to }: { from: string; to: string }): Text[] {
  const isIn = (at: string | null): boolean =>
    at !== null && Date.parse(at) > Date.parse(from) && Date.parse(at) <= Date.parse(to);
  const declaredAt = facts.snapshot.incident?.declaredAt ?? facts.seen;
  const rules = facts.configuration.escalation
    .filter(({ when }) => isIn(clockOf(when, declaredAt)))
    .map(({ title }) => say`whether “${prose(title)}” is met`);
  const { actions } = stateOf(facts.snapshot.record ?? []);
  const due = actions.filter(({ done, dueAt }) => done === null && isIn(dueAt));
  const phases = [...new Set(due.flatMap(({ phase }) => phase ?? []))];
  const over = phases.map((phase) => say`whether “${prose(phase)}” is done`);
  const changed = say`what changed, and how the success criteria stand`;
  return [...rules, ...over, changed];
}
