import { gapPhrase } from '../../states/reading.ts';
import { code, ids, label, plain, prose, say } from '../../text.ts';
import type { Fold, GapRow } from '../../update.ts';
import type { Facts } from '../facts.ts';
import { signalWords } from '../signal-words.ts';
import { fold } from './fold.ts';

/** What could not be read, why, and what a person can do about it. */
export function unreadFold(facts: Facts): Fold<GapRow> | null {
  const { gaps } = facts.snapshot;
  return fold(
    label`Could not be read: ${gaps.length}`,
    gaps.map((gap) => ({
      id: say`${ids([gap.id])}`,
      what:
        gap.signal === '*'
          ? say`${code(gap.component)}`
          : say`${code(gap.component)} ${signalWords(gap.signal)}`,
      reason:
        gap.detail === ''
          ? say`${plain(gapPhrase(gap))}`
          : say`${plain(gapPhrase(gap))}: ${code(gap.detail)}`,
      remedy: gap.remedy === '' ? say`–` : say`${prose(gap.remedy)}`,
    })),
  );
}
