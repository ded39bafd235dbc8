import type { Point, Series } from './time-series.ts';

/** A time in which a revision served requests and next to none failed. */
export interface HealthyStretch {
  revision: string;
  requests: number;
  errors: number;
  /** In ms since 1970. */
  from: number;
  to: number;
}

/**
 * Requests that a stretch must have to prove anything: by the rule of three, 30 without a failure leave at most
 * 10 % of failures at 95 % confidence. Expert setting, as for a recovery.
 */
const least = 30;

/** Share of 5xx, 0 to 1, from which a period is none of a healthy stretch: where a service counts as degraded. */
const unhealthy = 0.01;

/**
 * The stretch of the revision that served healthily last, from the requests of one service by revision and class;
 * null where no revision is proven to have been healthy. Its date of creation plays no part.
 */
export function lastHealthyStretch(series: readonly Series[]): HealthyStretch | null {
  const byRevision = Map.groupBy(series, ({ labels }) => labels['revision_name'] ?? '');
  const stretches = [...byRevision].flatMap(([revision, own]) =>
    revision === '' ? [] : (lastOf(revision, own) ?? []),
  );
  const [last] = stretches.toSorted(
    (a, b) => b.to - a.to || b.requests - a.requests || (a.revision < b.revision ? -1 : 1),
  );
  return last ?? null;
}

interface Period extends Pick<Point, 'start' | 'end'> {
  requests: number;
  errors: number;
}

/** The last stretch of one revision. Periods without a request neither make nor end one. */
function lastOf(revision: string, series: readonly Series[]): HealthyStretch | null {
  const none: HealthyStretch = { revision, requests: 0, errors: 0, from: 0, to: 0 };
  let stretch = none;
  let last: HealthyStretch | null = null;
  for (const { start, end, requests, errors } of periodsOf(series)) {
    if (errors / requests >= unhealthy) {
      stretch = none;
    } else {
      stretch = {
        revision,
        requests: stretch.requests + requests,
        errors: stretch.errors + errors,
        from: stretch.requests === 0 ? start : stretch.from,
        to: end,
      };
      if (stretch.requests >= least) last = stretch;
    }
  }
  return last;
}

/** Requests and 5xx of each period that had a request, oldest first. */
function periodsOf(series: readonly Series[]): Period[] {
  const periods = new Map<number, Period>();
  for (const { labels, points } of series) {
    for (const { start, end, value } of points) {
      const period = periods.get(end) ?? { start, end, requests: 0, errors: 0 };
      period.requests += value;
      if (labels['response_code_class'] === '5xx') period.errors += value;
      periods.set(end, period);
    }
  }
  return [...periods.values()].filter(({ requests }) => requests > 0).toSorted((a, b) => a.end - b.end);
}
