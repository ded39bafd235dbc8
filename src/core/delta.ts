import type { Diagnosis } from './diagnosis.ts';
import { compareIds, numberOf } from './observations.ts';
import { signal } from './signals.ts';
import type { ComponentState, Observation, PreviousUpdate, Snapshot } from './snapshot.ts';
import type { StateReading } from './states.ts';

/** What has changed since the update before; that one leaves behind what `asPrevious` gives. */

export type StateChange = {
  readonly component: string;
  readonly from: ComponentState;
  readonly to: ComponentState;
  readonly evidence: readonly string[];
};

/** One figure read both times, of the same component, signal and revision. */
export type FigureChange = { readonly before: Observation; readonly now: Observation };

export type RootChange = { readonly from: PreviousUpdate['root']; readonly to: Diagnosis['root'] };

export type Delta = {
  /** When the update before was taken. */
  readonly since: string;
  readonly url: string | null;
  readonly states: readonly StateChange[];
  /** Services whose requests go to another revision now. */
  readonly serving: readonly FigureChange[];
  /**
   * Figures that moved enough to be told: those of what fails first, and of these the one that moved most. While
   * something is wrong, those of components that were and are OK are left out.
   */
  readonly figures: readonly FigureChange[];
  /** Null where nothing is wrong any more: then there is no cause to tell. */
  readonly root: RootChange | null;
  /** Whether people should be told: a state, the cause or a serving revision is another one, or a figure doubled or halved. */
  readonly material: boolean;
};

const told = 1.2;
const material = 2;
const leastDifference = 2;

/** Figures by which two updates are compared. */
const compared: ReadonlySet<string> = new Set([
  signal.serverErrors,
  signal.errorShare,
  signal.latencyP95,
  signal.latency,
  signal.instances,
  signal.cpu,
  signal.backends,
  signal.logErrors,
  signal.memoryExceeded,
]);

/** Compares this snapshot with the update before; null where there is none. */
export function compareWithPrevious(
  snapshot: Snapshot,
  states: Readonly<Record<string, StateReading>>,
  diagnosis: Diagnosis,
): Delta | null {
  const { previous } = snapshot;
  if (previous === null) return null;
  const changedStates = stateChanges(previous, states);
  const wrong = Object.values(states).some(({ state }) => state === 'failing' || state === 'degraded');
  const serving = servingChanges(previous, snapshot);
  const figures = figureChanges(previous, snapshot)
    .filter(({ now }) => !wrong || !isHealthy(previous.states, states, now.component))
    .toSorted((a, b) => gravity(states, a.now.component) - gravity(states, b.now.component));
  const root = wrong ? rootChange(previous, diagnosis) : null;
  const isMaterial =
    changedStates.length > 0 || serving.length > 0 || root !== null || figures.some(isDoubled);
  return {
    since: previous.takenAt,
    url: previous.url,
    states: changedStates,
    serving,
    figures,
    root,
    material: isMaterial,
  };
}

function isHealthy(
  before: PreviousUpdate['states'],
  states: Readonly<Record<string, StateReading>>,
  id: string,
): boolean {
  const was = Object.hasOwn(before, id) ? before[id] : undefined;
  return was === 'healthy' && Object.hasOwn(states, id) && states[id]?.state === 'healthy';
}

/** What fails comes before what is slow, and that before all else. */
function gravity(states: Readonly<Record<string, StateReading>>, id: string): number {
  const state = Object.hasOwn(states, id) ? states[id]?.state : undefined;
  return state === 'failing' ? 0 : state === 'degraded' ? 1 : 2;
}

function isServing(found: Observation): boolean {
  return found.signal === signal.servingRevision;
}

function servingChanges(previous: PreviousUpdate, snapshot: Snapshot): FigureChange[] {
  const before = latestOfSeries(previous.figures.filter(isServing));
  return [...latestOfSeries(snapshot.observations.filter(isServing)).values()].flatMap((now) => {
    const was = before.get(seriesOf(now));
    return was === undefined || was.value === now.value ? [] : [{ before: was, now }];
  });
}

function currentFigures(snapshot: Snapshot): Observation[] {
  return snapshot.observations.filter(
    (found) => found.window === null || Date.parse(found.window.to) > Date.parse(snapshot.window.from),
  );
}

function isCompared(found: Observation): boolean {
  const ends = [signal.exit, signal.terminated];
  return compared.has(found.signal) || ends.some((prefix) => found.signal.startsWith(prefix));
}

function stateChanges(
  previous: PreviousUpdate,
  states: Readonly<Record<string, StateReading>>,
): StateChange[] {
  return Object.entries(states).flatMap(([component, reading]) => {
    const from = Object.hasOwn(previous.states, component) ? previous.states[component] : undefined;
    if (from === undefined || from === reading.state) return [];
    return [{ component, from, to: reading.state, evidence: reading.evidence }];
  });
}

function figureChanges(previous: PreviousUpdate, snapshot: Snapshot): FigureChange[] {
  const before = latestOfSeries(previous.figures);
  return [...latestOfSeries(currentFigures(snapshot)).values()]
    .filter(isCompared)
    .flatMap((now) => {
      const was = before.get(seriesOf(now));
      return was === undefined || was.partial === true || now.partial === true ? [] : [{ before: was, now }];
    })
    .filter((change) => factor(change) >= told)
    .sort((a, b) => factor(b) - factor(a) || compareIds(a.now.id, b.now.id));
}

/** A figure may be there twice, over the window and over the one before it: the later one counts. */
function latestOfSeries(figures: readonly Observation[]): Map<string, Observation> {
  const byEnd = figures.toSorted((a, b) => endOf(a) - endOf(b) || compareIds(a.id, b.id));
  return new Map(byEnd.map((found) => [seriesOf(found), found]));
}

function endOf(found: Observation): number {
  return Date.parse(found.window?.to ?? found.at);
}

function seriesOf(found: Observation): string {
  return JSON.stringify([found.component, found.signal, found.revision ?? null, found.unit]);
}

/** Whether a figure moved by so much that people should be told. */
export function isDoubled(change: FigureChange): boolean {
  return factor(change) >= material;
}

/** By how much a figure rose or fell, at least 1; differences too small to be told count as none. */
function factor({ before, now }: FigureChange): number {
  const [was, is] = [numberOf(before), numberOf(now)];
  if (was === null || is === null || was < 0 || is < 0) return 1;
  if (Math.abs(is - was) < leastDifference) return 1;
  return Math.max(is, was) / Math.max(Math.min(is, was), 1);
}

function rootChange(previous: PreviousUpdate, diagnosis: Diagnosis): RootChange | null {
  const { root: from } = previous;
  const { root: to } = diagnosis;
  if (from === null) return to.cause === 'unknown' ? null : { from, to };
  const same = from.cause === to.cause && from.component === to.component && from.verdict === to.verdict;
  return same ? null : { from, to };
}
