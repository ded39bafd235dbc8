import { recurrenceOf, earlierFix } from '../../regression/fix.ts';
import { signatureId } from '../../regression/comparable.ts';
import { stateOf, type RegressionLink } from '../../incident/state.ts';
import { signal } from '../../signals.ts';
import { cite, code, issue, join, label, plain, prose, say, type Text } from '../../text.ts';
import type { Fold, ItemRow } from '../../update.ts';
import { type Facts, fewIds, readingOf } from '../facts.ts';
import { standingWords, titleOf } from '../regression-lines.ts';
import { fold } from './fold.ts';

/** Error lines and components that are named. */
const shownLines = 3;
const shownComponents = 4;

/** Of which earlier incident this is a regression: what both have, and whether the fix of that one still holds. */
export function regressionFold(facts: Facts): Fold<ItemRow> | null {
  const { regression } = stateOf(facts.snapshot.record ?? []);
  if (regression === null) return null;
  const rows = [
    linkLine(regression),
    ...regression.lines.slice(0, shownLines).map((line) => lineRow(facts, line)),
    ...pathRow(facts, regression),
    fixRow(facts, regression.of),
  ];
  return fold(
    label`Regression of issue ${plain(String(regression.of))}`,
    rows.map((text) => ({ text })),
  );
}

function linkLine({ of, by, score }: RegressionLink): Text {
  const alike = score === null ? say`` : say`, score ${plain(score.toFixed(2))}`;
  return say`**Linked to** ${issue(of)}${alike} ${by === 'sitrep' ? say`(record)` : say`(stated, ${code(by)})`}`;
}

/** A line that both have logged, with where it stands in this look; it may have gone by. */
function lineRow({ snapshot }: Facts, line: string): Text {
  const id = signatureId(line);
  const now = snapshot.observations.filter(
    ({ signal: name, text }) => name === signal.logError && text !== undefined && signatureId(text) === id,
  );
  const seen = now.length === 0 ? say`(record)` : cite(now.map((found) => found.id));
  return say`**Same error line:** ${code(line)} ${seen}`;
}

function pathRow(facts: Facts, { components }: RegressionLink): Text[] {
  if (components.length === 0) return [];
  const path = join(
    components.slice(0, shownComponents).map((id) => code(id)),
    say` → `,
  );
  const evidence = components.flatMap((id) => readingOf(facts, id).evidence);
  return [say`**Same components:** ${path} ${cite(evidence, fewIds)}`];
}

function fixRow({ index, redacted }: Facts, of: number): Text {
  const fix = redacted?.fix ?? earlierFix(index, of);
  const { pullRequest, why, evidence } = fix;
  if (pullRequest === null)
    return say`**Its fix:** ${recurrenceOf(fix) === 'unknown-fix' ? say`not known` : standingWords(fix)}${why === null ? say`` : say`: ${prose(why)}`} ${cite(evidence)}`;
  return say`**Its fix:** ${issue(pullRequest.number)}${titleOf(pullRequest)} ${standingWords(fix)} ${cite(evidence)}`;
}
