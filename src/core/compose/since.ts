import type { CriterionReading } from '../criteria/types.ts';
import { clock } from '../figures.ts';
import { plain, say, type Text } from '../text.ts';

/** `since 17:09`; `since 18:05 or before` where nobody saw it turn. Null where it is read for the first time. */
export function sinceWords({ since, evidence }: CriterionReading, seen: string): Text | null {
  if (since === null || evidence.length === 0 || since.at === seen) return null;
  return say`since ${plain(clock(since.at, seen))}${since.orBefore ? say` or before` : say``}`;
}
