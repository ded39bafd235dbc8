import { evidenceIds, latest, numberOf } from './observations.ts';
import type { Observations } from './observations.ts';
import { signal } from './signals.ts';
import type { Change } from './snapshot.ts';

/** The revision of a service that is proven to have served healthily last. */
export interface LastHealthy {
  revision: string;
  requests: number;
  errors: number;
  /** Until when it did, UTC; null where that was not read. */
  until: string | null;
  evidence: string[];
}

/** Null where no revision is proven healthy. It may be the serving one, which then failed without a change. */
export function lastHealthy(index: Observations, component: string): LastHealthy | null {
  const requests = latest(index, component, signal.healthyRequests);
  const errors = latest(index, component, signal.healthyErrors);
  const [all, failed] = [numberOf(requests), numberOf(errors)];
  if (!requests?.revision || !errors || all === null || failed === null) return null;
  if (errors.revision !== requests.revision) return null;
  return {
    revision: requests.revision,
    requests: all,
    errors: failed,
    until: requests.last ?? null,
    evidence: evidenceIds([requests, errors]),
  };
}

/** What the serving revision has otherwise than the last healthy one, where that is not the one before it. */
export function driftOf(
  changes: readonly Change[],
  component: string,
  serving: string | undefined,
): Change | undefined {
  return changes.find(
    (change) =>
      change.kind === 'drift' &&
      change.component === component &&
      (serving === undefined || change.revision === serving),
  );
}
