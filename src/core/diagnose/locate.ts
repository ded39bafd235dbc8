import type { Verdict } from '../diagnosis.ts';
import type { Case } from './case.ts';
import { reachabilityOf } from './reachability.ts';
import { isOwn } from './service-dependencies.ts';
import { partOfEntry, serviceOf } from './service-links.ts';
import { sufficientShare } from './traversal.ts';
import { pathTo } from './walk.ts';
import type { Walk } from './walk.ts';

/** The service where a walk through services ends, and how well that is proven. */
export interface Place {
  component: string;
  located: Verdict;
}

/** A service that accounts for at least half of what is seen at an entry, and leads to no other such one. */
interface End {
  component: string;
  /** The services where what users see begins, of which it is an end. */
  fronts: readonly string[];
  /** Sum of its parts of them, each at most 1. */
  parts: number;
  depth: number;
}

/**
 * Of the services that the walk came to the one that accounts for most of what is seen, at least for half of it; where
 * none but the entry does, the entry itself.
 */
export function locate(found: Case, way: Walk): Place | null {
  const fronts = frontsOf(found, way);
  const ends = endsOf(found, way, fronts);
  const best = ends.toSorted((a, b) => b.parts - a.parts || b.depth - a.depth)[0];
  if (!best) return null;
  const rivals = ends.filter(
    (end) => end !== best && end.fronts.some((front) => best.fronts.includes(front)),
  );
  const shown = provenOf(found, way, best);
  const alone = rivals.length === 0 && best.fronts.length === fronts.length;
  return { component: best.component, located: shown === 'confirmed' && !alone ? 'probable' : shown };
}

/** Services that the walk came to from outside, or began at. */
function frontsOf(found: Case, way: Walk): string[] {
  const met = [...way.links.values()].flat().filter(({ edge }) => !serviceOf(found, edge.from));
  const starts = new Set([...way.entries, ...met.map(({ edge }) => edge.to)]);
  return [...starts].filter((id) => way.symptoms.has(id));
}

function endsOf(found: Case, way: Walk, fronts: readonly string[]): End[] {
  const ends = new Map<string, End>();
  for (const front of fronts) {
    const parts = sufficientParts(found, way, front);
    for (const component of lastOf(way, [...parts.keys()])) {
      const { part, depth } = parts.get(component) ?? { part: 0, depth: 0 };
      const known = ends.get(component) ?? { component, fronts: [], parts: 0, depth };
      ends.set(component, {
        component,
        fronts: [...known.fronts, front],
        parts: known.parts + Math.min(1, part),
        depth: Math.max(known.depth, depth),
      });
    }
  }
  return [...ends.values()];
}

/**
 * The services reached from a front that account for at least half of its symptom, the front itself first. What lies on
 * the way to them may account for less: one cause can come along several ways.
 */
function sufficientParts(
  found: Case,
  way: Walk,
  front: string,
): Map<string, { part: number; depth: number }> {
  const entry = { id: front, symptom: way.symptoms.get(front) ?? 'latency' };
  const depths = new Map([[front, 0]]);
  for (const [component, depth] of depths) {
    for (const { edge } of way.links.get(component) ?? []) {
      if (way.symptoms.has(edge.to) && !depths.has(edge.to)) depths.set(edge.to, depth + 1);
    }
  }
  const all = [...depths].map(([id, depth]): [string, { part: number; depth: number }] => {
    const symptom = way.symptoms.get(id) ?? 'latency';
    const part = id === front ? 1 : (partOfEntry(found, entry, { id, symptom }) ?? 0);
    return [id, { part, depth }];
  });
  return new Map(all.filter(([, { part }]) => part >= sufficientShare));
}

/** Those of some services that lead to no other of them; of those in a circle none is before the other. */
function lastOf(way: Walk, ids: readonly string[]): string[] {
  const edges = new Map([...way.links].map(([id, links]) => [id, links.map(({ edge }) => edge)]));
  const reach = reachabilityOf(edges, ids);
  const before = new Map(ids.map((id) => [id, new Set(reach.leadingTo(id))]));
  return ids.filter((id) => !ids.some((other) => before.get(other)?.has(id) && !before.get(id)?.has(other)));
}

/**
 * Confirmed: each link on the way is in order and its share measured, and at least half of the service's symptom is
 * its own. Probable: the same, and the order is not known, or the service is an entry, of which nothing is shown but
 * that its dependencies are not the cause.
 */
function provenOf(found: Case, way: Walk, { component, fronts }: End): Verdict {
  const symptom = way.symptoms.get(component) ?? 'latency';
  const ways = fronts.map((front) => pathTo(way.links, front, component) ?? []);
  const links = ways.flat();
  if (!isOwn(found, component, symptom) || links.some(({ exact }) => exact !== true)) return 'unknown';
  const inOrder = ways.every((one) => one.length > 0) && links.every((link) => link.inOrder === true);
  return inOrder ? 'confirmed' : 'probable';
}
