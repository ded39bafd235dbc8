import type { ServiceComponent } from '../../config/repository.schema.ts';
import { componentOf, dependenciesOf } from '../graph.ts';
import type { Edge } from '../graph.ts';
import { abnormalOf } from '../states/service.ts';
import type { Abnormal } from '../states/service.ts';
import { serviceFigures } from '../states/service-figures.ts';
import type { Figure } from '../states/service-figures.ts';
import { isAbnormal, oncePerComponent } from './case.ts';
import type { Case } from './case.ts';
import { beganBefore, onsetOf } from './onset.ts';
import { sufficientShare } from './traversal.ts';
import type { Link } from './traversal.ts';

/**
 * Links between services of which only latency, availability and requests are known, as in public data sets of root
 * causes. No line of a log says there where a failure comes from: what is followed is how much of it a dependency
 * accounts for.
 */

/** What is to be explained of a service: requests that failed, or time that they took. */
export type Symptom = 'failures' | 'latency';

/** A service that the walk came to, with the symptom by which it did. */
export interface ServiceWalk {
  links: ReadonlyMap<string, readonly Link[]>;
  symptoms: ReadonlyMap<string, Symptom>;
}

/** The type of component whose links these are. */
export function serviceOf(found: Case, id: string): ServiceComponent | null {
  const component = componentOf(found.configuration, id);
  return component?.type === 'service' ? component : null;
}

const abnormalities = oncePerComponent((found, id): Abnormal => {
  const component = serviceOf(found, id);
  return component ? abnormalOf(id, component, found.index) : { failures: false, latency: false };
});

const figuresOf = oncePerComponent((found, id) => serviceFigures(found.index, id));

/** The graver symptom of a service; null where it has none. */
export function symptomOf(found: Case, id: string): Symptom | null {
  const { failures, latency } = abnormalities(found, id);
  return failures ? 'failures' : latency ? 'latency' : null;
}

/** Walks from abnormal services on, each symptom along dependencies that account for at least half of it. */
export function walkServices(found: Case, starts: readonly string[]): ServiceWalk {
  const symptoms = new Map<string, Symptom>();
  for (const start of starts) {
    const symptom = symptomOf(found, start);
    if (symptom) symptoms.set(start, symptom);
  }
  const links = new Map<string, readonly Link[]>();
  for (const [id, symptom] of symptoms) {
    const own = linksOf(found, id, symptom);
    // A service that fails since it is kept waiting is explained by what keeps it waiting.
    const waits = own.length === 0 && symptom === 'failures' && abnormalities(found, id).latency;
    const followed = waits ? linksOf(found, id, 'latency') : own;
    if (waits && followed.length > 0) symptoms.set(id, 'latency');
    links.set(
      id,
      followed.map(({ link }) => link),
    );
    for (const { link, by } of followed) if (!symptoms.has(link.edge.to)) symptoms.set(link.edge.to, by);
  }
  return { links, symptoms };
}

/** A link to a dependency, and the symptom of the dependency that is to be explained next. */
interface Onward {
  link: Link;
  by: Symptom;
}

function linksOf(found: Case, id: string, symptom: Symptom): Onward[] {
  const possible = dependenciesOf(found.graph, id).flatMap((edge) => {
    if (!serviceOf(found, edge.to) || !isAbnormal(found, edge.to)) return [];
    const part = partOf(found, edge, symptom);
    const inOrder = beganBefore(onsetOf(found, edge.to), onsetOf(found, id));
    if (!part || part.share === 0 || inOrder === false || !abnormalities(found, edge.to)[part.by]) return [];
    return [{ edge, part, inOrder }];
  });
  const sufficient = possible.filter(({ part }) => part.share >= sufficientShare);
  // One cause may come along several dependencies, none of which passes half of it on.
  const followed = sufficient.length > 0 ? sufficient : possible;
  const total = (of: 'share' | 'even'): number => followed.reduce((sum, { part }) => sum + part[of], 0);
  if (total('share') < sufficientShare) return [];
  return followed.map(({ edge, part, inOrder }): Onward => {
    const exact = (sufficient.length > 0 ? part.even : total('even')) >= sufficientShare;
    return { link: { edge, signature: [], share: Math.min(1, part.share), inOrder, exact }, by: part.by };
  });
}

/** How much of an effect a dependency accounts for. */
interface Part {
  /** Above one where it has more than the effect has. */
  share: number;
  /** The symptom of the dependency. */
  by: Symptom;
  /** The share if the calls to the dependency came from all that call it in proportion to their own requests. */
  even: number;
}

/**
 * The part of a service's symptom that a dependency accounts for: change × requests of the dependency ÷ change ×
 * requests of the service. A slow service may also wait for a dependency that fails: then it is the part of its
 * requests that met such a failure. Null where a figure was not read, or the service has no such change.
 */
export function partOf(found: Case, edge: Edge, symptom: Symptom): Part | null {
  const effect = amountOf(found, edge.from, symptom);
  if (effect === null || effect <= 0) return null;
  const cause = amountOf(found, edge.to, symptom);
  const share = cause === null ? null : Math.max(0, ratio(cause, effect));
  const waited = symptom === 'latency' ? failedOf(found, edge) : null;
  const parts = [
    ...(share === null ? [] : [{ share, by: symptom }]),
    ...(waited === null ? [] : [{ share: waited, by: 'failures' as const }]),
  ];
  const part = parts.find((one) => one.share >= sufficientShare) ?? parts[0];
  return part ? { ...part, even: evenShare(found, edge, part.share) } : null;
}

/**
 * The part of a whole walk's symptom that a service accounts for, without regard to what lies between. Null where a
 * figure was not read.
 */
export function partOfEntry(
  found: Case,
  entry: { id: string; symptom: Symptom },
  cause: { id: string; symptom: Symptom },
): number | null {
  const of = amountOf(found, entry.id, entry.symptom);
  if (of === null || of <= 0) return null;
  if (entry.symptom !== cause.symptom) {
    const requests = figuresOf(found, entry.id).requests.now;
    const failed = amountOf(found, cause.id, 'failures');
    return requests === null || failed === null ? null : ratio(failed, requests);
  }
  const amount = amountOf(found, cause.id, cause.symptom);
  return amount === null ? null : ratio(amount, of);
}

/** A quotient without the last binary digits, so that a half of tenths is a half. */
function ratio(part: number, whole: number): number {
  return Number((part / whole).toFixed(9));
}

/** Added seconds or failures in the window: the change of the figure × requests; null where a figure was not read. */
function amountOf(found: Case, id: string, symptom: Symptom): number | null {
  const { latency, availability, requests } = figuresOf(found, id);
  const change = symptom === 'latency' ? changeOf(latency) : changeOf(availability);
  if (change === null || requests.now === null) return null;
  return (symptom === 'latency' ? change : -change) * requests.now;
}

function changeOf({ now, was }: Figure): number | null {
  return now === null || was === null ? null : now - was;
}

/** The share of a slow service's requests that met an added failure of a dependency, which they may have waited for. */
function failedOf(found: Case, { from, to }: Edge): number | null {
  const failed = amountOf(found, to, 'failures');
  const requests = figuresOf(found, from).requests.now;
  if (failed === null || requests === null || requests === 0 || !abnormalities(found, to).failures)
    return null;
  return ratio(failed, requests);
}

function evenShare(found: Case, { from, to }: Edge, share: number): number {
  const callers = callersOf(found, to);
  if (callers.count === 1) return share;
  const own = figuresOf(found, from).requests.now;
  return own === null || !(callers.requests > 0) ? 0 : (share * own) / callers.requests;
}

/** The components that need one, and their requests together: not a number where some were not read. */
interface Callers {
  count: number;
  requests: number;
}

const knownCallers = new WeakMap<Case, ReadonlyMap<string, Callers>>();

function callersOf(found: Case, id: string): Callers {
  const known = knownCallers.get(found) ?? callersIn(found);
  knownCallers.set(found, known);
  return known.get(id) ?? { count: 0, requests: 0 };
}

function callersIn(found: Case): Map<string, Callers> {
  const callers = new Map<string, Callers>();
  for (const { from, to } of [...found.graph.outgoing.values()].flat()) {
    const { count, requests } = callers.get(to) ?? { count: 0, requests: 0 };
    const own = figuresOf(found, from).requests.now ?? Number.NaN;
    callers.set(to, { count: count + 1, requests: requests + own });
  }
  return callers;
}
