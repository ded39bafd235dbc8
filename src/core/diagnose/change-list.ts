import type { ListedChange } from '../diagnosis.ts';
import { compareIds, compareText } from '../observations.ts';
import type { PreviousUpdate } from '../snapshot.ts';
import type { Case } from './case.ts';
import { mechanismOf } from './change-mechanism.ts';
import type { DatedChange } from './dated-change.ts';
import { datedReadings } from './dated-readings.ts';
import { datedRepository } from './dated-repository.ts';
import { datedRevisions } from './dated-revisions.ts';
import type { Hypothesis } from './weighing.ts';
import { earliestOf, onsetOf } from './onset.ts';
import type { Onset } from './onset.ts';
import type { Walk } from './walk.ts';

/** How long before the onset a change may lie to be listed, ms; one with a mechanism is listed whatever its age. */
const longestBefore = 86_400_000;

/**
 * All that was changed within 24 hours before the failures began, and since, the newest first: each with the mechanism
 * by which it bears on them, or as correlated only. Timing alone is no cause.
 */
export function changeListOf(
  found: Case,
  way: Walk,
  hypotheses: readonly Hypothesis[],
  previous: PreviousUpdate | null,
): ListedChange[] {
  const onset = onsetOfSymptom(found, way);
  const { revisions, rest } = datedRevisions(found.changes);
  const all = [...revisions, ...datedRepository(found, rest), ...datedReadings(found, previous)];
  return all
    .filter(({ from, to }) => Number.isFinite(from) && Number.isFinite(to))
    .flatMap((change) => listed(found, way, hypotheses, change, onset))
    .toSorted(
      (a, b) =>
        compareText(b.at, a.at) ||
        compareIds(a.evidence[0] ?? '', b.evidence[0] ?? '') ||
        compareText(a.component, b.component),
    );
}

/** When what users miss began to fail; null where no reading dates it. */
function onsetOfSymptom(found: Case, way: Walk): Onset | null {
  const of = (ids: readonly string[]): Onset | null => earliestOf(ids.map((id) => onsetOf(found, id)));
  return of([...way.entries, ...way.symptom]) ?? of(way.reached);
}

function listed(
  found: Case,
  way: Walk,
  hypotheses: readonly Hypothesis[],
  change: DatedChange,
  onset: Onset | null,
): ListedChange[] {
  const isBefore = orderOf(change, onset);
  const mechanism = mechanismOf(found, way, hypotheses, change, onset);
  const limit = (onset?.at ?? Date.parse(found.index.takenAt)) - longestBefore;
  if (change.to < limit && mechanism === null) return [];
  const isDated = onset !== null && Number.isFinite(onset.earliest) && change.from === change.to;
  return [
    {
      evidence: [...change.evidence],
      kind: change.kind,
      component: change.component,
      at: new Date(change.to).toISOString(),
      what: change.what,
      relation: relationOf(isBefore, mechanism),
      mechanism,
      minutesBeforeOnset: isDated ? Math.round((onset.at - change.to) / 60_000) + 0 : null,
      onset: onset === null ? [] : onset.evidence,
    },
  ];
}

/** Whether it was done no later than the failures began, within the resolution of the data; null where that is open. */
function orderOf({ from, to }: DatedChange, onset: Onset | null): boolean | null {
  if (onset === null) return null;
  if (from > onset.latest) return false;
  return Number.isFinite(onset.earliest) && to <= onset.latest ? true : null;
}

function relationOf(isBefore: boolean | null, mechanism: string | null): ListedChange['relation'] {
  if (isBefore === false) return 'after';
  if (mechanism !== null) return 'mechanism';
  return isBefore === true ? 'correlated' : 'undated';
}
