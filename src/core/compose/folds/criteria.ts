import type { CriterionReading } from '../../criteria/types.ts';
import { durationOf, span } from '../../figures.ts';
import { label, plain, prose, say, type Text } from '../../text.ts';
import type { CriterionRow, Fold } from '../../update.ts';
import { criterionWords } from '../criterion-words.ts';
import type { Facts } from '../facts.ts';
import { sinceWords } from '../since.ts';
import { fold } from './fold.ts';

/** How a result is marked in every update. */
export const marks = { met: say`✅`, failed: say`❌`, unknown: say`❔` };

/** The conditions for calling the incident resolved, each with its present state. */
export function criteriaFold(facts: Facts): Fold<CriterionRow> | null {
  return readingsFold(facts.criteria.success, facts.seen);
}

/** The same of other readings: those that serve where no criteria are configured. */
export function readingsFold(readings: readonly CriterionReading[], seen: string): Fold<CriterionRow> | null {
  const met = readings.filter((reading) => reading.result === 'met').length;
  return fold(
    label`Success criteria: ${met} of ${readings.length} met`,
    readings.map((reading) => criterionRow(reading, seen)),
  );
}

function criterionRow(reading: CriterionReading, seen: string): CriterionRow {
  const since = sinceWords(reading, seen);
  return {
    mark: marks[reading.result],
    title: say`${prose(reading.title)}${held(reading)}`,
    state: say`${since === null ? say`` : say`${since}: `}${criterionWords(reading)}`,
  };
}

function held(reading: CriterionReading): Text {
  const milliseconds = reading.for === null ? null : durationOf(reading.for);
  return milliseconds === null ? say`` : say` (for ${plain(span(milliseconds))})`;
}
