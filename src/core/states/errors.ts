import { current, latest, numberOf, sumOf, time } from '../observations.ts';
import type { Observations } from '../observations.ts';
import type { Observation } from '../snapshot.ts';
import { signal } from '../signals.ts';

/** Share of requests answered 5xx, %, from which a service fails, and from which it is degraded. Expert settings. */
export const failingShare = 50;
export const degradedShare = 1;

/** Minutes without a 5xx, while requests came, after which a service counts as recovered. Expert setting. */
export const recoveredAfterMinutes = 10;

/** The 5xx of a service over the window. */
export interface ErrorReading {
  /** %, of the serving revision where its own requests were counted, else of the service. */
  share: number;
  /** The figures, as a clause: `14 of 20 requests 5xx`. */
  why: string;
  observations: Observation[];
  /** When the last 5xx was, where it lies long enough back and requests came after it; null otherwise. */
  recoveredSince: string | null;
}

/** Counts of requests and of those answered 5xx, or the share alone. */
interface Counted {
  share: number;
  why: string;
  observations: Observation[];
}

/**
 * The 5xx of a service; null where no request was read. A service that went from one revision to another within
 * the window is what its serving revision is: the old one's answers say nothing of the present.
 */
export function errorsOf(id: string, index: Observations): ErrorReading | null {
  const requests = current(index, id, signal.requests);
  const failed = current(index, id, signal.serverErrors);
  const all = counted(requests, failed, latest(index, id, signal.errorShare));
  if (!all) return null;
  const own = ofServing(id, index);
  const differs = own !== null && own.why !== all.why;
  return {
    share: own?.share ?? all.share,
    why: differs ? `${all.why}, ${own.why.replace(' requests 5xx', '')} in the serving revision` : all.why,
    observations: [...all.observations, ...(differs ? own.observations : [])],
    recoveredSince: recoveredSince(index, requests, failed),
  };
}

function ofServing(id: string, index: Observations): Counted | null {
  const serving = latest(index, id, signal.servingRevision)?.value;
  const of = (name: string) => current(index, id, name).filter((seen) => seen.revision === serving);
  return serving === undefined
    ? null
    : counted(of(signal.revisionRequests), of(signal.revisionServerErrors), undefined);
}

function counted(
  requests: readonly Observation[],
  failed: readonly Observation[],
  measured: Observation | undefined,
): Counted | null {
  const total = sumOf(requests);
  const errors = sumOf(failed);
  const share = total && errors !== null ? (100 * errors) / total : numberOf(measured);
  if (share === null || total === 0) return null;
  const counts = total !== null && errors !== null ? `${errors} of ${total} requests 5xx` : null;
  const observations = counts
    ? [...requests, ...failed]
    : [...requests, ...failed, ...(measured ? [measured] : [])];
  return { share, why: counts ?? `${measured?.value ?? ''} % of requests 5xx`, observations };
}

/** Requests went on for a while after the last 5xx. Without both times nothing is known of a recovery. */
function recoveredSince(
  index: Observations,
  requests: readonly Observation[],
  failed: readonly Observation[],
): string | null {
  const lastError = lastOf(failed);
  const lastRequest = lastOf(requests);
  if (lastError === null || lastRequest === null || !isLongAgo(index, lastError)) return null;
  return time(lastRequest) > time(lastError) ? lastError : null;
}

/** Whether an instant lies so far back that what happened then is over, if requests came since. */
export function isLongAgo(index: Observations, instant: string): boolean {
  return time(index.takenAt) - time(instant) >= recoveredAfterMinutes * 60_000;
}

function lastOf(observations: readonly Observation[]): string | null {
  const times = observations.flatMap(({ last }) => last ?? []);
  return times.length === 0 ? null : times.reduce((a, b) => (time(b) > time(a) ? b : a));
}
