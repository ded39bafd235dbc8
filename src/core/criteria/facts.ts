import type { ComponentType, Configuration } from '../../config/repository.schema.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { indexObservations } from '../observations.ts';
import type { Observations } from '../observations.ts';
import type { Snapshot } from '../snapshot.ts';
import { journeyReadings, statesOf } from '../states.ts';
import type { JourneyReading, StateReading } from '../states.ts';
import type { CriteriaInput, CriterionReading } from './types.ts';

/** What all criteria of one reading share: the snapshot, indexed, and the states that follow from it. */
export interface Facts {
  configuration: Configuration;
  snapshot: Snapshot;
  diagnosis: Diagnosis | null;
  index: Observations;
  states: Readonly<Record<string, StateReading>>;
  journeys: Readonly<Record<string, JourneyReading>>;
  /** The success criteria, where they are read already: for labels and escalation rules; missing while they are being read. */
  judged?: readonly Pick<CriterionReading, 'id' | 'result' | 'why' | 'evidence'>[];
}

/** Prepares a snapshot for reading criteria from it. */
export function factsOf({ configuration, snapshot, diagnosis }: CriteriaInput): Facts {
  const index = indexObservations(snapshot);
  const states = statesOf(configuration, index);
  return {
    configuration,
    snapshot,
    diagnosis,
    index,
    states,
    journeys: journeyReadings(configuration, states),
  };
}

/** Ids of the components of the given types, in the configuration's order. */
export function componentsOf(configuration: Configuration, ...types: ComponentType[]): string[] {
  return Object.entries(configuration.components)
    .filter(([, component]) => types.includes(component.type))
    .map(([id]) => id);
}

/** Ids of components that could not be read from the file, and that may be of these types; all without types. */
export function unreadableOf(configuration: Configuration, ...types: ComponentType[]): string[] {
  return (configuration.unreadable ?? [])
    .filter(({ type }) => type === null || types.length === 0 || types.includes(type))
    .map(({ component }) => component);
}
