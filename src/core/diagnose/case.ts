import type { ComponentType, Configuration } from '../../config/repository.schema.ts';
import { buildGraph } from '../graph.ts';
import type { Graph } from '../graph.ts';
import { canonical, indexObservations } from '../observations.ts';
import type { Observations } from '../observations.ts';
import type { Change, ComponentState, Snapshot } from '../snapshot.ts';
import { journeyReadings, statesOf } from '../states.ts';
import type { JourneyReading, StateReading } from '../states.ts';

/** All that a diagnosis works with, read off the configuration and one snapshot; nothing here depends on order. */
export interface Case {
  readonly configuration: Configuration;
  readonly index: Observations;
  readonly changes: readonly Change[];
  readonly changesByComponent: ReadonlyMap<string, readonly Change[]>;
  readonly graph: Graph;
  readonly states: Readonly<Record<string, StateReading>>;
  readonly journeys: readonly JourneyReading[];
  /** Components of each type. */
  readonly typeCounts: ReadonlyMap<ComponentType, number>;
}

/** Opens the case of a snapshot. */
export function openCase(configuration: Configuration, snapshot: Snapshot): Case {
  const index = indexObservations(snapshot);
  const states = statesOf(configuration, index);
  const changes = canonical(snapshot.changes);
  return {
    configuration,
    index,
    changes,
    changesByComponent: Map.groupBy(changes, ({ component }) => component),
    graph: buildGraph(configuration, index),
    states,
    journeys: Object.values(journeyReadings(configuration, states)),
    typeCounts: typeCountsOf(configuration),
  };
}

function typeCountsOf({ components }: Configuration): Map<ComponentType, number> {
  const byType = Map.groupBy(Object.values(components), ({ type }) => type);
  return new Map([...byType].map(([type, alike]) => [type, alike.length]));
}

/**
 * Makes a function that looks at one component of a case answer from memory where it was asked before. A case never
 * changes, so the answer is the same.
 */
export function oncePerComponent<T>(
  look: (found: Case, component: string) => T,
): (found: Case, component: string) => T {
  const cases = new WeakMap<Case, Map<string, { answer: T }>>();
  return (found, component) => {
    const answers = cases.get(found) ?? new Map<string, { answer: T }>();
    cases.set(found, answers);
    const known = answers.get(component) ?? { answer: look(found, component) };
    answers.set(component, known);
    return known.answer;
  };
}

/** The changes of a component, in canonical order. */
export function changesOf(found: Case, component: string): readonly Change[] {
  return found.changesByComponent.get(component) ?? [];
}

/** The state of a component; unknown for one that is not configured. */
export function stateOf(found: Case, id: string): ComponentState {
  return readingOf(found, id).state;
}

/** The whole reading of a component. */
export function readingOf(found: Case, id: string): StateReading {
  const reading = Object.hasOwn(found.states, id) ? found.states[id] : undefined;
  return reading ?? { state: 'unknown', evidence: [], why: 'not configured' };
}

/** Whether a component is known not to work as it should. */
export function isAbnormal(found: Case, id: string): boolean {
  const state = stateOf(found, id);
  return state === 'failing' || state === 'degraded';
}
