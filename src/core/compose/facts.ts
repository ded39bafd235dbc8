import type { Configuration } from '../../config/repository.schema.ts';
import type { Checkpoint } from '../checkpoints.ts';
import type { CriteriaReadings } from '../criteria/types.ts';
import type { ConfigurationProblem } from './configuration-errors.ts';
import { compareWithPrevious, type Delta } from '../delta.ts';
import type { Diagnosis } from '../diagnosis.ts';
import type { HoldTime } from '../criteria/hold-time.ts';
import { canonical, indexObservations, type Observations } from '../observations.ts';
import type { EarlierFix } from '../regression/fix.ts';
import type { ComponentState, Observation, Snapshot } from '../snapshot.ts';
import { type JourneyReading, journeyReadings, type StateReading, statesOf } from '../states.ts';

/** A promised update whose time has come. */
export interface CheckpointReached extends Checkpoint {
  /** Kinds of the checkpoints before it that were promised and not posted, the oldest first. */
  missed: readonly string[];
  /** Until when people asked for quiet; missing where they did not. */
  snoozedUntil?: string | null;
}

/** What was read before all was taken out that a redacted update may not show. */
export interface Redacted {
  /** By component; without figures. */
  states: Readonly<Record<string, StateReading>>;
  /** Against the update before; null where there is none. */
  delta: Delta | null;
  /** When each component was seen to fail first. */
  sights: readonly (Ranked & { component: string })[];
  /** How long each criterion has stood as it does, by its id. */
  holding: Readonly<Record<string, HoldTime>>;
  /** Titles of the planned actions that come next. */
  planned: readonly string[];
  /** Every reading without what it read. */
  read: readonly Pick<Observation, 'id' | 'component' | 'window' | 'at'>[];
  /** What became of the fix of the earlier incident that this one is linked with; null without such a link. */
  fix: EarlierFix | null;
}

/** When a failure was first seen, and whether the readings reach back far enough to say that it began then. */
export interface FirstSight {
  at: string;
  evidence: string[];
  began: boolean;
}

/** With how much its reading counts beside others of the same minute: the least speaks first. */
export type Ranked = FirstSight & { rank: number };

/** What a status is composed of. */
export interface StatusInput {
  configuration: Configuration;
  snapshot: Snapshot;
  diagnosis: Diagnosis;
  criteria: Pick<CriteriaReadings, 'success' | 'escalation'> & Partial<Pick<CriteriaReadings, 'labels'>>;
  /** When the living comment is refreshed and when the next comment is due, UTC; null where neither is planned. */
  nextCheckpoint: { board: string | null; comment: string | null } | null;
  /** Distances from the declaration at which updates come by themselves; missing where none does. */
  plan?: readonly string[];
  /** The checkpoint that this update is; missing where somebody asked for it. */
  checkpoint?: CheckpointReached | undefined;
  /** Errors of `.github/sitrep.yml` that did not stop this update. */
  configurationErrors?: readonly ConfigurationProblem[];
  /** Sitrep's version, for the footer. */
  version: string;
  /** Present where the update may show states and durations alone; made by `core/redacted/input.ts`. */
  redacted?: Redacted;
}

/** The input with all that its parts look up. */
export interface Facts extends StatusInput {
  /** When the snapshot was taken; all times are written as seen from there. */
  seen: string;
  index: Observations;
  states: Readonly<Record<string, StateReading>>;
  journeys: readonly JourneyReading[];
  delta: Delta | null;
  observation(id: string): Observation | undefined;
}

/** Reads the states, journeys and changes once, for all parts of an update. */
export function factsOf(input: StatusInput): Facts {
  const { configuration } = input;
  const snapshot = inOrder(input.snapshot);
  const index = indexObservations(snapshot);
  const states = input.redacted?.states ?? {
    ...unreadableStates(configuration),
    ...statesOf(configuration, index),
  };
  const known = [...(snapshot.previous?.figures ?? []), ...snapshot.observations];
  const byId = new Map(known.map((found) => [found.id, found]));
  return {
    ...input,
    snapshot,
    seen: snapshot.takenAt,
    index,
    states,
    journeys: Object.values(journeyReadings(configuration, states)),
    delta:
      input.redacted === undefined
        ? compareWithPrevious(snapshot, states, input.diagnosis)
        : input.redacted.delta,
    observation: (id) => byId.get(id),
  };
}

/** Components whose entry has an error exist, and nothing is known of them. */
function unreadableStates({ unreadable = [] }: Configuration): Record<string, StateReading> {
  return Object.fromEntries(
    unreadable.map(({ component }) => [
      component,
      { state: 'unknown', evidence: [], why: 'its entry in sitrep.yml has an error' },
    ]),
  );
}

/** The order in which collectors answered must not show in an update. */
function inOrder(snapshot: Snapshot): Snapshot {
  return {
    ...snapshot,
    observations: canonical(snapshot.observations),
    gaps: canonical(snapshot.gaps),
    changes: canonical(snapshot.changes),
    ...(snapshot.series === undefined ? {} : { series: canonical(snapshot.series) }),
  };
}

/** Citations in one line above the fold; the folds have all. */
export const fewIds = 3;

/** Ids of the components in a state, in the order of the configuration. */
export function componentsIn(facts: Facts, state: ComponentState): string[] {
  return Object.entries(facts.states)
    .filter(([, reading]) => reading.state === state)
    .map(([id]) => id);
}

/** Components that no collector reads: nobody asked for them. */
export function notCovered(facts: Facts): string[] {
  const { gaps } = facts.snapshot;
  return componentsIn(facts, 'unknown').filter((id) => {
    const own = gaps.filter(({ component }) => component === id);
    return own.length > 0 && own.every(({ reason }) => reason === 'unsupported');
  });
}

/** Whether something is known to be wrong. */
export function isInTrouble(facts: Facts): boolean {
  return Object.values(facts.states).some(({ state }) => state === 'failing' || state === 'degraded');
}

/** Whether every component is known to be healthy. */
export function isAllWell(facts: Facts): boolean {
  const states = Object.values(facts.states);
  return states.length > 0 && states.every(({ state }) => state === 'healthy');
}

/** A component's reading; unknown where it is not configured. */
export function readingOf(facts: Facts, id: string): StateReading {
  const found = Object.hasOwn(facts.states, id) ? facts.states[id] : undefined;
  return found ?? { state: 'unknown', evidence: [], why: 'not configured' };
}

/** An id as people say it: `golden path`. Ids hold lower-case letters, digits and hyphens only. */
export function spoken(id: string): string {
  return id.replaceAll('-', ' ');
}
