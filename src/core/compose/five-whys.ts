import { fence, label, prose, say, type Text } from '../text.ts';
import type { FiveWhysUpdate } from '../update.ts';
import { causeLine } from './cause-lines.ts';
import { factsOf, isInTrouble, type Facts, type StatusInput } from './facts.ts';
import { citedIds } from './cited.ts';
import { changeFold } from './folds/changes.ts';
import { componentFold } from './folds/components.ts';
import { citedEvidenceFold } from './folds/evidence.ts';
import { excerptFold } from './folds/excerpts.ts';
import { regressionFold } from './folds/regression.ts';
import { settingFold } from './folds/settings.ts';
import { valuesOverTimeFold } from './folds/values-over-time.ts';
import { contradictionFold, differenceFold } from './folds/contradictions.ts';
import { fold } from './folds/fold.ts';
import { alternativeFold, whyFold } from './folds/whys.ts';
import { updateFooter } from './update-footer.ts';
import { headline } from './headline.ts';
import { readingLine } from './reading.ts';

/** The chain of whys in full, what else it could have been, what disagrees, and what would decide. */
export function composeFiveWhys(input: StatusInput): FiveWhysUpdate {
  const facts = factsOf(input);
  const { missing } = facts.diagnosis;
  const lines = {
    headline: headline(facts),
    reading: readingLine(facts),
    cause: causeLine(facts),
    none: none(facts),
  };
  const folds = {
    whys: whyFold(facts),
    missing: fold(
      label`What would decide: ${missing.length}`,
      missing.map(({ wouldDecide, command }) => ({
        title: say`To learn ${prose(wouldDecide)}:`,
        run: fence('bash', command),
      })),
    ),
    alternatives: alternativeFold(facts),
    regression: regressionFold(facts),
    components: componentFold(facts),
    changes: changeFold(facts),
    values: valuesOverTimeFold(facts),
    contradictions: contradictionFold(facts),
    differences: differenceFold(facts),
    settings: settingFold(facts),
    excerpts: excerptFold(facts),
  };
  const evidence = citedEvidenceFold(facts, citedIds([lines, folds]));
  return { kind: 'five-whys', ...lines, folds: { ...folds, evidence }, footer: updateFooter(facts) };
}

/** Said where there is no chain. */
function none(facts: Facts): Text | null {
  if (facts.diagnosis.chain.length > 0) return null;
  return isInTrouble(facts)
    ? say`No why is proven: what was read leads from what fails to nothing else.`
    : say`Nothing that was read fails, so there is no why to ask.`;
}
