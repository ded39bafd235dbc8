import { signal } from '../core/signals.ts';
import type { Window } from '../core/snapshot.ts';
import { decimal } from './decimal.ts';
import { instant, within } from './metric-read.ts';
import type { Figure } from './metric-read.ts';
import type { Point, Series } from './time-series.ts';

/**
 * What one instance of a Serverless VPC Access connector carries, Mbit/s, by its machine type: the estimated
 * throughput of a connector, 100 to 500 (f1-micro), 200 to 1,000 (e2-micro) and 3,200 to 16,000 (e2-standard-4),
 * holds for 2 to 10 instances. cloud.google.com/vpc/docs/serverless-vpc-access#scaling
 */
const megabitsEach = new Map([
  ['f1-micro', 50],
  ['e2-micro', 100],
  ['e2-standard-4', 1_600],
]);

/** The documented throughput of one instance, Mbit/s, and where it stands; null for a type that is not documented. */
export function documentedThroughput(machineType: string): { value: string; text: string } | null {
  const each = megabitsEach.get(machineType);
  if (each === undefined) return null;
  const range = `${2 * each} to ${10 * each} Mbit/s`;
  return {
    value: String(each),
    text: `documented estimate for ${machineType}, not measured: ${range} for 2 to 10 instances (cloud.google.com/vpc/docs/serverless-vpc-access#scaling)`,
  };
}

/** The series of one connector: bytes that it received and sent, and its instances. */
interface Load {
  into: readonly Series[];
  outOf: readonly Series[];
  running: readonly Series[];
}

/**
 * The highest throughput of a window, and how many instances there were to carry it. What passes a connector is
 * received once and sent once, so the directions are not added: the busier one counts. Periods in seconds.
 */
export function throughputFigures(
  { into, outOf, running }: Load,
  window: Window,
  periods: { bytes: number; instances: number },
): Figure[] {
  const points = [...within(into, window), ...within(outOf, window)];
  // Of equal ones the last: how it is now matters more.
  const busiest = points.reduce<Point | null>(
    (most, point) => (most === null || isBusier(point, most) ? point : most),
    null,
  );
  if (busiest === null) return [];
  const megabits = (busiest.value * 8) / 1e6 / periods.bytes;
  const last = instant(busiest.end);
  return [
    { signal: signal.throughput, value: decimal(megabits), unit: 'Mbit/s', window, last },
    ...instancesAt(busiest.end, running, periods.instances).map((value) => ({
      signal: signal.throughputInstances,
      value: decimal(value),
      unit: null,
      window,
      last,
    })),
  ];
}

function isBusier(point: Point, than: Point): boolean {
  return point.value > than.value || (point.value === than.value && point.end > than.end);
}

/** The instances of the period that holds this time, none where they are not known. */
function instancesAt(time: number, running: readonly Series[], period: number): number[] {
  const point = running
    .flatMap(({ points }) => points)
    .find(({ end }) => end >= time && end - period * 1_000 < time);
  return point === undefined ? [] : [point.value];
}
