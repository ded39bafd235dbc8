import type { Configuration } from '../config/repository.schema.ts';
import { isSampled } from './light-set.ts';
import { compareText, numberOf } from './observations.ts';
import { signal } from './signals.ts';
import type { Observation, Series, Snapshot } from './snapshot.ts';

/** Samples: what the light set read, one figure after the other, and as series of a snapshot. */

/** Time between two samples of an open incident, ms. */
export const sampleEveryMs = 60_000;

/** One figure of a sample: component, signal, unit, value, and the revision where it belongs to one. */
export type SampledFigure = [
  component: string,
  signal: string,
  unit: string | null,
  value: number,
  revision?: string,
];

/** A sample as it was kept. */
export interface TakenSample {
  /** UTC, ISO 8601. */
  at: string;
  /** The longest time without a sample before it, s; null at the first of the incident. */
  pauseS: number | null;
  figures: SampledFigure[];
}

/** The samples of an incident for an update, the oldest first. */
export interface SamplesTaken {
  /** What is judged over time. */
  recent: TakenSample[];
  /** Before those, since the declaration: few, and only drawn. */
  earlier: TakenSample[];
}

/**
 * The figures that a sample keeps of a light snapshot: present ones that are numbers. A lower bound is none, and what
 * could not be read is left out, never a zero.
 */
export function sampledFigures({ observations, window }: Snapshot): SampledFigure[] {
  return observations.flatMap((found): SampledFigure[] => {
    const value = numberOf(found);
    const isPresent = found.window === null || Date.parse(found.window.to) > Date.parse(window.from);
    if (value === null || !isPresent || found.partial === true || !isSampled(found.signal)) return [];
    const { component, signal: name, unit, revision } = found;
    return [
      revision === undefined ? [component, name, unit, value] : [component, name, unit, value, revision],
    ];
  });
}

/**
 * How bad a sample is, by which the worst of several is kept when samples are thinned: first the endpoints that do not
 * answer as expected or that could not be read, then the 5xx share of the newest minutes, then the slowest endpoint.
 */
export function badnessOf(figures: readonly SampledFigure[], configuration: Configuration): number {
  const endpoints = Object.keys(configuration.components).filter(
    (id) => expectedStatus(configuration, id) !== null,
  );
  const valueOf = (id: string, name: string): number | undefined =>
    figures.find(([component, found]) => component === id && found === name)?.[3];
  const failing = endpoints.filter((id) => valueOf(id, signal.status) !== expectedStatus(configuration, id));
  const sum = (name: string): number =>
    figures.reduce((total, [, found, , value]) => total + (found === name ? value : 0), 0);
  const requests = sum(signal.recentRequests);
  const share = requests === 0 ? 0 : Math.min(1, sum(signal.recentServerErrors) / requests);
  const slowest = Math.max(0, ...endpoints.map((id) => valueOf(id, signal.latency) ?? 0));
  // The parts do not reach into each other: a share is at most 100, a latency counts for less than 1.
  return failing.length * 1_000 + share * 100 + Math.min(slowest, 999) / 1_000;
}

/** The status that an endpoint should answer; null for a component that is no endpoint. */
export function expectedStatus({ components }: Configuration, id: string): number | null {
  const component = Object.hasOwn(components, id) ? components[id] : undefined;
  if (component?.type === 'http') return component.expect?.status ?? 200;
  // RFC 6455, section 4.2.2: the answer to an accepted WebSocket.
  return component?.type === 'websocket' ? 101 : null;
}

/**
 * The snapshot with the samples before it, as series with evidence ids after its own. Samples that are not older than
 * it are left out. Each series has the source of the same figure in the snapshot, which asked the same.
 *
 * @param earlier Older still, and few: they are drawn, and nothing is judged by them.
 */
export function withSeries(
  snapshot: Snapshot,
  samples: readonly TakenSample[],
  firstEvidence: number,
  earlier: readonly TakenSample[] = [],
): Snapshot {
  const before = samples
    .filter(({ at }) => Date.parse(at) < Date.parse(snapshot.takenAt))
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const groups = byFigure(before);
  const older = byFigure(earlier);
  const keys = [...groups.keys()].toSorted(compareText);
  const series = keys.flatMap((key, place): Series[] => {
    const points = groups.get(key) ?? [];
    const [component, name, unit, , revision] = points[0]?.figure ?? [];
    if (component === undefined || name === undefined) return [];
    return [
      {
        id: `E${firstEvidence + place}`,
        component,
        signal: name,
        unit: unit ?? null,
        ...(revision === undefined ? {} : { revision }),
        ...(older.has(key) ? { earlier: pointsOf(older.get(key)) } : {}),
        points: pointsOf(points),
        source: sourceOf(snapshot, component, name),
      },
    ];
  });
  return { ...snapshot, series, samples: before.map(({ at, pauseS }) => [at, pauseS]) };
}

type Dated = { at: string; figure: SampledFigure };

/** The figures of samples, those of one series together. */
function byFigure(samples: readonly TakenSample[]): Map<string, Dated[]> {
  const figures = samples.flatMap(({ at, figures: own }) => own.map((figure): Dated => ({ at, figure })));
  return Map.groupBy(figures, ({ figure: [component, name, unit, , revision] }) =>
    JSON.stringify([component, name, unit, revision]),
  );
}

function pointsOf(figures: readonly Dated[] = []): Series['points'] {
  return figures.map(({ at, figure }) => [at, figure[3]]);
}

/** The figures that charts are drawn of, of all that a sample holds. */
export function drawnFigures({ figures, ...sample }: TakenSample, configuration: Configuration): TakenSample {
  const ofAll: ReadonlySet<string> = new Set([signal.recentRequests, signal.recentServerErrors]);
  const ofEndpoints: ReadonlySet<string> = new Set([signal.status, signal.latency]);
  const isDrawn = ([component, name]: SampledFigure): boolean =>
    ofAll.has(name) || (ofEndpoints.has(name) && expectedStatus(configuration, component) !== null);
  return { ...sample, figures: figures.filter(isDrawn) };
}

/** The first evidence number that a snapshot leaves free. */
export function nextEvidence({ observations, gaps, changes }: Snapshot, first: number): number {
  const numbers = [...observations, ...gaps, ...changes].map(({ id }) => Number(id.slice(1)));
  return numbers.reduce((most, number) => Math.max(most, number + 1), first);
}

/** What now asked for the same figure; what could not be read now names at least what it was. */
function sourceOf({ observations, gaps }: Snapshot, component: string, name: string): Observation['source'] {
  const read = observations.find((found) => found.component === component && found.signal === name);
  const unread = gaps.find((gap) => gap.component === component && gap.signal === name);
  return (
    (read ?? unread)?.source ?? {
      api: 'sitrep',
      method: 'Samples',
      query: `${name} of ${component}, as it was read every minute`,
    }
  );
}
