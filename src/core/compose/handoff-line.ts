import { clock } from '../figures.ts';
import type { IncidentState } from '../incident/state.ts';
import { code, mention, plain, say, type Text } from '../text.ts';

/**
 * A handoff that nobody accepted yet: `Handoff to kim not accepted since 18:05: /sitrep accept`. Null where none is
 * open. Whoever is meant is notified where the update is a reminder.
 */
export function openHandoffLine(
  { handoff }: Pick<IncidentState, 'handoff'>,
  seen: string,
  reminds: boolean,
): Text | null {
  if (handoff === null || handoff.acceptedAt !== null) return null;
  const whom = reminds ? mention(handoff.to) : code(handoff.to);
  return say`Handoff to ${whom} **not accepted** since ${plain(clock(handoff.at, seen))} (record): ${code('/sitrep accept')}`;
}
