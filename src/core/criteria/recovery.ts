import { before, current } from '../observations.ts';
import { servingTypes } from '../states/serving.ts';
import { componentsOf, unreadableOf } from './facts.ts';
import type { Facts } from './facts.ts';
import { missing, share, shareText, text } from './figure.ts';
import type { Figure, Known } from './figure.ts';
import { directionOf, sampledTrend, trendWord, type Sign } from './series-trend.ts';
import { errorParts } from './traffic.ts';

/** How many serving components are healthy, of how many, and which are unknown. */
interface Recovery {
  healthy: number;
  all: number;
  unknown: string[];
  /** Of those, the ones that the configuration names and that could not be read from it. */
  unreadable: string[];
  evidence: readonly string[];
}

/** Counts the healthy among the serving components. */
function recoveryOf({ configuration, states }: Facts): Recovery {
  const types = servingTypes(configuration);
  const unreadable = unreadableOf(configuration, 'cloud-run', ...types);
  const readings = componentsOf(configuration, ...types).map((id) => ({ id, ...states[id] }));
  const unknown = readings.filter(({ state = 'unknown' }) => state === 'unknown').map(({ id }) => id);
  return {
    healthy: readings.filter(({ state }) => state === 'healthy').length,
    all: readings.length,
    unknown: [...unknown, ...unreadable],
    unreadable,
    evidence: readings.flatMap(({ evidence }) => evidence ?? []),
  };
}

/** Healthy ÷ all serving components; unknown as long as one of them is. */
export function recovery(facts: Facts): Figure {
  const { healthy, unknown, all, evidence } = recoveryOf(facts);
  if (all + unknown.length === 0) return missing('no serving component is configured');
  if (unknown.length > 0) return missing(`the state of ${unknown.join(', ')} is unknown`, evidence);
  return share(healthy / all, evidence);
}

/** With more unknown states than this their values are not tried one by one. */
const mostUnknown = 20;

/** The values that `recovery` may have while some states are unknown, each shown as the range of them all. */
export function possibleRecoveries(facts: Facts): Known<number>[] {
  const { healthy, unknown, unreadable, all, evidence } = recoveryOf(facts);
  if (all === 0 || unreadable.length > 0 || unknown.length > mostUnknown) return [];
  const range = `${shareText(healthy / all)} to ${shareText((healthy + unknown.length) / all)}`;
  return Array.from({ length: unknown.length + 1 }, (_, more) => ({
    ...share((healthy + more) / all, evidence),
    text: range,
  }));
}

/**
 * Whether it gets better, as the samples of the last 60 minutes tell it (series-trend.ts: the 5xx share and the
 * endpoints, the newest third against the oldest). Where they do not: the healthy serving components against the update before, and the error share against
 * the window before (beyond what chance explains: two standard errors). Opposite signs are steady; unknown
 * where neither could be compared.
 */
export function trend(facts: Facts): Figure {
  const sampled = sampledTrend(facts);
  if (sampled !== null) return text(sampled.word, sampled.evidence);
  const signs = [componentTrend(facts), errorTrend(facts)].filter((sign) => sign !== null);
  if (signs.length === 0)
    return missing('there is nothing to compare with: no samples, no earlier update and no earlier window');
  return text(
    trendWord(signs),
    signs.flatMap(({ evidence }) => evidence),
  );
}

/** Compares the states of the serving components with those of the update before. */
function componentTrend(facts: Facts): Sign | null {
  const previous = facts.snapshot.previous?.states;
  if (previous === undefined) return null;
  const types = servingTypes(facts.configuration);
  const pairs = componentsOf(facts.configuration, ...types).map((id) => ({
    was: Object.hasOwn(previous, id) ? previous[id] : undefined,
    now: facts.states[id],
  }));
  const known = pairs.every(({ was, now }) => was && was !== 'unknown' && now && now.state !== 'unknown');
  if (pairs.length === 0 || !known || unreadableOf(facts.configuration, 'cloud-run', ...types).length > 0)
    return null;
  const healthyBefore = pairs.filter(({ was }) => was === 'healthy').length;
  const healthyNow = pairs.filter(({ now }) => now?.state === 'healthy').length;
  return {
    direction: directionOf(healthyNow - healthyBefore),
    evidence: pairs.flatMap(({ now }) => now?.evidence ?? []),
  };
}

/** Compares the error share with that of the window before, as two proportions. */
function errorTrend(facts: Facts): Sign | null {
  const now = errorParts(facts, current);
  const was = errorParts(facts, before);
  if ('known' in now || 'known' in was) return null;
  const pooled = (now.errors + was.errors) / (now.requests + was.requests);
  const standardError = Math.sqrt(pooled * (1 - pooled) * (1 / now.requests + 1 / was.requests));
  const difference = was.errors / was.requests - now.errors / now.requests;
  return {
    direction: Math.abs(difference) < 2 * standardError ? 0 : directionOf(difference),
    evidence: [...was.evidence, ...now.evidence],
  };
}
