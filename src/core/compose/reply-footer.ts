import { code, plain, say, type Text } from '../text.ts';
import { redactedPart } from './redacted-mark.ts';

/**
 * The last line of a comment that is no update.
 *
 * @param redacted Whether it tells of what was read, as far as everybody may see it.
 */
export function replyFooter(version: string, redacted = false): Text {
  return say`Sitrep ${plain(version)}${redacted ? redactedPart() : say``} · ${code('/sitrep help')}`;
}
