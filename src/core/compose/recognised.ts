import { clock } from '../figures.ts';
import { issue, plain, say, type Text } from '../text.ts';
import type { NoticeUpdate } from '../update.ts';
import { replyFooter } from './reply-footer.ts';

/** That an incident turned out to be a regression of an earlier one, after it was declared. */
export function composeRecognised(input: {
  of: number;
  lines: readonly Text[];
  /** When it was recognised, UTC. */
  at: string;
  version: string;
  redacted: boolean;
}): NoticeUpdate {
  const { of, lines, at, version, redacted } = input;
  return {
    kind: 'notice',
    headline: say`🔁 Regression of ${issue(of)}, recognised ${plain(clock(at, at))} UTC`,
    lines,
    footer: replyFooter(version, redacted),
  };
}
