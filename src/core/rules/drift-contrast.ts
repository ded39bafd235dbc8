import type { Case } from '../diagnose/case.ts';
import { failureKind } from '../diagnose/log-signatures.ts';
import { lastHealthy } from '../last-healthy.ts';
import { before, current, evidenceIds, numberOf, sumOf, time } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Change, Observation } from '../snapshot.ts';
import { degradedShare } from '../states/errors.ts';

/** How the revision before a change fares, with the old value. */
export interface OlderRevision {
  /** True where it was seen to serve without the failure. */
  served: boolean | null;
  /** True where it was seen to fail. */
  failed: boolean | null;
  evidence: string[];
}

/**
 * Compares the revision before a change: by its own requests in the window, else by its log, else by those of the
 * last 24 hours that prove it healthy, else by the window before, if the change lies after that window. What it did
 * earlier says nothing against requests that it had since: then it was asked, and only these count.
 */
export function olderRevision(found: Case, component: string, change: Change): OlderRevision {
  const readings = [
    byRequests(found, component, change),
    byLog(found, component, change),
    ...(servesStill(found, component, change)
      ? []
      : [byHealthyTime(found, component, change), byWindowBefore(found, component, change)]),
  ];
  return readings.find((reading) => reading !== null) ?? { served: null, failed: null, evidence: [] };
}

/** The older revision fails as well if its share of 5xx is at least half of the newer one's. */
function byRequests({ index }: Case, component: string, change: Change): OlderRevision | null {
  const requests = current(index, component, signal.revisionRequests);
  const errors = current(index, component, signal.revisionServerErrors);
  const of = (revision: string | undefined): [Observation[], Observation[]] => [
    ofRevision(requests, revision),
    ofRevision(errors, revision),
  ];
  return compared(of(change.previousRevision), shareOf(...of(change.revision)) ?? 100);
}

/** Failures in the log of the older revision. A clean log proves nothing, for it may have had no traffic. */
function byLog({ index }: Case, component: string, change: Change): OlderRevision | null {
  const own = (revision: string | undefined) =>
    ofRevision(current(index, component, signal.logError), revision).filter(isFailure);
  const kinds = new Set(own(change.revision).map((line) => failureKind(line.text ?? '')));
  const same = own(change.previousRevision).filter((line) => kinds.has(failureKind(line.text ?? '')));
  return same.length === 0 ? null : { served: false, failed: true, evidence: evidenceIds(same) };
}

/** The older revision had requests in the window, answered or not. */
function servesStill({ index }: Case, component: string, { previousRevision }: Change): boolean {
  return [signal.revisionRequests, signal.revisionServerErrors].some(
    (name) => (sumOf(ofRevision(current(index, component, name), previousRevision)) ?? 0) > 0,
  );
}

function byHealthyTime({ index }: Case, component: string, change: Change): OlderRevision | null {
  const healthy = lastHealthy(index, component);
  if (healthy === null || healthy.revision !== change.previousRevision) return null;
  return { served: true, failed: false, evidence: healthy.evidence };
}

function byWindowBefore({ index }: Case, component: string, change: Change): OlderRevision | null {
  const requests = before(index, component, signal.requests);
  const errors = before(index, component, signal.serverErrors);
  const earlier = requests.every((seen) => seen.window !== null && time(seen.window.to) <= time(change.at));
  const now = shareOf(
    current(index, component, signal.requests),
    current(index, component, signal.serverErrors),
  );
  return earlier ? compared([requests, errors], now ?? 100) : null;
}

/** Null where no request was read, or where it fails less than the newer one and still too much to have served. */
function compared(
  [requests, errors]: readonly [readonly Observation[], readonly Observation[]],
  newer: number,
): OlderRevision | null {
  const share = shareOf(requests, errors);
  if (share === null) return null;
  const evidence = evidenceIds(requests, errors);
  if (share < degradedShare) return { served: true, failed: false, evidence };
  return share >= newer / 2 ? { served: false, failed: true, evidence } : null;
}

/** 5xx of all requests, %. */
function shareOf(requests: readonly Observation[], errors: readonly Observation[]): number | null {
  const total = sumOf(requests);
  const failed = sumOf(errors);
  return total === null || total === 0 || failed === null ? null : (100 * failed) / total;
}

function ofRevision(observations: readonly Observation[], revision: string | undefined): Observation[] {
  return observations.filter((seen) => revision !== undefined && seen.revision === revision);
}

function isFailure(line: Observation): boolean {
  return failureKind(line.text ?? '') !== 'other' && (numberOf(line) ?? 0) > 0;
}
