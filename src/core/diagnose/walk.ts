import { componentOf, reachableFrom } from '../graph.ts';
import { current, sumOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { ComponentState } from '../snapshot.ts';
import type { JourneyReading } from '../states.ts';
import { stateOf } from './case.ts';
import type { Case } from './case.ts';
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
  const links = new Map(ids.map((component) => [component, linksFrom(found, component)]));
  const reached = new Set(entries);
  for (const component of reached) for (const link of links.get(component) ?? []) reached.add(link.edge.to);
  return { journey, entries, links, reached: [...reached], symptom: symptomOf(found, needed) };
}

/** The shortest way along links from an entry to a component; null where there is none. */
export function pathTo(links: Walk['links'], entry: string, target: string): Link[] | null {
  const ways = new Map<string, Link[]>([[entry, []]]);
  for (const [component, way] of ways) {
    if (component === target) return way;
    for (const link of links.get(component) ?? []) {
      if (!ways.has(link.edge.to)) ways.set(link.edge.to, [...way, link]);
    }
  }
  return null;
}

/**
 * The part of the symptom that a cause in a component accounts for: the 5xx of the failing services that fail
 * because of it, of the 5xx of all; each service counts alike where not all are counted. Null without any.
 */
export function shareOfSymptom(found: Case, way: Walk, component: string): number | null {
  if (way.symptom.length === 0) return null;
  const counts = way.symptom.map((id) => sumOf(current(found.index, id, signal.serverErrors)));
  const counted = counts.every((count) => count !== null && count > 0);
  const weights = counts.map((count) => (counted ? (count ?? 0) : 1));
  const covered = way.symptom.map((id, at) =>
    pathTo(way.links, id, component) === null ? 0 : (weights[at] ?? 0),
  );
  return total(covered) / total(weights);
}

/** The services of the symptom that fail because of a component, itself included. */
export function usersOf(way: Walk, component: string): string[] {
  return way.symptom.filter((id) => pathTo(way.links, id, component) !== null);
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
  const ids = Object.keys(found.configuration.components);
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

function symptomOf(found: Case, needed: readonly string[]): string[] {
  const services = needed.filter((id) => componentOf(found.configuration, id)?.type === 'cloud-run');
  const failing = services.filter((id) => stateOf(found, id) === 'failing');
  return failing.length > 0 ? failing : services.filter((id) => stateOf(found, id) === 'degraded');
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
