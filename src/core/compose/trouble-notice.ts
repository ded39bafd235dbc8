import { dateTime } from '../figures.ts';
import { troubleWords, type TroubleKind } from '../troubles.ts';

/** A trouble as it is told on the operator's issue; times are UTC, ISO 8601. */
export interface ToldTrouble {
  kind: TroubleKind;
  beganAt: string;
  /** Null while it lasts. */
  overAt: string | null;
  /** Whether a comment said before that it began. */
  told: boolean;
}

/** The comment, in Markdown. It is all own words: nothing of anybody, and no name of a project or host. */
export function troubleNotice({ kind, beganAt, overAt, told }: ToldTrouble): string {
  const { begun, over, todo } = troubleWords[kind];
  if (overAt === null) return `**Sitrep is in trouble: ${begun}.** Since ${dateTime(beganAt)}.\n\n${todo}`;
  if (told) return `**It is over: ${over}.** From ${dateTime(beganAt)} to ${dateTime(overAt)}.`;
  return `**Sitrep was in trouble: ${begun}.** From ${dateTime(beganAt)} to ${dateTime(overAt)}; ${over}.`;
}
