import { atLeast, number, share as asShare } from '../figures.ts';
import { current, latest, numberOf, sumOf, time } from '../observations.ts';
import type { Observations } from '../observations.ts';
import type { Observation } from '../snapshot.ts';
import { signal } from '../signals.ts';

/** Share of requests answered 5xx, %, from which a service fails, and from which it is degraded. Expert settings. */
export const failingShare = 50;
export const degradedShare = 1;

/** Minutes without a 5xx, while requests came, after which a service no longer fails. Expert setting. */
export const recoveredAfterMinutes = 10;

/**
 * Requests that a clean serving revision must have had to count as recovered after those minutes. By the rule of
 * three, 30 of them leave at most 10 % of 5xx at 95 % confidence. Expert setting.
 */
export const recoveredAfterRequests = 30;

/** Minutes without a 5xx that it takes where the requests since the last one are not counted apart. Expert setting. */
export const recoveredUncountedMinutes = 30;

/** The 5xx of a service over the window. */
export interface ErrorReading {
  /** %, of the serving revision where its own requests were counted, else of the service. */
  share: number;
  /** The figures, as a clause: `14 of 20 requests 5xx`. */
  why: string;
  observations: Observation[];
  /** Whether the share of all revisions, or of the serving one, is more than a few. */
  material: boolean;
  /** What is known of a recovery; null where the 5xx go on, or nothing tells that they stopped. */
  recovery: Recovery | null;
}

/** 5xx that stopped at least 10 minutes ago, while requests went on. */
export interface Recovery {
  /** When the last 5xx was. */
  lastError: string;
  /** Minutes since then. */
  minutes: number;
  /** Whether the clean stretch is long enough and carries enough requests. */
  complete: boolean;
}

/** Counts of requests and of those answered 5xx, or the share alone. */
interface Counted {
  share: number;
  why: string;
  observations: Observation[];
  total: number | null;
}

/**
 * The 5xx of a service; null where no request was read. A service that went from one revision to another within
 * the window fails as its serving revision does; the old one's 5xx count until they have stopped for a while.
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
    material: Math.max(all.share, own?.share ?? 0) >= degradedShare,
    recovery: recoveryOf(index, all, own, lastOf(requests), lastOf(failed)),
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
  const isCut = [...requests, ...failed].some(({ partial }) => partial);
  const counts =
    total !== null && errors !== null
      ? atLeast(`${number(errors)} of ${number(total)} requests 5xx`, isCut)
      : null;
  const observations = counts
    ? [...requests, ...failed]
    : [...requests, ...failed, ...(measured ? [measured] : [])];
  return { share, why: counts ?? `${asShare(share / 100)} of requests 5xx`, observations, total };
}

/**
 * A serving revision without a 5xx of its own has all its requests in the clean stretch. Otherwise the requests
 * after the last 5xx are not counted apart: then it takes more minutes. Without both times nothing is known.
 */
function recoveryOf(
  index: Observations,
  all: Counted,
  own: Counted | null,
  lastRequest: string | null,
  lastError: string | null,
): Recovery | null {
  if (lastError === null || lastRequest === null || !isLongAgo(index, lastError)) return null;
  if (time(lastRequest) <= time(lastError)) return null;
  const minutes = Math.floor((time(index.takenAt) - time(lastError)) / 60_000);
  const clean = own?.share === 0 ? own.total : null;
  const spared = all.total === null ? 0 : all.total * (1 - all.share / 100);
  const complete =
    clean === null
      ? minutes >= recoveredUncountedMinutes && spared >= recoveredAfterRequests
      : clean >= recoveredAfterRequests;
  return { lastError, minutes, complete };
}

/** Whether an instant lies so far back that what happened then is over, if requests came since. */
export function isLongAgo(index: Observations, instant: string): boolean {
  return time(index.takenAt) - time(instant) >= recoveredAfterMinutes * 60_000;
}

function lastOf(observations: readonly Observation[]): string | null {
  const times = observations.flatMap(({ last }) => last ?? []);
  return times.length === 0 ? null : times.reduce((a, b) => (time(b) > time(a) ? b : a));
}
