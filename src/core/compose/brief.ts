import type { BriefUpdate } from '../update.ts';
import { doNow } from './actions.ts';
import { causeLine } from './cause-lines.ts';
import { changeLine } from './change-line.ts';
import { nextLine } from './checkpoint.ts';
import { escalationLine } from './escalation.ts';
import { factsOf, type StatusInput } from './facts.ts';
import { headline } from './headline.ts';
import { impactLine } from './impact-line.ts';
import { updateFooter } from './update-footer.ts';
import { stateLine } from './state-lines.ts';

/** The state in eight lines at most, without folds: for who has a minute, and to be passed on. */
export function composeBrief(input: StatusInput): BriefUpdate {
  const facts = factsOf(input);
  return {
    kind: 'brief',
    headline: headline(facts),
    state: stateLine(facts),
    affected: impactLine(facts),
    changed: changeLine(facts),
    cause: causeLine(facts),
    doNow: doNow(facts),
    escalate: escalationLine(facts),
    next: nextLine(facts),
    footer: updateFooter(facts),
  };
}
