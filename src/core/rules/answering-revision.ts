import type { Case } from '../diagnose/case.ts';
import { current, evidenceIds, latest, numberOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { SignalName } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { errorsOf } from '../states/errors.ts';
import type { Refutation } from './refutations.ts';

/**
 * Readings that may explain why requests fail. While an older revision serves and fails, a latest one that does not
 * become ready takes no request, and explains none of the failures.
 */
export function ofAnsweringRevision(
  { index }: Case,
  service: string,
  seen: readonly Observation[],
): Observation[] {
  const serving = latest(index, service, signal.servingRevision)?.value;
  const created = latest(index, service, signal.createdRevision)?.value;
  const fails = errorsOf(service, index)?.material === true;
  if (!fails || serving === undefined || created === undefined || serving === created) return [...seen];
  return seen.filter(
    ({ revision }) => revision === serving || (revision !== undefined && answers(index, service, revision)),
  );
}

/** A part of the traffic goes to it, or did in the window. */
function answers(index: Case['index'], service: string, revision: string): boolean {
  return [signal.traffic, signal.revisionRequests].some((name) =>
    current(index, service, name).some((seen) => seen.revision === revision && (numberOf(seen) ?? 0) > 0),
  );
}

/** Conditions of the service, and of the revisions that serve or were created last. */
export function conditionsInUse(
  { index }: Case,
  service: string,
  names: readonly SignalName[],
): Observation[] {
  const revisions = [signal.servingRevision, signal.createdRevision].flatMap(
    (name) => latest(index, service, name)?.value ?? [],
  );
  return names
    .flatMap((name) => current(index, service, name))
    .filter(
      ({ revision }) => revision === undefined || revisions.length === 0 || revisions.includes(revision),
    );
}

/** What was looked for is there, but not of a revision that answers requests; null where it is not there at all. */
export function saidElsewhere(seen: readonly Observation[], does = 'logs it'): Refutation | null {
  if (seen.length === 0) return null;
  const why = `only a revision that takes no requests now ${does}`;
  return { verdict: 'weaker', why, decidedBy: evidenceIds(seen) };
}
