import type { Scenario } from '../../scenario/schema.ts';
import { isObject } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { writtenTimestamp } from '../scalars.ts';

/** Log entries of a scenario: its runs written out, always the same for the same scenario. */

type LogRun = Scenario['google']['logs'][number];

export interface LogEntry {
  /** Milliseconds since 1970. */
  at: number;
  insertId: string;
  body: JsonObject;
}

/** A number in [0, 1) that depends on the seed alone (splitmix32, finalised). */
function seeded(seed: number): number {
  let mixed = (seed + 0x9e3779b9) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
}

function decimals(text: string): number {
  return text.split('.')[1]?.length ?? 0;
}

/** The running number, or a random one between two bounds. */
export const placeholder = /\{\{\s*(?:(n)|rand\s+(-?[\d.]+)\s+(-?[\d.]+))\s*\}\}/g;

/** Fills `{{n}}` and `{{rand a b}}`; a random number has as many decimals as the more exact of its bounds. */
function filled(text: string, n: number, seed: number): string {
  let drawn = 0;
  return text.replaceAll(placeholder, (_, number: string | undefined, low: string, high: string) => {
    if (number !== undefined) return String(n);
    drawn += 1;
    const places = Math.max(decimals(low), decimals(high));
    const step = 10 ** -places;
    const choices = Math.round((Number(high) - Number(low)) / step) + 1;
    return (Number(low) + Math.floor(seeded(seed * 31 + drawn) * choices) * step).toFixed(places);
  });
}

function fill(value: unknown, n: number, seed: number): unknown {
  if (typeof value === 'string') return value.includes('{{') ? filled(value, n, seed) : value;
  if (Array.isArray(value)) return value.map((inner) => fill(inner, n, seed));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner, n, seed)]));
}

/** Times of a run: one, or `count` of them evenly from `from` (the first) to `to` (the last). */
function timesOf({ at, from: first, to: last, count }: LogRun): number[] {
  if (at !== undefined) return [Date.parse(at)];
  if (first === undefined || last === undefined || count === undefined) {
    throw new Error('A run of log entries has "at", or "from", "to" and "count"');
  }
  const from = Date.parse(first);
  const to = Date.parse(last);
  const gap = count === 1 ? 0 : (to - from) / (count - 1);
  return Array.from({ length: count }, (_, index) => Math.round(from + index * gap));
}

function entryOf(run: LogRun, runIndex: number, at: number, n: number): LogEntry {
  const seed = runIndex * 100_003 + n;
  const insertId = `r${runIndex.toString(36)}n${n.toString(36).padStart(6, '0')}`;
  const body = fill(run.entry, n, seed);
  return {
    at,
    insertId,
    body: {
      ...(isObject(body) ? body : {}),
      timestamp: writtenTimestamp(at),
      insertId,
      receiveTimestamp: writtenTimestamp(at + 50 + Math.floor(seeded(seed) * 900)),
    },
  };
}

/** Writes out all runs, oldest first; entries of one time in the order of their `insertId`. */
export function logEntries(runs: readonly LogRun[]): LogEntry[] {
  return runs
    .flatMap((run, runIndex) => timesOf(run).map((at, index) => entryOf(run, runIndex, at, index + 1)))
    .sort((a, b) => a.at - b.at || (a.insertId < b.insertId ? -1 : 1));
}
