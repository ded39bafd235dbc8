import { label, say } from '../text.ts';
import type { CriteriaUpdate } from '../update.ts';
import { escalationRows } from './escalation.ts';
import { factsOf, type StatusInput } from './facts.ts';
import { criteriaFold } from './folds/criteria.ts';
import { fold } from './folds/fold.ts';
import { updateFooter } from './update-footer.ts';
import { readingLine } from './reading.ts';

/** How each success criterion and each escalation rule stands, with its evidence and its clock. */
export function composeCriteria(input: StatusInput): CriteriaUpdate {
  const facts = factsOf(input);
  const { success } = facts.criteria;
  const met = success.filter(({ result }) => result === 'met').length;
  const rules = escalationRows(facts);
  return {
    kind: 'criteria',
    headline:
      success.length === 0
        ? say`No success criteria are configured`
        : say`Success criteria: ${met} of ${success.length} met`,
    reading: readingLine(facts),
    folds: {
      criteria: criteriaFold(facts),
      escalation: fold(label`Escalation rules: ${rules.length}`, rules),
    },
    footer: updateFooter(facts),
  };
}
