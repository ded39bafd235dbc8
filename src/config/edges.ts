import type { Component } from './repository.schema.ts';

/** The edges between components: `depends_on` and `via`, from a component to what it needs. */

/** The ids that each component needs. */
export type Edges = ReadonlyMap<string, readonly string[]>;

/** An edge that closes a circle, and the circle's ids in order. */
export interface ClosingEdge {
  from: string;
  to: string;
  cycle: string[];
}

/** Each edge that closes a cycle, with the cycle's components in order. */
export function closingEdges(edges: Edges): ClosingEdge[] {
  const found: ClosingEdge[] = [];
  const done = new Set<string>();
  const walk = (id: string, trail: readonly string[]): void => {
    for (const to of edges.get(id) ?? []) {
      const start = [...trail, id].indexOf(to);
      if (start !== -1) found.push({ from: id, to, cycle: [...[...trail, id].slice(start), to] });
      else if (!done.has(to)) walk(to, [...trail, id]);
    }
    done.add(id);
  };
  for (const id of edges.keys()) if (!done.has(id)) walk(id, []);
  return found;
}

type Components = Readonly<Record<string, Component>>;

function edgesOf(components: Components): Edges {
  return new Map(
    Object.entries(components).map(([id, { depends_on, via }]) => [
      id,
      via === undefined ? depends_on : [...depends_on, via],
    ]),
  );
}

/** The components without edges that lead nowhere or close a circle, so that a walk along them always ends. */
export function withSoundEdges(components: Components): Record<string, Component> {
  const closing = new Set(
    closingEdges(edgesOf(components)).map(({ from, to }) => JSON.stringify([from, to])),
  );
  const isSound = (from: string, to: string): boolean =>
    Object.hasOwn(components, to) && !closing.has(JSON.stringify([from, to]));
  const entries = Object.entries(components).map(([id, component]): [string, Component] => {
    const sound = { ...component, depends_on: component.depends_on.filter((to) => isSound(id, to)) };
    if (sound.via !== undefined && !isSound(id, sound.via)) delete sound.via;
    return [id, sound];
  });
  return Object.fromEntries(entries);
}
