import { componentOf, reachableFrom } from '../graph.ts';
import { current, sumOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { ComponentState } from '../snapshot.ts';
import type { JourneyReading } from '../states.ts';
import { isAbnormal, stateOf } from './case.ts';
import type { Case } from './case.ts';
import { reachabilityOf } from './reachability.ts';
import type { Reachability } from './reachability.ts';
import { serviceOf, walkServices } from './service-links.ts';
import type { Symptom } from './service-links.ts';
import { linksFrom } from './traversal.ts';
import type { Link } from './traversal.ts';

/** The walk from what users miss to what may cause it, along links only. */
export interface Walk {
  /** The first blocked journey, whose steps are the entries; null where no journey is blocked. */
  journey: JourneyReading | null;
  /** What is to be explained, first things first. */
  entries: readonly string[];
  links: ReadonlyMap<string, readonly Link[]>;
  /** Components reached along links, entries included, breadth first. */
  reached: readonly string[];
  /** The failing services among all that the entries need: the whole of the symptom. */
  symptom: readonly string[];
  /** How much each of those services counts: by its 5xx, each alike where not all are counted. */
  weights: ReadonlyMap<string, number>;
  /** Which of those services fail because of which component. */
  effects: Reachability;
  /** By which symptom the walk came to a service that a snapshot file brings. */
  symptoms: ReadonlyMap<string, Symptom>;
  /** From which entries a component is reached. */
  origins: Reachability;
}

/** Walks from the failing steps of the first blocked journey; without one, from failing endpoints, then services. */
export function walk(found: Case): Walk {
  const journey = found.journeys.find((reading) => reading.blocked === true) ?? null;
  return walkFrom(found, journey, journey ? failingSteps(journey) : entriesWithoutJourney(found));
}

/** Walks from some failing components; `journey` is the one that they block, if they are steps of one. */
export function walkFrom(found: Case, journey: JourneyReading | null, entries: readonly string[]): Walk {
  const needed = reachableFrom(found.graph, entries);
  const ids = Object.keys(found.configuration.components);
  const others = new Map(ids.map((component) => [component, linksFrom(found, component)]));
  const met = [...others.values()].flat().map(({ edge }) => edge.to);
  const services = walkServices(found, [...entries, ...met]);
  const links = new Map(
    ids.map((component) => [
      component,
      [...(others.get(component) ?? []), ...(services.links.get(component) ?? [])],
    ]),
  );
  const reached = reachedFrom(links, entries);
  const symptom = symptomOf(found, needed);
  const edges = new Map([...links].map(([component, onward]) => [component, onward.map(({ edge }) => edge)]));
  return {
    journey,
    entries,
    links,
    reached: [...reached],
    symptom,
    weights: weightsOf(found, symptom),
    effects: reachabilityOf(edges, symptom),
    symptoms: services.symptoms,
    origins: reachabilityOf(edges, entries),
  };
}

/** The shortest way along links from an entry to a component; null where there is none. */
export function pathTo(links: Walk['links'], entry: string, target: string): Link[] | null {
  const arrivals = new Map<string, Link | null>([[entry, null]]);
  for (const component of arrivals.keys()) {
    if (component === target) break;
    for (const link of links.get(component) ?? []) {
      if (!arrivals.has(link.edge.to)) arrivals.set(link.edge.to, link);
    }
  }
  if (!arrivals.has(target)) return null;
  const way: Link[] = [];
  for (let link = arrivals.get(target); link; link = arrivals.get(link.edge.from)) way.push(link);
  return way.toReversed();
}

/** All that some components lead to along links, these included. */
export function reachedFrom(links: Walk['links'], starts: readonly string[]): Set<string> {
  const reached = new Set(starts);
  for (const component of reached) for (const { edge } of links.get(component) ?? []) reached.add(edge.to);
  return reached;
}

/** All that leads to a component along links, itself included. */
export function sourcesOf(links: Walk['links'], target: string): Set<string> {
  const incoming = Map.groupBy([...links.values()].flat(), ({ edge }) => edge.to);
  const sources = new Set([target]);
  for (const component of sources)
    for (const { edge } of incoming.get(component) ?? []) sources.add(edge.from);
  return sources;
}

/** How far each component lies from the entry that it is farthest from, in links, of those that lead to it. */
export function depthsOf(way: Walk): Map<string, number> {
  const depths = new Map<string, number>();
  for (const entry of way.entries) {
    const arrivals = new Map([[entry, 0]]);
    for (const [component, depth] of arrivals) {
      depths.set(component, Math.max(depth, depths.get(component) ?? -1));
      for (const { edge } of way.links.get(component) ?? []) {
        if (!arrivals.has(edge.to)) arrivals.set(edge.to, depth + 1);
      }
    }
  }
  return depths;
}

/**
 * The part of the symptom that a cause in a component accounts for: the 5xx of the failing services that fail
 * because of it, of the 5xx of all; each service counts alike where not all are counted. Null without any.
 */
export function shareOfSymptom({ symptom, weights, effects }: Walk, component: string): number | null {
  if (symptom.length === 0) return null;
  const covered = effects.leadingTo(component).map((id) => weights.get(id) ?? 0);
  return total(covered) / total([...weights.values()]);
}

/** The services of the symptom that fail because of a component, itself included. */
export function usersOf(way: Walk, component: string): string[] {
  return way.effects.leadingTo(component);
}

function weightsOf(found: Case, symptom: readonly string[]): Map<string, number> {
  const counts = symptom.map((id) => sumOf(current(found.index, id, signal.serverErrors)));
  const counted = counts.every((count) => count !== null && count > 0);
  return new Map(symptom.map((id, at) => [id, counted ? (counts[at] ?? 0) : 1]));
}

/** All that users are seen to miss: failing steps of journeys, and failing endpoints that nothing else needs. */
export function missedByUsers(found: Case): string[] {
  const steps = found.journeys.flatMap(failingSteps);
  const needed = new Set([...found.graph.outgoing.values()].flat().map(({ to }) => to));
  const endpoints = Object.entries(found.configuration.components).flatMap(([id, { type }]) =>
    (type === 'http' || type === 'websocket') && !needed.has(id) && stateOf(found, id) === 'failing'
      ? [id]
      : [],
  );
  return [...new Set([...steps, ...endpoints])];
}

function failingSteps(journey: JourneyReading): string[] {
  return [...new Set(journey.steps.filter((step) => step.state === 'failing').map((step) => step.component))];
}

/** What users call comes first: what they do not see may have been so for months, and explains nothing of it. */
function entriesWithoutJourney(found: Case): string[] {
  const inner = innerServices(found);
  const ids = Object.keys(found.configuration.components).filter((id) => !inner.has(id));
  const ofType = (type: string) => ids.filter((id) => componentOf(found.configuration, id)?.type === type);
  const inState = (some: readonly string[], state: ComponentState) =>
    some.filter((id) => stateOf(found, id) === state);
  const [endpoints, services] = [ofType('http'), ofType('cloud-run')];
  const choices = [
    inState(endpoints, 'failing'),
    inState(services, 'failing'),
    inState(endpoints, 'degraded'),
    inState(services, 'degraded'),
    inState(ids, 'failing'),
    inState(ids, 'degraded'),
  ];
  return choices.find((some) => some.length > 0) ?? [];
}

/**
 * Services behind an abnormal one, with none between that is known to be healthy: what users see of them they see
 * there. Of services in a circle none is behind the other.
 */
function innerServices(found: Case): Set<string> {
  const abnormal = Object.keys(found.configuration.components).filter(
    (id) => serviceOf(found, id) && isAbnormal(found, id),
  );
  const open = [...found.graph.outgoing].filter(([id]) => stateOf(found, id) !== 'healthy');
  const reach = reachabilityOf(new Map(open), abnormal);
  const callers = new Map(abnormal.map((id) => [id, new Set(reach.leadingTo(id))]));
  return new Set(
    abnormal.filter((id) =>
      [...(callers.get(id) ?? [])].some((caller) => caller !== id && !callers.get(caller)?.has(id)),
    ),
  );
}

function symptomOf(found: Case, needed: readonly string[]): string[] {
  const services = needed.filter((id) => componentOf(found.configuration, id)?.type === 'cloud-run');
  const failing = services.filter((id) => stateOf(found, id) === 'failing');
  return failing.length > 0 ? failing : services.filter((id) => stateOf(found, id) === 'degraded');
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
