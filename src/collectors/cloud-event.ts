import { signal } from '../core/signals.ts';
import type { ComponentType } from '../config/repository.schema.ts';
import type { Source, Window } from '../core/snapshot.ts';
import type { Measured } from './collector.ts';
import { productInUse } from './products-in-use.ts';

/** What Google says of a disturbance of its own, in Service Health or in the public feed. */
export interface CloudEvent {
  id: string;
  title: string;
  active: boolean;
  /** What it means for the project (`IMPACTED`) or, in the feed, for the product (`SERVICE_OUTAGE`). */
  weight: string;
  products: string[];
  /** Regions, zones, multi-regions, or `global`. */
  locations: string[];
  begin: string | null;
  end: string | null;
  source: Source;
}

/** Where the components of a configuration live, and what they need. */
export interface EventScope {
  region: string;
  types: ReadonlySet<ComponentType>;
  now: Date;
  redact: (text: string) => Promise<string>;
}

/** What is said of them, for whichever component stands for the region. */
export type EventFigure = Omit<Measured, 'component'>;

const day = 86_400_000;

/** Events that are told one by one at most. */
const eventCap = 20;

/** Longest description of an event, in characters. */
const longest = 400;

/** Service Health says so of an event that does not concern the project. */
const notImpacted = 'NOT_IMPACTED';

/** The 24 hours that events have to overlap. */
export function eventWindow(now: Date): Window {
  return { from: new Date(now.getTime() - day).toISOString(), to: now.toISOString() };
}

/**
 * How many events go on, and each event of the last 24 hours that concerns a product in use in the region. None is
 * a measured none: the list was read.
 */
export async function eventFigures(
  events: readonly CloudEvent[],
  { region, types, now, redact }: EventScope,
  { source, partial }: { source: Source; partial: boolean },
): Promise<EventFigure[]> {
  const window = eventWindow(now);
  const recent = events.filter((event) => overlaps(event, window));
  const isUsed = productInUse(types);
  const own = recent
    .filter(({ products }) => products.length === 0 || products.some(isUsed))
    .filter(({ locations }) => locations.length === 0 || locations.some((at) => covers(at, region)))
    .toSorted((a, b) => Number(b.active) - Number(a.active) || byBeginning(a, b));
  const base = { unit: null, window, ...(partial || own.length > eventCap ? { partial: true } : {}) };
  const others = recent.length - own.length;
  const count = own.filter(({ active, weight }) => active && weight !== notImpacted).length;
  const told = own.slice(0, eventCap).map(async (event) => ({
    ...base,
    signal: signal.event,
    value: `${event.active ? 'ACTIVE' : 'CLOSED'} ${event.weight}`,
    text: (await redact(textOf(event))).slice(0, longest),
    ...(event.begin === null ? {} : { first: event.begin }),
    ...(event.end === null ? {} : { last: event.end }),
    source: event.source,
  }));
  return [
    {
      ...base,
      signal: signal.activeEvents,
      value: String(count),
      ...(others === 0
        ? {}
        : { text: `besides, of the last 24 hours, for products or places not in use: ${others}` }),
      source,
    },
    ...(await Promise.all(told)),
  ];
}

function textOf({ title, products, locations, id }: CloudEvent): string {
  const parts = [title || id, products.join(', '), locations.join(', ')];
  return parts.filter((part) => part !== '').join('; ');
}

function overlaps({ active, begin, end }: CloudEvent, { from, to }: Window): boolean {
  if (begin !== null && begin > to) return false;
  return active || end === null || end >= from;
}

/** Whether a place is the region, lies in it or spans it. */
function covers(place: string, region: string): boolean {
  const name = place.toLowerCase();
  if (name === region || name === 'global' || name.startsWith(`${region}-`)) return true;
  const continent = name === 'eu' ? 'europe' : name;
  return !continent.includes('-') && region.startsWith(`${continent}-`);
}

/** The newest first; equal ones by their ids. */
function byBeginning(a: CloudEvent, b: CloudEvent): number {
  const [x, y] = [`${a.begin ?? ''} ${a.id}`, `${b.begin ?? ''} ${b.id}`];
  return x === y ? 0 : x < y ? 1 : -1;
}
