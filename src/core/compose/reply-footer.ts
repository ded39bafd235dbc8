import { code, plain, say, type Text } from '../text.ts';

/** The last line of a comment that is no update. */
export function replyFooter(version: string): Text {
  return say`Sitrep ${plain(version)} · ${code('/sitrep help')}`;
}
