import type { ColumnChart, DiagramColumn } from '../diagram.ts';
import type { Text } from '../text.ts';
import { clock } from '../figures.ts';
import { plain, say } from '../text.ts';

/** Columns at most: so many can be told apart on a phone. */
const mostColumns = 30;
/** What one column may stand for, minutes; the narrowest that fits is taken. */
const widths = [2, 5, 10, 15, 30, 60, 120, 240, 480, 720];
const day = 1_440;
const minute = 60_000;
/** Columns that the time below one takes, so that no two overlap. */
const wordsTake = 5;

/** What is drawn. */
export interface TrendInput {
  title: Text;
  unit: Text;
  colour: ColumnChart['colour'];
  /** The oldest first. */
  points: readonly (readonly [at: string, value: number])[];
  /** A value as the axis has it: per cent of a share, say. */
  scaled: (value: number) => number;
  /** UTC, ISO 8601. */
  from: string;
  to: string;
}

/** A chart with what its caption has to say. */
export interface TrendColumns {
  diagram: ColumnChart;
  /** What a column stands for, minutes. */
  minutes: number;
  highest: { at: string; value: number };
  last: { at: string; value: number };
  /** Whether some column has no value. */
  hasHoles: boolean;
}

/**
 * One figure over time: of each stretch its highest value. Where nothing was measured there is no column but a `?`, since
 * nobody knows what was then. Null where there is no point.
 */
export function trendColumns(input: TrendInput): TrendColumns | null {
  const { title, unit, colour, scaled } = input;
  const [from, to] = [Date.parse(input.from), Date.parse(input.to)];
  const points = input.points.filter(
    ([at, value]) => Number.isFinite(value) && Date.parse(at) >= from && Date.parse(at) <= to,
  );
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined || to <= from) return null;
  const highest = points.reduce((most, point) => (point[1] > most[1] ? point : most), first);
  const minutes = columnMinutes(from, to);
  // Less than half a column at the end belongs to the one before: it may be too short to hold a sample.
  const count = Math.max(1, Math.round((to - from) / (minutes * minute)));
  const columnOf = (at: string): number =>
    Math.min(count - 1, Math.floor((Date.parse(at) - from) / (minutes * minute)));
  const tops = Array.from({ length: count }, (): number | null => null);
  for (const [at, value] of points) {
    const place = columnOf(at);
    tops[place] = Math.max(tops[place] ?? Number.NEGATIVE_INFINITY, scaled(value));
  }
  const written = timesBelow(
    count,
    { from: input.from, to: input.to, peak: highest[0] },
    columnOf(highest[0]),
  );
  const columns = tops.map((value, place): DiagramColumn => ({
    value,
    words: written.get(place) ?? (value === null ? say`?` : null),
  }));
  return {
    diagram: { as: 'columns', title, unit, highest: scaled(highest[1]), colour, columns },
    minutes,
    highest: { at: highest[0], value: highest[1] },
    last: { at: last[0], value: last[1] },
    hasHoles: tops.some((value) => value === null),
  };
}

/** What one column stands for between two times, minutes. */
export function columnMinutes(from: number, to: number): number {
  const fitting = widths.find((width) => to - from <= width * minute * mostColumns);
  return fitting ?? day * Math.ceil((to - from) / (day * minute * mostColumns));
}

/** The beginning, the end and, where there is room between them, when it was worst. */
function timesBelow(
  count: number,
  { from, to, peak }: { from: string; to: string; peak: string },
  peakAt: number,
): Map<number, Text> {
  const words = (at: string): Text => say`${plain(clock(at, to))}`;
  const below = new Map([[0, words(from)]]);
  if (count > wordsTake) below.set(count - 1, words(to));
  if (peakAt >= wordsTake && count - 1 - peakAt >= wordsTake) below.set(peakAt, words(peak));
  return below;
}
