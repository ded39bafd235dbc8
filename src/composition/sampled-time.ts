import type { Configuration } from '../config/repository.schema.ts';
import { durationOf } from '../core/figures.ts';

/** What is judged over time: the last hour, and longer where a criterion has to hold for longer. */
const shownMs = 3_600_000;
/** The newest of a series; of five minutes of more than two hours ago there are two at most. */
const mostSamples = 240;

/** Which samples the criteria of a configuration are judged by, as seen from a time. */
export function samplesFor(
  { success_criteria: criteria }: Configuration,
  { takenAt }: { takenAt: string },
): { since: Date; limit: number } {
  const spans = criteria.map((criterion) => durationOf(criterion.for ?? '') ?? 0);
  return { since: new Date(Date.parse(takenAt) - Math.max(shownMs, ...spans)), limit: mostSamples };
}
