import type { Case } from '../diagnose/case.ts';
import type { Contradiction } from '../diagnosis.ts';
import { canonical, numberOf, time } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation, Snapshot } from '../snapshot.ts';
import { sameValue } from './same-value.ts';

/** Signals that can only grow with the window that they are read over: counts, and the highest of a window. */
const growing: ReadonlySet<string> = new Set([
  signal.requests,
  signal.serverErrors,
  signal.clientErrors,
  signal.successes,
  signal.revisionRequests,
  signal.revisionServerErrors,
  signal.logEntries,
  signal.logEntryErrors,
  signal.logErrors,
  signal.starts,
  signal.startsReady,
  signal.failedResponses,
  signal.instancesHighest,
  signal.activeInstancesMax,
  signal.backendsMax,
]);

/** Signals that tell since when something holds. */
const onsets: ReadonlySet<string> = new Set([signal.serverErrorsSince, signal.instancesSince]);

/** Settings of a revision: it is another revision that has another value. */
const ofRevisions: ReadonlySet<string> = new Set([
  signal.egress,
  signal.connector,
  signal.image,
  signal.cpuLimit,
  signal.memoryLimit,
  signal.scalingMin,
  signal.scalingMax,
  signal.serviceAccount,
  signal.cloudSqlInstance,
  signal.requestTimeout,
  signal.concurrency,
]);

/** Points of metrics come up to minutes late. */
const lateMs = 5 * 60_000;

/** How far an onset may move by the grid of its points alone, which is the wider the more components are asked for. */
function resolutionMs(components: number): number {
  if (components <= 10) return 2 * 60_000;
  return components <= 60 ? 10 * 60_000 : 30 * 60_000;
}

/**
 * Where the update before and this one cannot both be right: a count or a maximum that is lower over a window that holds
 * the one before, a setting of one revision with two values, an onset before the last update that has moved. What only
 * changed in between is none of these.
 */
export function againstPrevious(found: Case, { previous, takenAt }: Snapshot): Contradiction[] {
  if (previous === null) return [];
  const resolution = resolutionMs(Object.keys(found.configuration.components).length);
  return canonical(previous.figures).flatMap((before): Contradiction[] => {
    const now = (found.index.byComponent.get(before.component) ?? []).filter(
      (seen) =>
        seen.signal === before.signal &&
        seen.revision === before.revision &&
        seen.unit === before.unit &&
        isSameSource(seen, before),
    );
    const other = now.find((seen) => cannotBoth(before, seen, previous.takenAt, resolution));
    if (other === undefined || time(previous.takenAt) > time(takenAt)) return [];
    return [
      {
        about: { component: before.component, signal: before.signal },
        kind: 'previous-measured',
        sides: [
          { value: valueOf(before), evidence: before.id },
          { value: valueOf(other), evidence: other.id },
        ],
      },
    ];
  });
}

function cannotBoth(before: Observation, now: Observation, takenBefore: string, resolution: number): boolean {
  if (onsets.has(before.signal)) return hasMoved(before, now, takenBefore, resolution);
  if (growing.has(before.signal)) return hasShrunk(before, now);
  const isSetting = before.signal.startsWith(signal.env) || ofRevisions.has(before.signal);
  return (
    isSetting &&
    before.revision !== undefined &&
    !isHidden(before, now) &&
    !sameValue(before.value, now.value)
  );
}

function isSameSource(a: Observation, b: Observation): boolean {
  return a.source.api === b.source.api && a.source.method === b.source.method;
}

/** The newer window holds all of the older one, and the value is lower: neither was cut short. */
function hasShrunk(before: Observation, now: Observation): boolean {
  const [was, is] = [numberOf(before), numberOf(now)];
  if (was === null || is === null || before.window === null || now.window === null) return false;
  if (before.partial === true || now.partial === true) return false;
  const holds =
    time(now.window.from) <= time(before.window.from) && time(now.window.to) >= time(before.window.to);
  return holds && is < was;
}

/** Both onsets lie in what the update before had read, and are not the start of what was searched. */
function hasMoved(before: Observation, now: Observation, takenBefore: string, resolution: number): boolean {
  const [was, is] = [time(before.value), time(now.value)];
  if (Number.isNaN(was) || Number.isNaN(is) || Math.abs(is - was) <= resolution) return false;
  const bounded = [before, now].some(
    ({ value, window }) => window !== null && time(value) - time(window.from) <= lateMs,
  );
  return !bounded && is < time(takenBefore) - lateMs;
}

function isHidden(...seen: readonly Observation[]): boolean {
  return seen.some(({ value }) => value.includes('redacted'));
}

function valueOf({ value, window, revision }: Observation): string {
  const over = window === null ? '' : ` (${window.from.slice(11, 16)}–${window.to.slice(11, 16)} UTC)`;
  return `${value}${over}${window === null && revision !== undefined ? ` of ${revision}` : ''}`;
}
