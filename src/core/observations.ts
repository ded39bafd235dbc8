import type { Gap, Observation, Snapshot, Window } from './snapshot.ts';

/**
 * Look-ups in a snapshot's observations. Every list comes in one canonical order and without doubles, so that
 * what is concluded from it does not hang on the order in which the collectors answered.
 */
export interface Observations {
  readonly takenAt: string;
  readonly window: Window;
  readonly byComponent: ReadonlyMap<string, readonly Observation[]>;
  readonly gapsByComponent: ReadonlyMap<string, readonly Gap[]>;
}

/** Indexes a snapshot's observations and gaps by component. */
export function indexObservations(snapshot: Snapshot): Observations {
  return {
    takenAt: snapshot.takenAt,
    window: snapshot.window,
    byComponent: groupByComponent(withoutDoubles(canonical(snapshot.observations))),
    gapsByComponent: groupByComponent(canonical(snapshot.gaps)),
  };
}

/** Present states, and values over a window that reaches into the snapshot's own. */
export function current(index: Observations, component: string, signal: string): Observation[] {
  return observationsOf(index, component).filter(
    (found) => found.signal === signal && isCurrent(index, found),
  );
}

/** As `current`, for the signals with a variable part: `env.`, `exit.`, `flag.`. */
export function currentWithPrefix(index: Observations, component: string, prefix: string): Observation[] {
  return observationsOf(index, component).filter(
    (found) => found.signal.startsWith(prefix) && isCurrent(index, found),
  );
}

/** Values over the window before the snapshot's, for comparison. */
export function before(index: Observations, component: string, signal: string): Observation[] {
  return observationsOf(index, component).filter(
    (found) => found.signal === signal && !isCurrent(index, found),
  );
}

/** The current reading of a signal that was taken last; undefined where there is none. */
export function latest(index: Observations, component: string, signal: string): Observation | undefined {
  const [first, ...rest] = current(index, component, signal);
  return rest.reduce((last, next) => (last && time(next.at) > time(last.at) ? next : last), first);
}

/** All observations of a component, in canonical order. */
function observationsOf(index: Observations, component: string): readonly Observation[] {
  return index.byComponent.get(component) ?? [];
}

/** What could not be read of a component: all of it, or only what concerns one signal. */
export function gapsOf(index: Observations, component: string, signal?: string): Gap[] {
  const gaps = index.gapsByComponent.get(component) ?? [];
  return gaps.filter((gap) => signal === undefined || gap.signal === signal || gap.signal === '*');
}

/** The value as a number; null where it is none. Units stay as they are. */
export function numberOf(observation: Observation | undefined): number | null {
  if (!observation || !/^-?\d+(\.\d+)?$/.test(observation.value)) return null;
  return Number(observation.value);
}

/** The sum of the values that are numbers; null where none is. */
export function sumOf(observations: readonly Observation[]): number | null {
  const numbers = observations.map(numberOf).filter((value) => value !== null);
  return numbers.length === 0 ? null : numbers.reduce((sum, value) => sum + value, 0);
}

/** Milliseconds since 1970 of an instant, NaN where it is none. */
export function time(instant: string): number {
  return Date.parse(instant);
}

/** Evidence ids in ascending order, each once. */
export function evidenceIds(...items: readonly (readonly { readonly id: string }[])[]): string[] {
  return sortedIds(items.flat().map((item) => item.id));
}

/** Ids in ascending order, each once. */
export function sortedIds(ids: readonly string[]): string[] {
  return [...new Set(ids)].toSorted(compareIds);
}

/** Order of evidence ids by their numbers: `E9` before `E10`. */
export function compareIds(a: string, b: string): number {
  return Number(a.slice(1)) - Number(b.slice(1)) || compareText(a, b);
}

/** Order of code units, the same on every machine whatever its language. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Items with an evidence id in its order; equal ids (a malformed snapshot) by their whole content. */
export function canonical<T extends { readonly id: string }>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => compareIds(a.id, b.id) || compareText(contentOf(a), contentOf(b)));
}

/** A value over a window is current if the window reaches into the snapshot's. */
function isCurrent(index: Observations, observation: Observation): boolean {
  return observation.window === null || time(observation.window.to) > time(index.window.from);
}

/** Drops what was observed twice with the same content, wherever it was read: the lowest id stays. */
function withoutDoubles(observations: readonly Observation[]): Observation[] {
  const seen = new Set<string>();
  return observations.filter(
    ({ component, signal, value, unit, window, revision, text, first, last, partial }) => {
      const content = JSON.stringify([
        component,
        signal,
        value,
        unit,
        window?.from,
        window?.to,
        revision,
        text,
        first,
        last,
        partial,
      ]);
      return !seen.has(content) && seen.add(content);
    },
  );
}

/** The content as text with keys in order, so that it does not hang on the order in which they were written. */
function contentOf(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => compareText(a, b)))
      : part,
  );
}

function groupByComponent<T extends { readonly component: string }>(items: readonly T[]): Map<string, T[]> {
  return Map.groupBy(items, (item) => item.component);
}
