import type { ASTNode } from '@marcbachmann/cel-js';
import type { Duration } from '@marcbachmann/cel-js/evaluator';
import {
  databaseWords,
  failureKind,
  isConnectionFailure,
  privateAddress,
} from '../diagnose/log-signatures.ts';
import { atLeast, counted } from '../figures.ts';
import { current, evidenceIds, gapsOf, numberOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Gap, Observation } from '../snapshot.ts';
import { gapPhrase } from '../states/reading.ts';
import { componentsOf, unreadableOf } from './facts.ts';
import type { Facts } from './facts.ts';
import { duration, knownInPart, missing, share } from './figure.ts';
import type { Figure, Known, Missing } from './figure.ts';
import { durationSeconds } from './literals.ts';
import { visit } from './syntax.ts';

/** Figures from the logs of the Cloud Run components: a service that wrote no such line has none, which is no gap. */

const percentile = 0.95;

/**
 * The 95th percentile (nearest rank) of the times to connect to the database that were read in the window. Where
 * not all could be read, it is that of the newest ones, and is shown so. Lines tell the time of connections that
 * came about; where others did not, the figure is known in part only, and it is no smaller than that.
 */
export function connectTime(facts: Facts): Figure {
  const time = successTime(facts);
  if (!time.known) return time;
  const failed = failedConnections(facts);
  if (failed === null) return time;
  return knownInPart(`${time.text} among successes; ${failed.why}`, [...time.evidence, ...failed.evidence]);
}

/** Longer than any limit: a connection that does not come about takes for ever. */
const never = 10 * 365 * 86_400;

/**
 * The values that `connect.p95` may have while connections fail: that of the successes, each limit of the expression
 * above it with the values next to it, and one beyond all. The first stands for them and is shown.
 */
export function possibleConnectTimes(facts: Facts, ast: ASTNode): Known[] {
  const time = successTime(facts);
  const failed = time.known ? failedConnections(facts) : null;
  if (!time.known || failed === null) return [];
  const least = time.value.valueOf() / 1_000;
  const limits: number[] = [];
  visit(ast, (node) => {
    const seconds = durationSeconds(node);
    if (seconds !== null) limits.push(seconds - 1e-3, seconds, seconds + 1e-3);
  });
  const evidence = [...time.evidence, ...failed.evidence];
  return [least, ...limits.filter((seconds) => seconds > least), never].map((seconds) => ({
    ...duration(seconds, evidence),
    text: `${time.text} among successes`,
  }));
}

/** Connections to a database that did not come about in the window, as the services log them; null for none. */
function failedConnections(facts: Facts): { why: string; evidence: string[] } | null {
  const lines = ofServices(facts, signal.logError, [signal.logError, signal.logErrors]);
  if ('known' in lines)
    return { why: `failed ones could not be read: ${lines.why}`, evidence: [...lines.evidence] };
  const failed = lines.filter(
    ({ text = '' }) => isConnectionFailure(text) && (databaseWords.test(text) || privateAddress.test(text)),
  );
  if (failed.length === 0) return null;
  // Several lines of one service may tell of the same failure: the most frequent one is a lower bound.
  const groups = [...Map.groupBy(failed, ({ component }) => component).values()];
  const most = groups.flatMap((group) => {
    const [first] = group.toSorted((a, b) => (numberOf(b) ?? 0) - (numberOf(a) ?? 0));
    return first ? [first] : [];
  });
  const count = most.reduce((sum, line) => sum + (numberOf(line) ?? 1), 0);
  const isBound = failed.length > most.length || failed.some(({ partial }) => partial);
  const allTimeouts = failed.every(({ text = '' }) => failureKind(text) === 'timeout');
  const [one, many] = allTimeouts ? ['time-out', 'time-outs'] : ['failed connection', 'failed connections'];
  const figure = atLeast(counted(count, one, many), isBound);
  const ids = evidenceIds(most).join(', ');
  return { why: `${figure} ${count === 1 ? 'is' : 'are'} not in it (${ids})`, evidence: evidenceIds(failed) };
}

/** The 95th percentile of the connections that came about. */
function successTime(facts: Facts): Known<Duration> | Missing {
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
