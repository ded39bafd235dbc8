import type { Component, Configuration } from '../config/repository.schema.ts';
import { current, evidenceIds, latest, sortedIds } from './observations.ts';
import type { Observations } from './observations.ts';
import { signal } from './signals.ts';
import type { Observation } from './snapshot.ts';

/**
 * What proves an edge: the configuration (`depends_on`, `via`, the order of a journey) or an API, which shows
 * that a service is attached to a connector or a database, or lies behind a load balancer (`attached`). What is
 * configured with a project and a region lies in that region (`located`).
 */
type EdgeKind = 'depends_on' | 'via' | 'attached' | 'located' | 'journey';

/** `from` needs `to`: a failure of `to` can be seen at `from`, never the other way round. */
export interface Edge {
  from: string;
  to: string;
  kind: EdgeKind;
  /** What an API showed of it; empty where only the configuration says so. */
  evidence: string[];
}

/** The components and what each needs, in the configuration's order. Journeys are nodes of their own kind. */
export interface Graph {
  readonly outgoing: ReadonlyMap<string, readonly Edge[]>;
  readonly journeys: ReadonlyMap<string, readonly Edge[]>;
}

/** Builds the graph from what the configuration and the observations prove. Ids that are not configured are left out. */
export function buildGraph(configuration: Configuration, index: Observations): Graph {
  const ids = Object.keys(configuration.components);
  const named = namedComponents(configuration);
  const regions = ids.filter((id) => componentOf(configuration, id)?.type === 'google-region');
  const outgoing = new Map(ids.map((id) => [id, edgesFrom(id, configuration, index, { named, regions })]));
  const journeys = Object.entries(configuration.journeys).map(([id, journey]): [string, Edge[]] => [
    id,
    journey.steps
      .filter((step) => componentOf(configuration, step))
      .map((step) => ({ from: id, to: step, kind: 'journey', evidence: [] })),
  ]);
  return { outgoing, journeys: new Map(journeys) };
}

/** A configured component, undefined where there is none under that id. */
export function componentOf(configuration: Configuration, id: string): Component | undefined {
  return Object.hasOwn(configuration.components, id) ? configuration.components[id] : undefined;
}

/** What a component needs, directly. */
export function dependenciesOf(graph: Graph, id: string): readonly Edge[] {
  return graph.outgoing.get(id) ?? [];
}

/** All components that can be reached from some, these included, in the order of a breadth-first walk. */
export function reachableFrom(graph: Graph, starts: readonly string[]): string[] {
  const reached = new Set(starts);
  for (const id of reached) for (const edge of dependenciesOf(graph, id)) reached.add(edge.to);
  return [...reached];
}

/** A value that a service's revision in use was read to have: of the serving revision where that is known. */
export function inUse(index: Observations, service: string, name: string): Observation[] {
  const serving = latest(index, service, signal.servingRevision)?.value;
  return current(index, service, name).filter(
    (found) => serving === undefined || found.revision === undefined || found.revision === serving,
  );
}

/** Whether a connector's name, short or in full, is the configured one. */
export function namesConnector(value: string, name: string): boolean {
  return value === name || value.endsWith(`/connectors/${name}`);
}

/** Whether connection names (`project:region:instance`, several with commas) or a bare name hold the configured instance. */
export function namesInstance(value: string, instance: string): boolean {
  return value.split(', ').some((name) => name === instance || name.endsWith(`:${instance}`));
}

/** Components by the names that APIs give them, each with its place in the configuration. */
type Named = ReadonlyMap<string, readonly (readonly [place: number, id: string, component: Component])[]>;

function namedComponents({ components }: Configuration): Named {
  const all = Object.entries(components).map(([id, component], place) => [place, id, component] as const);
  return Map.groupBy(all, ([, , component]) => {
    if (component.type === 'vpc-connector') return component.name;
    if (component.type === 'cloud-sql') return component.instance;
    return component.type === 'cloud-run' ? component.service : '';
  });
}

/** Ends of a part of a value that may be a name; a name holds few colons and slashes itself. */
const mostEnds = 4;

/** The names that a value may give, as `namesConnector` and `namesInstance` read it. */
function namesIn(value: string): string[] {
  return [value, ...value.split(', ')].flatMap((part) => {
    const cuts = [...part.matchAll(/[:/]/g)].slice(-mostEnds);
    return [part, ...cuts.map(({ index }) => part.slice(index + 1))];
  });
}

/** What all components are looked up in. */
interface Known {
  named: Named;
  regions: readonly string[];
}

function edgesFrom(
  id: string,
  configuration: Configuration,
  index: Observations,
  { named, regions }: Known,
): Edge[] {
  const component = componentOf(configuration, id);
  if (!component) return [];
  const attached = attachments(id, index, named);
  const direct: Edge[] = [
    ...component.depends_on.map((to): Edge => ({ from: id, to, kind: 'depends_on', evidence: [] })),
    ...attached,
  ];
  const through = direct.flatMap(({ to }): Edge[] => {
    const via = componentOf(configuration, to)?.via;
    return via === undefined ? [] : [{ from: id, to: via, kind: 'via', evidence: [] }];
  });
  const located = liesInRegion(component, configuration) ? regions : [];
  const around = located.map((to): Edge => ({ from: id, to, kind: 'located', evidence: [] }));
  return merged([...direct, ...through, ...around]).filter(
    (edge) => edge.to !== id && componentOf(configuration, edge.to) && !detached(edge, configuration, index),
  );
}

/** Types whose resources lie in the configured region. */
const regional: ReadonlySet<Component['type']> = new Set(['cloud-run', 'vpc-connector', 'cloud-sql']);

function liesInRegion({ type }: Component, configuration: Configuration): boolean {
  return configuration.google_cloud !== undefined && regional.has(type);
}

/** The connectors and databases that a service's revision in use is shown attached to, and the services behind a load balancer. */
function attachments(id: string, index: Observations, named: Named): Edge[] {
  const connectors = inUse(index, id, signal.connector);
  const databases = inUse(index, id, signal.cloudSqlInstance);
  const services = current(index, id, signal.routesTo);
  if (connectors.length + databases.length + services.length === 0) return [];
  const names = new Set([...connectors, ...databases, ...services].flatMap(({ value }) => namesIn(value)));
  const candidates = new Set([...names].flatMap((name) => named.get(name) ?? []));
  const inOrder = [...candidates].toSorted(([a], [b]) => a - b);
  return inOrder.flatMap(([, to, component]): Edge[] => {
    const evidence = evidenceIds(
      component.type === 'vpc-connector'
        ? connectors.filter((found) => namesConnector(found.value, component.name))
        : [],
      component.type === 'cloud-sql'
        ? databases.filter((found) => namesInstance(found.value, component.instance))
        : [],
      component.type === 'cloud-run' ? services.filter((found) => found.value === component.service) : [],
    );
    return evidence.length > 0 ? [{ from: id, to, kind: 'attached', evidence }] : [];
  });
}

/** The API shows another connector (or none) where the configuration names this one: traffic does not pass it. */
function detached(edge: Edge, configuration: Configuration, index: Observations): boolean {
  const to = componentOf(configuration, edge.to);
  if (to?.type !== 'vpc-connector') return false;
  const shown = inUse(index, edge.from, signal.connector);
  return shown.length > 0 && !shown.some((found) => namesConnector(found.value, to.name));
}

/** One edge for each pair: the first kind that proves it, with the evidence of all. */
function merged(edges: readonly Edge[]): Edge[] {
  const byTarget = Map.groupBy(edges, (edge) => edge.to);
  return [...byTarget.values()].flatMap(([first, ...rest]) =>
    first ? [{ ...first, evidence: sortedIds([first, ...rest].flatMap((edge) => edge.evidence)) }] : [],
  );
}
