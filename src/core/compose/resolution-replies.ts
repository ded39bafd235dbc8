import { clock } from '../figures.ts';
import type { Stage } from '../incident/terms.ts';
import { code, mention, plain, say, type Text } from '../text.ts';
import type { NoticeUpdate, RefusalUpdate } from '../update.ts';
import { replyFooter } from './reply-footer.ts';

/** Short answers around the end of an incident and its opening again. */

/** `/sitrep resolve` on an incident that is resolved. */
export function composeAlreadyResolved(input: {
  at: string;
  by: string;
  seen: string;
  version: string;
}): RefusalUpdate {
  const { at, by, seen, version } = input;
  return {
    kind: 'refusal',
    headline: say`😕 The incident is resolved already`,
    lines: [
      say`Resolved ${plain(clock(at, seen))} (recorded, ${mention(by)}). ${code('/sitrep reopen')} opens it again.`,
    ],
    footer: replyFooter(version),
  };
}

/** `/sitrep reopen` on an incident that is not resolved, and whose issue is open. */
export function composeNotResolved({ version }: { version: string }): RefusalUpdate {
  return {
    kind: 'refusal',
    headline: say`😕 The incident is open`,
    lines: [say`There is nothing to open again. ${code('/sitrep stage STAGE')} tells how far you are.`],
    footer: replyFooter(version),
  };
}

/** What `/sitrep reopen` did. */
export function composeReopened(input: {
  by: string;
  stage: Stage;
  at: string;
  /** Of the next promised update, UTC; null where none is. */
  next: string | null;
  version: string;
}): NoticeUpdate {
  const { by, stage, at, next, version } = input;
  const promised: Text = next === null ? say`` : say` Next: comment ${plain(clock(next, at))}.`;
  return {
    kind: 'notice',
    headline: say`🔴 Opened again: ${plain(stage)} (${mention(by)}, ${plain(clock(at, at))} UTC)`,
    lines: [say`Readings go on every minute.${promised}`],
    footer: replyFooter(version),
  };
}
