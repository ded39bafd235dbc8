import { longestText } from '../incident/kept-text.ts';
import type { Severity } from '../incident/terms.ts';
import { code, issue, plain, say, type Text } from '../text.ts';
import { number } from '../figures.ts';
import type { NoticeUpdate, RefusalUpdate } from '../update.ts';
import { replyFooter } from './reply-footer.ts';

/** Comments of a line or two that answer commands which change the record. */

/** What came of a command, where the command itself does not say it. */
export function composeNotice(headline: Text, lines: readonly Text[], version: string): NoticeUpdate {
  return { kind: 'notice', headline, lines, footer: replyFooter(version) };
}

/** Why a command was not carried out, and what to write instead. */
export function composeUnable(headline: Text, lines: readonly Text[], version: string): RefusalUpdate {
  return { kind: 'refusal', headline, lines, footer: replyFooter(version) };
}

/** A text of which the record keeps the beginning. */
export function composeCut(version: string): NoticeUpdate {
  const headline = say`Kept, but cut: the record takes ${plain(number(longestText))} characters of a text`;
  return composeNotice(headline, [say`Write the rest as another one.`], version);
}

/** A lead whom GitHub does not take as an assignee of the issue. */
export function composeNotAssigned(login: string, version: string): NoticeUpdate {
  return composeNotice(
    say`${code(login)} leads, but GitHub did not assign the issue`,
    [say`The record and the updates name ${code(login)} all the same. Assign by hand where you can.`],
    version,
  );
}

/** An earlier incident that was unlinked, and what became of the severity; null where that stays. */
export function composeUnlinked(input: {
  of: number;
  severity: { to: Severity | null } | null;
  version: string;
}): NoticeUpdate {
  const { of, severity, version } = input;
  const back =
    severity === null
      ? say``
      : severity.to === null
        ? say`; the severity that was raised for it is taken back`
        : say`; severity back to ${plain(severity.to)}`;
  return composeNotice(say`No regression of ${issue(of)}: label undone${back}`, [], version);
}
