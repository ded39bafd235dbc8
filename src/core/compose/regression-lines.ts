import type { Diagnosis } from '../diagnosis.ts';
import type { Disclosure } from '../disclosure.ts';
import { share } from '../figures.ts';
import { redactedFix } from '../redacted/fix.ts';
import type { EarlierFix } from '../regression/fix.ts';
import { recurrenceOf } from '../regression/fix.ts';
import type { Match, Matches } from '../regression/match.ts';
import { cite, code, issue, join, plain, prose, say, type Text } from '../text.ts';
import { fewIds } from './facts.ts';

/** What an update says of earlier incidents, line by line; null for a line that has nothing to say. */
export interface RegressionLines {
  same: Text | null;
  fix: Text | null;
  similar: Text | null;
  wrong: Text | null;
}

/** Error lines shown in the line; the rest is counted. */
const shownLines = 1;
const shownComponents = 4;
/** Characters of an error line that the line has room for. */
const room = 90;

/** The lines about a regression and about what is similar; `fix` is that of the regression. */
export function regressionLines(
  { regression, similar }: Matches,
  fix: EarlierFix | null,
  diagnosis: Pick<Diagnosis, 'chain' | 'second'>,
  disclosure: Disclosure,
): RegressionLines {
  const isRedacted = disclosure === 'redacted';
  return {
    same:
      regression === null
        ? null
        : isRedacted
          ? sameInShort(regression, diagnosis)
          : sameLine(regression, diagnosis),
    fix: regression === null || fix === null ? null : fixLine(isRedacted ? redactedFix(fix) : fix),
    similar: isRedacted ? similarInShort(similar) : similarLine(similar),
    wrong:
      regression === null
        ? null
        : say`**Wrong match?** ${code('/sitrep not-regression')} undoes label and severity`,
  };
}

/** `**Same as #1263**, score 0.86: 92 % of the error entries … (E5); path connector → db (E6)`. */
function sameLine(
  { issue: number, lines, shared, score, signatures }: Match,
  diagnosis: Pick<Diagnosis, 'chain' | 'second'>,
): Text {
  const shown = lines
    .slice(0, shownLines)
    .map(({ line, evidence }) => say`${code(cut(line))} ${cite(evidence, fewIds)}`);
  const more = lines.length - shown.length;
  const rest = more > 0 ? say` and ${more} more` : say``;
  const path = join(
    shared.slice(0, shownComponents).map((id) => code(id)),
    say` → `,
  );
  const part = say`${plain(share(signatures))} of the error entries`;
  const first = say`**Same as ${issue(number)}**, score ${plain(score.toFixed(2))}: ${part} ${join(shown)}${rest}`;
  return say`${first}; path ${path} ${cite(pathEvidence(shared, diagnosis), fewIds)}`;
}

/** `**Same as #1263:** error signature (E5), path connector → db (E6)`: no line of a log, no score. */
function sameInShort(
  { issue: number, lines, shared }: Match,
  diagnosis: Pick<Diagnosis, 'chain' | 'second'>,
): Text {
  const evidence = lines.flatMap((line) => line.evidence);
  const path = join(
    shared.slice(0, shownComponents).map((id) => code(id)),
    say` → `,
  );
  return say`**Same as ${issue(number)}:** error signature ${cite(evidence, fewIds)}, path ${path} ${cite(pathEvidence(shared, diagnosis), fewIds)}`;
}

/** `**Its fix:** #1265 Raise the timeout **reverted** (E8)`. */
function fixLine(fix: EarlierFix): Text {
  const { pullRequest, why, evidence, partial } = fix;
  if (pullRequest === null)
    return say`**Its fix:** not known${why === null ? say`` : say`: ${prose(why)}`} ${cite(evidence)}`;
  const some = partial ? say` (not all of its files were compared)` : say``;
  return say`**Its fix:** ${issue(pullRequest.number)}${titleOf(pullRequest)} ${standingWords(fix)} ${cite(evidence)}${some}`;
}

/** ` “Raise the timeout”`; nothing in a redacted update, where it has none. */
export function titleOf({ title }: { title: string }): Text {
  return title === '' ? say`` : say` “${prose(title)}”`;
}

/** How the fix of an earlier incident stands, in words. */
export function standingWords(fix: EarlierFix): Text {
  switch (recurrenceOf(fix)) {
    case 'regression':
      return fix.standing === 'reverted' ? say`**reverted**` : say`**partly reverted**`;
    case 'incomplete-fix':
      return say`in place: the same symptom, and the **fix is incomplete**`;
    case 'unknown-fix':
      return say`changed since; whether it still holds is not known`;
  }
}

/** `**Similar:** #1201 (0.41), #1187 (0.38; had another cause)`. */
function similarLine(similar: readonly Match[]): Text | null {
  if (similar.length === 0) return null;
  const each = similar.map(({ issue: number, score, otherCause, closedAt }) => {
    const aside = asideOf(otherCause, closedAt);
    return say`${issue(number)} (${plain(score.toFixed(2))}${aside})`;
  });
  return say`**Similar:** ${join(each)}; by wording, errors and components`;
}

/** `**Similar:** #1201, #1187; by wording, errors and components`. */
function similarInShort(similar: readonly Match[]): Text | null {
  if (similar.length === 0) return null;
  return say`**Similar:** ${join(similar.map((match) => issue(match.issue)))}; by wording, errors and components`;
}

function asideOf(otherCause: string | null, closedAt: string | null): Text {
  if (otherCause !== null) return say`; was ${code(otherCause)}`;
  return closedAt === null ? say`; still open` : say``;
}

/** What proves the steps of the chains between these components. */
function pathEvidence(
  shared: readonly string[],
  { chain, second }: Pick<Diagnosis, 'chain' | 'second'>,
): string[] {
  const ids = new Set(shared);
  return [...chain, ...(second?.chain ?? [])]
    .filter(({ effect, cause }) => ids.has(effect.component) || (cause !== null && ids.has(cause.component)))
    .flatMap(({ evidence }) => evidence);
}

function cut(line: string): string {
  return line.length <= room ? line : `${line.slice(0, room)}…`;
}
