import type { Gap, Observation, Snapshot, Window } from './snapshot.ts';

/**
 * Look-ups in a snapshot's observations. Every list comes in one canonical order and without doubles, so that
 * what is concluded from it does not hang on the order in which the collectors answered.
 */
export interface Observations {
  readonly takenAt: string;
  readonly window: Window;
  readonly byComponent: ReadonlyMap<string, readonly Observation[]>;
  /** The same by component, then by signal: rules ask for one signal at a time, of every component. */
  readonly bySignal: ReadonlyMap<string, ReadonlyMap<string, Readings>>;
  readonly gapsByComponent: ReadonlyMap<string, readonly Gap[]>;
}

/** The readings of one signal of a component: those of the snapshot's window, and those of the window before. */
interface Readings {
  readonly current: readonly Observation[];
  readonly before: readonly Observation[];
}

/** Indexes a snapshot's observations and gaps by component. */
export function indexObservations(snapshot: Snapshot): Observations {
  const byComponent = groupByComponent(withoutDoubles(canonical(snapshot.observations)));
  const from = time(snapshot.window.from);
  return {
    takenAt: snapshot.takenAt,
    window: snapshot.window,
    byComponent,
    bySignal: new Map([...byComponent].map(([component, own]) => [component, readingsOf(own, from)])),
    gapsByComponent: groupByComponent(canonical(snapshot.gaps)),
  };
}

const none: readonly Observation[] = [];

/** Present states, and values over a window that reaches into the snapshot's own. */
export function current(index: Observations, component: string, signal: string): readonly Observation[] {
  return index.bySignal.get(component)?.get(signal)?.current ?? none;
}

/** As `current`, for the signals with a variable part: `env.`, `exit.`, `flag.`. */
export function currentWithPrefix(index: Observations, component: string, prefix: string): Observation[] {
  const signals = [...(index.bySignal.get(component)?.keys() ?? [])].filter((name) =>
    name.startsWith(prefix),
  );
  if (signals.length === 0) return [];
  const from = time(index.window.from);
  return (index.byComponent.get(component) ?? []).filter(
    (found) => found.signal.startsWith(prefix) && isCurrent(from, found),
  );
}

/** Values over the window before the snapshot's, for comparison. */
export function before(index: Observations, component: string, signal: string): readonly Observation[] {
  return index.bySignal.get(component)?.get(signal)?.before ?? none;
}

/** The current reading of a signal that was taken last; undefined where there is none. */
export function latest(index: Observations, component: string, signal: string): Observation | undefined {
  const readings = index.bySignal.get(component)?.get(signal)?.current ?? [];
  if (readings.length <= 1) return readings[0];
  return readings.reduce((last, next) => (time(next.at) > time(last.at) ? next : last));
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
  const numbered = items.map((item) => ({ item, number: Number(item.id.slice(1)) }));
  return numbered
    .toSorted(
      (a, b) =>
        a.number - b.number ||
        compareText(a.item.id, b.item.id) ||
        compareText(contentOf(a.item), contentOf(b.item)),
    )
    .map(({ item }) => item);
}

/** A value over a window is current if the window reaches into the snapshot's, which begins at `from`, ms. */
function isCurrent(from: number, { window }: Observation): boolean {
  return window === null || time(window.to) > from;
}

function readingsOf(own: readonly Observation[], from: number): Map<string, Readings> {
  return new Map(
    [...Map.groupBy(own, ({ signal }) => signal)].map(([signal, alike]) => {
      const now = alike.filter((found) => isCurrent(from, found));
      return now.length === alike.length
        ? [signal, { current: alike, before: [] }]
        : [signal, { current: now, before: alike.filter((found) => !isCurrent(from, found)) }];
    }),
  );
}

/** Drops what was observed twice with the same content, wherever it was read: the lowest id stays. */
function withoutDoubles(observations: readonly Observation[]): Observation[] {
  const doubles = new Set<Observation>();
  for (const own of groupByComponent(observations).values()) {
    for (const alike of Map.groupBy(own, ({ signal }) => signal).values()) {
      const seen = new Set<string>();
      for (const one of alike.length > 1 ? alike : []) {
        const content = readOf(one);
        if (seen.has(content)) doubles.add(one);
        seen.add(content);
      }
    }
  }
  return observations.filter((one) => !doubles.has(one));
}

/** What an observation of a component's signal says, without where and when it was read. */
function readOf({ value, unit, window, revision, text, first, last, partial }: Observation): string {
  return JSON.stringify([value, unit, window?.from, window?.to, revision, text, first, last, partial]);
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
