import type { ComponentType } from '../../config/repository.schema.ts';
import { componentOf } from '../graph.ts';
import { before, current, evidenceIds, latest, numberOf, sortedIds, sumOf, time } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Change, Observation } from '../snapshot.ts';
import { exitsInUse } from '../states/cloud-run.ts';
import { lastPointOf } from '../states/connector.ts';
import { degradedShare } from '../states/errors.ts';
import { isRunning } from '../states/cloud-sql.ts';
import { changesOf, isAbnormal, oncePerComponent } from './case.ts';
import type { Case } from './case.ts';
import { failureKind, noInstance } from './log-signatures.ts';

/**
 * When something began: not before `earliest` and not after `latest`, ms since 1970. `earliest` is minus
 * infinity where the readings do not reach back to the beginning.
 */
export interface Onset {
  /** The time that was read. */
  at: number;
  earliest: number;
  latest: number;
  evidence: string[];
}

/** Resolution in ms: metrics come in minutes, log entries have their own time. */
const metricResolution = 60_000;
const logResolution = 1_000;

/**
 * Mean pauses between occurrences within which the first one of a window may not be the first at all. At three
 * times the mean pause, a steady stream that began earlier is missed in one window of twenty. Expert setting.
 */
const pausesBeforeFirst = 3;

/** When a component's failure began, as far as its observations say; null where none carries a first time. */
export function onsetOf(found: Case, component: string): Onset | null {
  return rememberedOnset(found, component);
}

const rememberedOnset = oncePerComponent((found, component): Onset | null => {
  if (!isAbnormal(found, component)) return null;
  const { index } = found;
  const type = componentOf(found.configuration, component)?.type;
  if (type === 'google-region') return eventOnset(found, component);
  if (
    type === 'vpc-connector' &&
    !/^(?:READY|UPDATING)$/.test(latest(index, component, signal.state)?.value ?? '')
  ) {
    return goneOnset(found, component);
  }
  return earliestOf([
    errorOnsetOf(found, component),
    ...current(index, component, signal.up)
      .filter((seen) => numberOf(seen) === 0)
      .map(gaugeOnset),
    ...current(index, component, signal.instancesSince).map((seen) =>
      sampled(sinceOnset(found, seen), periodOfDay(found, componentOf(found.configuration, component)?.type)),
    ),
    ...current(index, component, signal.instances).map(gaugeOnset),
    ...current(index, component, signal.operation)
      .filter(isRunning)
      .map((seen) => logOnset(found, seen)),
    ...exitsInUse(component, index).map((seen) => logOnset(found, seen)),
    ...dominantFailure(found, component).map((seen) => logOnset(found, seen)),
    ...figureOnsets(found, component),
  ]);
});

/** Minutes by which Google may state the beginning of an event too late: it is found in hindsight. Expert setting. */
const statedLate = 15 * metricResolution;

/** The beginning of the earliest event that goes on, as Google states it. */
function eventOnset({ index }: Case, region: string): Onset | null {
  return statedOnset(current(index, region, signal.event).filter(({ value }) => value.startsWith('ACTIVE')));
}

/** The beginning of the earliest of some events. */
export function statedOnset(events: readonly Observation[]): Onset | null {
  return earliestOf(
    events.map(({ id, first }) => {
      const at = time(first ?? '');
      return Number.isNaN(at) ? null : { at, earliest: at - statedLate, latest: at, evidence: [id] };
    }),
  );
}

/** Silence of a connector's metrics from which they have ended, and are not only late. Expert setting. */
const ended = 5 * metricResolution;

/** A connector that is gone was there until its last point; two minutes more may be under way (their delay). */
function goneOnset({ index }: Case, connector: string): Onset | null {
  const measured = current(index, connector, signal.instances);
  const last = lastPointOf(measured);
  if (last === null || time(index.takenAt) - time(last) < ended) return null;
  const at = time(last);
  return { at, earliest: at, latest: at + 2 * metricResolution, evidence: evidenceIds(measured) };
}

/** Since when the figures of a service that a snapshot file brings are as they are. Their values count no occurrences. */
function figureOnsets(found: Case, component: string): (Onset | null)[] {
  if (componentOf(found.configuration, component)?.type !== 'service') return [];
  return [signal.latency, signal.availability]
    .flatMap((name) => current(found.index, component, name))
    .map((seen) => windowOnset({ ...seen, value: '0' }, metricResolution));
}

/** When a service's 5xx began; null where none were read. */
export function errorOnsetOf(found: Case, component: string): Onset | null {
  const { index } = found;
  return earliestOf([
    ...current(index, component, signal.serverErrorsSince).map((seen) => sinceOnset(found, seen)),
    ...current(index, component, signal.serverErrors).filter(isPositive).map(metricOnset),
    failedBefore(found, component),
  ]);
}

/** The failure line that a component's log holds most often: rare lines are noise and date nothing. */
function dominantFailure(found: Case, component: string): Observation[] {
  const lines = current(found.index, component, signal.logError).filter(
    ({ text = '' }) => failureKind(text) !== 'other' || noInstance.test(text),
  );
  const most = Math.max(...lines.map((line) => numberOf(line) ?? 0));
  return lines.filter((line) => numberOf(line) === most);
}

/**
 * The onset that a count of log entries gives. A revision's entries are not older than the revision, even where
 * they are too few to show where they begin.
 */
export function logOnset(found: Case, observation: Observation): Onset | null {
  const onset = windowOnset(observation, logResolution);
  const born = birthOf(found, observation);
  return onset && born !== null ? { ...onset, earliest: Math.max(onset.earliest, born) } : onset;
}

/** When the revision of an observation was created, ms; null where that was not read. */
function birthOf(found: Case, { component, revision }: Observation): number | null {
  if (revision === undefined) return null;
  const deployed = current(found.index, component, signal.deployedAt).find(
    (seen) => seen.revision === revision,
  );
  const change = changesOf(found, component).find((one) => one.revision === revision);
  const born = time(deployed?.value ?? change?.at ?? '');
  return Number.isNaN(born) ? null : born;
}

/** A change has a time of its own. */
export function changeOnset(change: Change): Onset {
  const at = time(change.at);
  return { at, earliest: at, latest: at, evidence: [change.id] };
}

/**
 * The earliest of several onsets, with the evidence of those that could be it. A reading that does not reach back
 * to its beginning says nothing against a dated one before it.
 */
export function earliestOf(onsets: readonly (Onset | null)[]): Onset | null {
  const known = onsets.filter((onset) => onset !== null);
  if (known.length === 0) return null;
  const dated = known.filter((onset) => onset.earliest !== -Infinity);
  const firstDated = Math.min(...dated.map((onset) => onset.at));
  const bearing = known.filter((onset) => onset.earliest !== -Infinity || !(onset.at >= firstDated));
  const last = Math.min(...bearing.map((onset) => onset.latest));
  return {
    at: Math.min(...bearing.map((onset) => onset.at)),
    earliest: Math.min(...bearing.map((onset) => onset.earliest)),
    latest: last,
    evidence: sortedIds(bearing.filter((onset) => onset.earliest <= last).flatMap((onset) => onset.evidence)),
  };
}

/**
 * Whether a cause began no later than its effect, within the resolution of the data; null where that cannot be
 * told, because a time is missing or the effect may have begun before the readings do.
 */
export function beganBefore(cause: Onset | null, effect: Onset | null): boolean | null {
  if (!cause || !effect) return null;
  if (cause.earliest > effect.latest) return false;
  const undated = cause.earliest === -Infinity && cause.latest > effect.latest;
  return undated || effect.earliest === -Infinity ? null : true;
}

/** The onset that a metric gives, which comes in minutes. */
function metricOnset(observation: Observation): Onset | null {
  return windowOnset(observation, metricResolution);
}

/** The onset that a gauge gives: it is sampled, so what the first sample shows began up to a minute before it. */
export function gaugeOnset(observation: Observation): Onset | null {
  return sampled(metricOnset(observation), metricResolution);
}

function sampled(onset: Onset | null, period: number): Onset | null {
  return onset && { ...onset, earliest: onset.earliest - period };
}

/** A value that is the time since when something has held, searched over the last day. */
function sinceOnset(found: Case, observation: Observation): Onset | null {
  const since = time(observation.value);
  if (Number.isNaN(since)) return null;
  const period = periodOfDay(found, componentOf(found.configuration, observation.component)?.type);
  const start = observation.window ? time(observation.window.from) : -Infinity;
  const cut = since - start <= period;
  return { at: since, earliest: cut ? -Infinity : since, latest: since + period, evidence: [observation.id] };
}

/** Metrics of a whole day are read in 1, 5 or 15 minutes for up to 10, up to 60 or more components of a type. */
function periodOfDay({ typeCounts }: Case, type: ComponentType | undefined): number {
  const alike = type === undefined ? 0 : (typeCounts.get(type) ?? 0);
  if (alike <= 10) return metricResolution;
  return (alike <= 60 ? 5 : 15) * metricResolution;
}

/** Minutes for which an error that is logged again and again did no harm, so that it explains none. Expert setting. */
const harmlessMinutes = 10;

/** Whether a line is logged since long before something failed: that does not fail by it. False where a time is missing. */
export function isLongBefore({ first }: Observation, failure: Onset | null): boolean {
  return failure !== null && failure.earliest - time(first ?? '') >= harmlessMinutes * metricResolution;
}

/** A first occurrence close to the start of the window, or behind a page cap, may not be the first one. */
function windowOnset(observation: Observation, resolution: number): Onset | null {
  if (!observation.first) return null;
  const first = time(observation.first);
  const start = observation.window ? time(observation.window.from) : -Infinity;
  const cut =
    observation.partial === true ||
    first - start <= Math.max(resolution, pausesBeforeFirst * meanPause(observation));
  return {
    at: first,
    earliest: cut ? -Infinity : first,
    latest: first + resolution,
    evidence: [observation.id],
  };
}

function meanPause({ first, last, value }: Observation): number {
  const count = Number(value);
  return first && last && count > 1 ? (time(last) - time(first)) / (count - 1) : 0;
}

/** 5xx in the window before: the failure is older than the snapshot's window. */
function failedBefore(found: Case, component: string): Onset | null {
  const errors = before(found.index, component, signal.serverErrors);
  const share = (100 * (sumOf(errors) ?? 0)) / (sumOf(before(found.index, component, signal.requests)) ?? 0);
  if (!(share >= degradedShare)) return null;
  const dated = earliestOf(errors.map(metricOnset));
  const start = time(found.index.window.from);
  return dated ?? { at: start, earliest: -Infinity, latest: start, evidence: errors.map(({ id }) => id) };
}

function isPositive(observation: Observation): boolean {
  return (numberOf(observation) ?? 0) > 0;
}
