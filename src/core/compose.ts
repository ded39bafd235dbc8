import { causeLine, notRuledOut, worsened } from './compose/cause-lines.ts';
import { changeLine } from './compose/change-line.ts';
import { nextLine } from './compose/checkpoint.ts';
import { citedIds } from './compose/cited.ts';
import { configurationFold, configurationLine } from './compose/configuration-errors.ts';
import { commandsToRun, doNow } from './compose/actions.ts';
import { escalationFold, escalationLine } from './compose/escalation.ts';
import { type Facts, factsOf, type StatusInput } from './compose/facts.ts';
import { changeFold } from './compose/folds/changes.ts';
import { commandFold } from './compose/folds/commands.ts';
import { componentFold, journeyFold } from './compose/folds/components.ts';
import { contradictionFold, differenceFold } from './compose/folds/contradictions.ts';
import { criteriaFold } from './compose/folds/criteria.ts';
import { evidenceFold } from './compose/folds/evidence.ts';
import { excerptFold } from './compose/folds/excerpts.ts';
import { figureFold } from './compose/folds/figure-table.ts';
import { linkedFold } from './compose/folds/linked.ts';
import { nameFold } from './compose/folds/names.ts';
import { planFold, preventionFold } from './compose/folds/plan.ts';
import { regressionFold } from './compose/folds/regression.ts';
import { scheduleFold } from './compose/folds/schedule.ts';
import { settingFold } from './compose/folds/settings.ts';
import { sourceFold } from './compose/folds/sources.ts';
import { trendFold } from './compose/folds/trend.ts';
import { unreadFold } from './compose/folds/unread.ts';
import { valuesOverTimeFold } from './compose/folds/values-over-time.ts';
import { alternativeFold, whyFold } from './compose/folds/whys.ts';
import { headline } from './compose/headline.ts';
import { impactLine } from './compose/impact-line.ts';
import { readingLine } from './compose/reading.ts';
import { stateLine } from './compose/state-lines.ts';
import { updateFooter } from './compose/update-footer.ts';
import type { StatusFolds, StatusUpdate } from './update.ts';

export type { CheckpointReached, StatusInput } from './compose/facts.ts';

/**
 * The full update that `/status` and a checkpoint post. Pure: the same input gives the same update, and every figure in
 * it cites its evidence or says who stated it.
 */
export function composeStatus(input: StatusInput): StatusUpdate {
  const facts = factsOf(input);
  const lines = {
    headline: headline(facts),
    reading: readingLine(facts),
    state: stateLine(facts),
    affected: impactLine(facts),
    changed: changeLine(facts),
    cause: causeLine(facts),
    worsened: worsened(facts),
    notRuledOut: notRuledOut(facts),
    doNow: doNow(facts),
    escalate: escalationLine(facts),
    next: nextLine(facts),
    configuration: configurationLine(facts),
  };
  const folds = statusFolds(facts);
  const evidence = evidenceFold(facts, citedIds([lines, { ...folds, sources: null }]));
  return { kind: 'status', ...lines, folds: { ...folds, evidence }, footer: updateFooter(facts) };
}

function statusFolds(facts: Facts): StatusFolds {
  return {
    configuration: configurationFold(facts),
    commands: commandFold(commandsToRun(facts)),
    components: componentFold(facts),
    journeys: journeyFold(facts),
    whys: whyFold(facts),
    alternatives: alternativeFold(facts),
    regression: regressionFold(facts),
    criteria: criteriaFold(facts),
    plan: planFold(facts),
    schedule: scheduleFold(facts),
    escalation: escalationFold(facts),
    changes: changeFold(facts),
    values: valuesOverTimeFold(facts),
    contradictions: contradictionFold(facts),
    differences: differenceFold(facts),
    names: nameFold(facts),
    linked: linkedFold(facts),
    unread: unreadFold(facts),
    trend: trendFold(facts),
    figures: figureFold(facts),
    settings: settingFold(facts),
    excerpts: excerptFold(facts),
    prevention: preventionFold(facts),
    sources: sourceFold(facts),
    evidence: null,
  };
}
