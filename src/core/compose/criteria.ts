import { label, say } from '../text.ts';
import type { CriteriaUpdate } from '../update.ts';
import { citedIds } from './cited.ts';
import { escalationRows } from './escalation.ts';
import { factsOf, type StatusInput } from './facts.ts';
import { criteriaFold } from './folds/criteria.ts';
import { citedEvidenceFold } from './folds/evidence.ts';
import { fold } from './folds/fold.ts';
import { standingOf } from './headline.ts';
import { updateFooter } from './update-footer.ts';
import { readingLine } from './reading.ts';

/** How each success criterion and each escalation rule stands, with its evidence and its clock. */
export function composeCriteria(input: StatusInput): CriteriaUpdate {
  const facts = factsOf(input);
  const { success } = facts.criteria;
  const met = success.filter(({ result }) => result === 'met').length;
  const rules = escalationRows(facts);
  const what =
    success.length === 0
      ? say`no success criteria are configured`
      : say`success criteria: ${met} of ${success.length} met`;
  const lines = { headline: say`${standingOf(facts)}: ${what}`, reading: readingLine(facts) };
  const folds = {
    criteria: criteriaFold(facts),
    escalation: fold(label`Escalation rules: ${rules.length}`, rules),
  };
  const evidence = citedEvidenceFold(facts, citedIds([lines, folds]));
  return { kind: 'criteria', ...lines, folds: { ...folds, evidence }, footer: updateFooter(facts) };
}
