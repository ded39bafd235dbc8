import { current, evidenceIds, gapsOf, numberOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Gap, Observation } from '../snapshot.ts';
import { gapPhrase } from '../states/reading.ts';
import { componentsOf, unreadableOf } from './facts.ts';
import type { Facts } from './facts.ts';
import { duration, missing, share } from './figure.ts';
import type { Figure, Missing } from './figure.ts';

/** Figures from the logs of the Cloud Run components: a service that wrote no such line has none, which is no gap. */

const percentile = 0.95;

/**
 * The 95th percentile (nearest rank) of the times to connect to the database that were read in the window. Where
 * not all could be read, it is that of the newest ones, and is shown so.
 */
export function connectTime(facts: Facts): Figure {
  const seen = ofServices(facts, signal.connectTime, [signal.connectTime]);
  if ('known' in seen) return seen;
  const seconds = seen.map(secondsOf).filter((value) => value !== null);
  const value = seconds.toSorted((a, b) => a - b)[Math.ceil(percentile * seconds.length) - 1];
  const evidence = evidenceIds(seen);
  if (value === undefined || seconds.length < seen.length) {
    return missing('no line in the window tells a connect time', evidence);
  }
  const figure = duration(value, evidence);
  const isSample = seen.some(({ partial }) => partial);
  return isSample ? { ...figure, text: `${figure.text}, of the newest ${seconds.length}` } : figure;
}

/** Starts that became ready ÷ starts, over the window; unknown where nothing started. */
export function startupShare(facts: Facts): Figure {
  const signals = [signal.starts, signal.startsReady, signal.exit];
  const starts = ofServices(facts, signal.starts, signals);
  if ('known' in starts) return starts;
  const ready = ofServices(facts, signal.startsReady, signals);
  if ('known' in ready) return ready;
  const evidence = evidenceIds(starts, ready);
  if ([...starts, ...ready].some(({ partial }) => partial)) {
    return missing('only a part of the starts was read', evidence);
  }
  const [all, succeeded] = [starts, ready].map((counts) =>
    counts.reduce((sum, count) => sum + (numberOf(count) ?? Number.NaN), 0),
  );
  if (!all || succeeded === undefined || Number.isNaN(succeeded)) {
    return missing('no start was seen in the window', evidence);
  }
  return share(succeeded / all, evidence);
}

/** A signal of all Cloud Run components, unless a gap in their logs may hide some of it. */
function ofServices(facts: Facts, name: string, readWith: readonly string[]): Observation[] | Missing {
  const components = componentsOf(facts.configuration, 'cloud-run');
  const [left] = unreadableOf(facts.configuration, 'cloud-run');
  if (left !== undefined) return missing(`the configuration of ${left} could not be read`);
  const seen = components.flatMap((component) => current(facts.index, component, name));
  const gaps = components
    .flatMap((component) => gapsOf(facts.index, component))
    .filter((gap) => hides(gap, readWith));
  const [gap] = gaps;
  return gap ? missing(`${gap.component}: ${gapPhrase(gap)}`, evidenceIds(seen, gaps)) : seen;
}

/** Whether a gap is one of the logs and of the query that gives these signals. */
function hides({ signal: name, reason, source }: Gap, readWith: readonly string[]): boolean {
  if (reason === 'no-data') return false;
  return readWith.includes(name) || (name === '*' && source.api === 'logging.googleapis.com');
}

const secondsPerUnit: Readonly<Record<string, number>> = { s: 1, ms: 0.001 };

/** The value in seconds; null where it is no number or its unit is no time. */
export function secondsOf(observation: Observation | undefined): number | null {
  const value = numberOf(observation);
  const unit = observation?.unit ?? null;
  const factor = unit === null ? undefined : secondsPerUnit[unit];
  return value === null || factor === undefined ? null : value * factor;
}
