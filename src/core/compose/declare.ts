import { code, mention, say, type Text } from '../text.ts';
import type { DeclareFolds, DeclareUpdate } from '../update.ts';
import { commandsToRun, doNow } from './actions.ts';
import { causeLine } from './cause-lines.ts';
import { nextLine } from './checkpoint.ts';
import { citedIds } from './cited.ts';
import { commandFold } from './folds/commands.ts';
import { configurationFold, configurationLine } from './configuration-errors.ts';
import { factsOf, type Facts, type StatusInput } from './facts.ts';
import { changeFold } from './folds/changes.ts';
import { componentFold } from './folds/components.ts';
import { citedEvidenceFold } from './folds/evidence.ts';
import { planFold } from './folds/plan.ts';
import { unreadFold } from './folds/unread.ts';
import { whyFold } from './folds/whys.ts';
import { declaredHeadline } from './headline.ts';
import { impactLine } from './impact-line.ts';
import { readLine } from './reading.ts';
import { stateLine } from './state-lines.ts';
import { updateFooter } from './update-footer.ts';

/**
 * The update by which an incident begins: what is broken, who is affected, what is known of the cause, who leads, and
 * when the next update comes. Pure, as `composeStatus` is; the folds that nobody needs yet are left to it.
 *
 * @param regression What is said of earlier incidents.
 */
export function composeDeclare(input: StatusInput, regression: readonly Text[] = []): DeclareUpdate {
  const facts = factsOf(input);
  const lines = {
    headline: declaredHeadline(facts),
    reading: readLine(facts),
    state: stateLine(facts),
    affected: impactLine(facts),
    regression,
    cause: causeLine(facts),
    doNow: doNow(facts),
    lead: leadLine(facts),
    next: nextLine(facts),
    configuration: configurationLine(facts),
  };
  const folds = declareFolds(facts);
  const evidence = citedEvidenceFold(facts, citedIds([lines, folds]));
  return { kind: 'declare', ...lines, folds: { ...folds, evidence }, footer: updateFooter(facts) };
}

function declareFolds(facts: Facts): DeclareFolds {
  return {
    configuration: configurationFold(facts),
    commands: commandFold(commandsToRun(facts)),
    components: componentFold(facts),
    whys: whyFold(facts),
    plan: planFold(facts),
    changes: changeFold(facts),
    unread: unreadFold(facts),
    evidence: null,
  };
}

function leadLine({ snapshot: { incident } }: Facts): Text {
  const lead = incident?.lead ?? null;
  return lead === null ? say`**nobody**. ${code('/sitrep lead')} takes it` : say`${mention(lead)}`;
}
