import { clock, span } from '../figures.ts';
import { sortedIds } from '../observations.ts';
import type { Observation, Snapshot } from '../snapshot.ts';
import { evaluateOver, judge } from './evaluate.ts';
import { factsOf, type Facts } from './facts.ts';
import { trafficDuring, withTraffic } from './traffic-during.ts';
import type { Evaluation } from './types.ts';

/**
 * Conditions that have to hold for a time: over the samples that were taken every minute. A condition is met only where
 * it holds now and at every sample of that time, with no hole in them. Expert settings, in milliseconds.
 */

/** A longer time without a sample is a hole: nobody knows what was then. */
const longestPauseMs = 3 * 60_000;
/** Samples older than this are thinned (store/samples.ts); the pauses between those that were taken stay known. */
const thinnedAfterMs = 2 * 3_600_000;
/** Between two that are left of thinned ones. */
const longestStepMs = 11 * 60_000;

/** A sample as a snapshot with its figures only; its evidence are the series that it is a point of. */
export interface View {
  at: string;
  pauseS: number | null;
  facts: Facts;
}

/**
 * The evaluation of a condition that has to hold for `milliseconds`. Requests and errors in it are those of that time
 * where samples tell them, else those of the window.
 */
export function evaluateHeld(facts: Facts, expression: string, milliseconds: number): Evaluation {
  const traffic = trafficDuring(facts, milliseconds);
  if (traffic === null) {
    const now = evaluateOver(facts, expression);
    return now.result === 'met' ? heldFor(facts, expression, now, milliseconds, (view) => view) : now;
  }
  const { takenAt } = facts.snapshot;
  const window = { from: new Date(Date.parse(takenAt) - milliseconds).toISOString(), to: takenAt };
  const during = (view: Facts): Facts => withTraffic(view, traffic, window);
  const now = evaluateOver(during(facts), expression);
  if (now.result === 'met') return heldFor(facts, expression, now, milliseconds, during);
  const lastError = traffic
    .flatMap((one) => one.lastError ?? [])
    .toSorted()
    .at(-1);
  const last =
    now.result !== 'failed' || lastError === undefined || !/\berrors\b/.test(now.why)
      ? ''
      : `; last 5xx in the minutes before ${timeOf(lastError, takenAt)}`;
  return { ...now, why: `over the last ${span(milliseconds)}: ${now.why}${last}` };
}

/** That of a condition that holds now, `now`; `during` gives the facts of a sample their traffic. */
function heldFor(
  facts: Facts,
  expression: string,
  now: Evaluation,
  milliseconds: number,
  during: (view: Facts) => Facts,
): Evaluation {
  const { takenAt } = facts.snapshot;
  const needed = span(milliseconds);
  const from = Date.parse(takenAt) - milliseconds;
  const views = viewsFrom(facts, from).map((view) => ({ ...view, facts: during(view.facts) }));
  const first = views[0];
  if (first === undefined) return open(now, `${needed} of samples are needed, and there are none`);
  const judgeOf = judge(expression);
  const results = views.map((view) => ({ ...view, result: judgeOf(view.facts) }));
  const failed = results.findLast(({ result }) => result === 'failed');
  const unknown = results.findLast(({ result }) => result === 'unknown');
  // Of one sample the reasons and the series are asked for: of the one that decides, else of the newest.
  const decisive = failed ?? unknown ?? results.at(-1) ?? first;
  const then = evaluateOver(decisive.facts, expression);
  const judged = { ...now, evidence: sortedIds([...now.evidence, ...then.evidence]) };

  if (failed !== undefined) {
    const since = views.find(({ at }) => Date.parse(at) > Date.parse(failed.at))?.at ?? takenAt;
    const held = span(Date.parse(takenAt) - Date.parse(since));
    const last = `last failed ${timeOf(failed.at, takenAt)}: ${then.why}`;
    return { ...judged, result: 'failed', why: `holds for ${held} of ${needed}; ${last}; now ${now.why}` };
  }
  if (unknown !== undefined) {
    const when = `the sample of ${timeOf(unknown.at, takenAt)} does not tell: ${then.why}`;
    return open(judged, `${needed} of samples are needed, and ${when}`);
  }
  const hole = lastHole(views, from, takenAt);
  if (hole !== null) {
    const between = `${timeOf(hole.from, takenAt)} and ${timeOf(hole.to, takenAt)}`;
    return open(judged, `${needed} of samples are needed, and none was taken between ${between}`);
  }
  const held = span(Date.parse(takenAt) - Date.parse(first.at));
  if (Date.parse(first.at) > from)
    return open(judged, `it held for ${held} of ${needed}: samples begin ${timeOf(first.at, takenAt)}`);
  const samples = `at each of ${views.length} samples since ${timeOf(first.at, takenAt)}`;
  return { ...judged, why: `holds now and ${samples}; ${now.why}` };
}

function open(now: Evaluation, lack: string): Evaluation {
  return { ...now, result: 'unknown', why: `holds now; ${lack} (${now.why})` };
}

function timeOf(at: string, seen: string): string {
  return `${clock(at, seen)} UTC`;
}

/** The samples of the time, the oldest first: from the last one at or before its beginning. */
export function viewsFrom(facts: Facts, from: number): View[] {
  const { snapshot, configuration } = facts;
  const taken = (snapshot.samples ?? []).toSorted(([a], [b]) => Date.parse(a) - Date.parse(b));
  const anchor = taken.findLastIndex(([at]) => Date.parse(at) <= from);
  const byTime = observationsByTime(snapshot);
  return taken
    .slice(Math.max(0, anchor))
    .filter(([at]) => Date.parse(at) <= Date.parse(snapshot.takenAt))
    .map(([at, pauseS]) => ({
      at,
      pauseS,
      facts: factsOf({
        configuration,
        snapshot: viewOf(snapshot, at, byTime.get(at) ?? []),
        diagnosis: null,
      }),
    }));
}

/** Only what the sample read: no incident, no history, and no gaps, so that what it lacks is unknown. */
function viewOf(snapshot: Snapshot, at: string, observations: Observation[]): Snapshot {
  const length = Date.parse(snapshot.window.to) - Date.parse(snapshot.window.from);
  return {
    version: 1,
    takenAt: at,
    window: { from: new Date(Date.parse(at) - length).toISOString(), to: at },
    budgetMs: snapshot.budgetMs,
    observations,
    gaps: [],
    statements: [],
    changes: [],
    history: [],
    previous: null,
  };
}

function observationsByTime({ series = [] }: Snapshot): Map<string, Observation[]> {
  const found = series.flatMap(({ points, ...one }) =>
    points.map(([at, value]): Observation => ({ ...one, value: decimalOf(value), window: null, at })),
  );
  return Map.groupBy(found, ({ at }) => at);
}

/** Without an exponent, as observations are written. */
function decimalOf(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(12) : text;
}

/** The newest time without a sample that is too long to say what was then; null for none. */
export function lastHole(
  views: readonly View[],
  from: number,
  takenAt: string,
): { from: string; to: string } | null {
  const ends = [...views.slice(1), { at: takenAt, pauseS: 0 }];
  const holes = ends.flatMap(({ at, pauseS }, place) => {
    const before = views[place]?.at ?? at;
    const stepMs = Date.parse(at) - Date.parse(before);
    const isThinned = Date.parse(takenAt) - Date.parse(before) > thinnedAfterMs;
    const pauseMs = Math.max((pauseS ?? 0) * 1_000, isThinned && stepMs <= longestStepMs ? 0 : stepMs);
    return pauseMs > longestPauseMs && Date.parse(at) > from ? [{ from: before, to: at }] : [];
  });
  return holes.at(-1) ?? null;
}
