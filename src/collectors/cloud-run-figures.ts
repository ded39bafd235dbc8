import { signal } from '../core/signals.ts';
import type { Window } from '../core/snapshot.ts';
import { decimal } from './decimal.ts';
import { meanOf, percentileOf } from './distribution.ts';
import { countFigure, highestFigure, instant, lastFigure, within } from './metric-read.ts';
import type { Figure, Windows } from './metric-read.ts';
import type { Distribution } from './time-series.schema.ts';
import type { Series } from './time-series.ts';

/** What the series of one Cloud Run service say. */

const day = 86_400_000;
const minute = 60_000;

/** 5xx that are less than this apart belong to one run of failures. Milliseconds; an expert setting. */
const pause = 15 * minute;

/** An instance count older than this says nothing of the present. Milliseconds; the metric is some 2 min late. */
const fresh = 10 * minute;

/** Requests, how many of each class of answers, and the share of 5xx. */
export function requestFigures(series: readonly Series[], window: Window): Figure[] {
  const all = within(series, window);
  const total = sumOf(series, window);
  const ofClass = (name: string) =>
    within(
      series.filter(({ labels }) => labels['response_code_class'] === name),
      window,
    );
  const failed = ofClass('5xx').reduce((sum, { value }) => sum + value, 0);
  // With requests of other classes and none of this one, the class is truly 0.
  const classFigure = (name: string, of: string) => {
    const [figure] = countFigure(name, ofClass(of), window);
    return figure ?? { signal: name, value: '0', unit: null, window };
  };
  if (all.length === 0) return [];
  return [
    ...countFigure(signal.requests, all, window),
    classFigure(signal.serverErrors, '5xx'),
    classFigure(signal.clientErrors, '4xx'),
    classFigure(signal.successes, '2xx'),
    // Most services never have these: only where there were any.
    ...countFigure(signal.redirects, ofClass('3xx'), window).filter(isAny),
    ...countFigure(signal.informational, ofClass('1xx'), window).filter(isAny),
    ...(total > 0
      ? [{ signal: signal.errorShare, value: decimal((100 * failed) / total), unit: '%', window }]
      : []),
  ];
}

function isAny({ value }: Figure): boolean {
  return value !== '0';
}

/** Requests and 5xx of each revision that had a request. */
export function revisionFigures(series: readonly Series[], window: Window): Figure[] {
  return byRevision(series).flatMap(([revision, own]) => {
    if (within(own, window).length === 0) return [];
    const failed = own.filter(({ labels }) => labels['response_code_class'] === '5xx');
    const figure = { unit: null, window, revision };
    return [
      { ...figure, signal: signal.revisionRequests, value: decimal(sumOf(own, window)) },
      { ...figure, signal: signal.revisionServerErrors, value: decimal(sumOf(failed, window)) },
    ];
  });
}

/** When the run of failures began that reaches into the current window; nothing where none does. */
export function sinceFigures(series: readonly Series[], { current }: Windows): Figure[] {
  const to = Date.parse(current.to);
  const failing = within(series, { from: instant(to - day), to: current.to }).filter(
    ({ value }) => value > 0,
  );
  const last = failing.at(-1);
  if (!last || last.end <= Date.parse(current.from)) return [];
  const broken = failing.findLastIndex((point, index) => {
    const next = failing[index + 1];
    return next !== undefined && next.start - point.end >= pause;
  });
  const first = failing[broken + 1] ?? last;
  const window = { from: instant(to - day), to: current.to };
  return [
    {
      signal: signal.serverErrorsSince,
      value: instant(first.start),
      unit: null,
      window,
      last: instant(last.end),
    },
  ];
}

/** Mean and percentiles of the latency, where the distributions give them. */
export function latencyFigures(series: readonly Series[], window: Window): Figure[] {
  const distributions = distributionsOf(series, window);
  return [
    ...millisecondFigure(signal.latencyMean, meanOf(distributions), window),
    ...millisecondFigure(signal.latencyP50, percentileOf(distributions, 50), window),
    ...millisecondFigure(signal.latencyP95, percentileOf(distributions, 95), window),
    ...millisecondFigure(signal.latencyP99, percentileOf(distributions, 99), window),
  ];
}

/** Percentiles of the time that containers took to start; nothing where none did. */
export function startupFigures(series: readonly Series[], window: Window): Figure[] {
  const distributions = distributionsOf(series, window);
  return [
    ...millisecondFigure(signal.startupP50, percentileOf(distributions, 50), window),
    ...millisecondFigure(signal.startupP95, percentileOf(distributions, 95), window),
    ...millisecondFigure(signal.startupP99, percentileOf(distributions, 99), window),
  ];
}

function distributionsOf(series: readonly Series[], window: Window): Distribution[] {
  return within(series, window).flatMap(({ distribution }) => distribution ?? []);
}

function millisecondFigure(name: string, value: number | null, window: Window): Figure[] {
  return value === null ? [] : [{ signal: name, value: decimal(value, 1), unit: 'ms', window }];
}

/** Instances of each revision: the present ones where the count is fresh, and the most at a time. */
export function instanceFigures(series: readonly Series[], window: Window): Figure[] {
  return byRevision(series).flatMap(([revision, own]) => {
    const inState = (state: string) =>
      within(
        own.filter(({ labels }) => labels['state'] === state),
        window,
      );
    const present = (state: string) =>
      inState(state).filter(({ end }) => end > Date.parse(window.to) - fresh);
    return [
      ...lastFigure(signal.activeInstances, present('active'), window),
      ...lastFigure(signal.idleInstances, present('idle'), window),
      ...highestFigure(signal.activeInstancesMax, inState('active'), window),
    ].map((figure) => ({ ...figure, revision }));
  });
}

/** Log entries, those with severity ERROR or above, and their share. */
export function volumeFigures(series: readonly Series[], window: Window): Figure[] {
  const severe = new Set(['ERROR', 'CRITICAL', 'ALERT', 'EMERGENCY']);
  if (within(series, window).length === 0) return [];
  const total = sumOf(series, window);
  const errors = sumOf(
    series.filter(({ labels }) => severe.has(labels['severity'] ?? '')),
    window,
  );
  return [
    { signal: signal.logEntries, value: decimal(total), unit: 'entries', window },
    { signal: signal.logEntryErrors, value: decimal(errors), unit: 'entries', window },
    ...(total > 0
      ? [{ signal: signal.logErrorShare, value: decimal((100 * errors) / total), unit: '%', window }]
      : []),
  ];
}

/** Series by revision, in the order of their names. */
function byRevision(series: readonly Series[]): [string, Series[]][] {
  return [...Map.groupBy(series, ({ labels }) => labels['revision_name'] ?? '')]
    .filter(([revision]) => revision !== '')
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function sumOf(series: readonly Series[], window: Window): number {
  return within(series, window).reduce((sum, { value }) => sum + value, 0);
}
