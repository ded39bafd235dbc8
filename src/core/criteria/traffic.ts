import { current, evidenceIds, gapsOf, numberOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { SignalName } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { gapPhrase } from '../states/reading.ts';
import { componentsOf, unreadableOf } from './facts.ts';
import type { Facts } from './facts.ts';
import { count, decimal, missing, share } from './figure.ts';
import type { Figure, Missing } from './figure.ts';

/** A sum over all Cloud Run components, known only where each of them was read in full. */
interface Total {
  value: number;
  evidence: readonly string[];
}

/** Requests to the Cloud Run components over the window. */
export function requestCount(facts: Facts): Figure {
  const requests = total(facts, signal.requests);
  return 'known' in requests ? requests : count(requests.value, requests.evidence);
}

/** Requests a second over the window. */
export function requestRate(facts: Facts): Figure {
  const requests = total(facts, signal.requests);
  if ('known' in requests) return requests;
  const { from, to } = facts.snapshot.window;
  const seconds = (Date.parse(to) - Date.parse(from)) / 1_000;
  if (seconds <= 0) return missing('the window has no length', requests.evidence);
  return decimal(requests.value / seconds, requests.evidence);
}

/** Answers 5xx over the window. None at no requests is silence and proves nothing. */
export function errorCount(facts: Facts): Figure {
  const errors = total(facts, signal.serverErrors);
  if ('known' in errors || errors.value > 0) {
    return 'known' in errors ? errors : count(errors.value, errors.evidence);
  }
  const requests = total(facts, signal.requests);
  if ('known' in requests) return requests;
  const evidence = [...requests.evidence, ...errors.evidence];
  return requests.value === 0 ? noTraffic(evidence) : count(0, evidence);
}

/** 5xx ÷ requests over the window; unknown at no requests. */
export function errorShare(facts: Facts): Figure {
  const parts = errorParts(facts, current);
  if ('known' in parts) return parts;
  return share(parts.errors / parts.requests, parts.evidence);
}

type Look = (index: Facts['index'], component: string, signal: string) => readonly Observation[];

/** 5xx and requests of one window, by the look-up that chooses it; the requests are never 0. */
export function errorParts(
  facts: Facts,
  look: Look,
): { errors: number; requests: number; evidence: readonly string[] } | Missing {
  const requests = total(facts, signal.requests, look);
  if ('known' in requests) return requests;
  const errors = total(facts, signal.serverErrors, look);
  if ('known' in errors) return errors;
  const evidence = [...requests.evidence, ...errors.evidence];
  if (requests.value === 0) return noTraffic(evidence);
  return { errors: errors.value, requests: requests.value, evidence };
}

function noTraffic(evidence: readonly string[]): Missing {
  return missing('there were no requests in the window, and silence proves nothing', evidence);
}

/** Sums a signal over the Cloud Run components. What one of them lacks, the sum lacks. */
function total(facts: Facts, name: SignalName, look: Look = current): Total | Missing {
  const components = componentsOf(facts.configuration, 'cloud-run');
  const [left] = unreadableOf(facts.configuration, 'cloud-run');
  if (left !== undefined) return missing(`the configuration of ${left} could not be read`);
  if (components.length === 0) return missing('no Cloud Run component is configured');
  const parts = components.map((component) => part(facts, component, name, look));
  const lacking = parts.filter((found) => 'known' in found);
  if (lacking.length > 0) {
    return missing(
      lacking.map(({ why }) => why).join(', '),
      lacking.flatMap(({ evidence }) => evidence),
    );
  }
  const found = parts.filter((one) => 'value' in one);
  return {
    value: found.reduce((sum, { value }) => sum + value, 0),
    evidence: found.flatMap(({ evidence }) => evidence),
  };
}

/** A signal of one component: its own value, or the sum over its revisions. */
function part(facts: Facts, component: string, name: SignalName, look: Look): Total | Missing {
  const seen = look(facts.index, component, name);
  const whole = seen.filter((observation) => observation.revision === undefined);
  const used = whole.length > 0 ? whole.slice(-1) : seen;
  const evidence = evidenceIds(used);
  if (used.some((observation) => observation.partial)) {
    return missing(`${component}: only a part of ${name} was read`, evidence);
  }
  const numbers = used.map(numberOf).filter((value) => value !== null);
  const gaps = gapsOf(facts.index, component, name);
  if (used.length === 0 || numbers.length < used.length) {
    const reason = gaps[0] ? gapPhrase(gaps[0]) : `${name} was not read`;
    return missing(`${component}: ${reason}`, [...evidence, ...evidenceIds(gaps)]);
  }
  return { value: numbers.reduce((sum, value) => sum + value, 0), evidence };
}
