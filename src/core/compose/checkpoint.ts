import { clock, number, span } from '../figures.ts';
import { stateOf } from '../incident/state.ts';
import { join, plain, say, type Text } from '../text.ts';
import type { CheckpointReached, Facts } from './facts.ts';

/** When the next update comes: the living comment (`board`), and the next comment. Nobody has to ask for them. */
export function nextLine(facts: Facts): Text | null {
  const { nextCheckpoint, seen } = facts;
  if (nextCheckpoint === null) return null;
  const { board, comment } = nextCheckpoint;
  if (board === null) return comment === null ? null : say`comment ${plain(clock(comment, seen))}`;
  return say`board ${plain(clock(board, seen))}; ${commentPart(facts, comment)}`;
}

/** While the living comment is refreshed, a material change is told at once, unless people asked for quiet. */
function commentPart({ snapshot, seen }: Facts, comment: string | null): Text {
  const { snoozedUntil } = stateOf(snapshot.record ?? []);
  const quiet = snoozedUntil !== null && Date.parse(snoozedUntil) > Date.parse(seen);
  if (comment === null)
    return quiet ? say`no comment before ${plain(clock(snoozedUntil, seen))}` : say`comment on change`;
  return quiet
    ? say`comment ${plain(clock(comment, seen))} (snoozed)`
    : say`comment ${plain(clock(comment, seen))} or on change`;
}

/** Later than this a checkpoint says by how much. */
const punctualMs = 60_000;
/** Missed checkpoints that are named; what is beyond is counted. */
const named = 3;

/** `2 h checkpoint`; `8 h checkpoint, 1 h 5 min late; 2 h and 4 h were missed`. */
export function checkpointReached(
  { kind, dueAt, missed, snoozedUntil = null }: CheckpointReached,
  seen: string,
): Text {
  const isSnoozed = snoozedUntil !== null && Date.parse(snoozedUntil) > Date.parse(dueAt);
  const lateMs = Date.parse(seen) - Date.parse(isSnoozed ? snoozedUntil : dueAt);
  const snoozed = isSnoozed ? say`, snoozed until ${plain(clock(snoozedUntil, seen))}` : say``;
  const late = lateMs > punctualMs ? say`, ${plain(span(lateMs))} late` : say``;
  return say`${checkpointName(kind)}${snoozed}${late}${missedOnes(missed)}`;
}

/** `2 h checkpoint`. */
export function checkpointName(kind: string): Text {
  return say`${distance(kind)} checkpoint`;
}

function missedOnes(missed: readonly string[]): Text {
  if (missed.length === 0) return say``;
  if (missed.length === 1) return say`; ${join(missed.map(distance))} was missed`;
  const more = missed.length - named;
  const parts =
    more > 0
      ? [...missed.slice(0, named).map(distance), say`${plain(number(more))} more`]
      : missed.map(distance);
  return say`; ${join(parts.slice(0, -1))} and ${join(parts.slice(-1))} were missed`;
}

/** `2 h` for `2h`, `90 min` for `90m`. */
function distance(kind: string): Text {
  const amount = plain(number(Number.parseInt(kind, 10)));
  if (kind.endsWith('h')) return say`${amount} h`;
  return kind.endsWith('m') ? say`${amount} min` : say`${amount} s`;
}
