import { clock } from '../figures.ts';
import { code, join, plain, say, type Text } from '../text.ts';
import type { Facts } from './facts.ts';

/** When the next update comes: the living comment (`board`), and the next comment. */
export function nextLine(facts: Facts): Text | null {
  const { nextCheckpoint, seen } = facts;
  if (nextCheckpoint === null) return null;
  const { board, comment } = nextCheckpoint;
  const parts = [
    ...(board === null ? [] : [say`board ${plain(clock(board, seen))}`]),
    ...(comment === null
      ? []
      : [say`update due ${plain(clock(comment, seen))}; ${code('/status')} posts it`]),
  ];
  return parts.length === 0 ? null : say`${join(parts, say`; `)}`;
}
