/** Which of some nodes lead to which, over edges that may go in circles. */
export interface Reachability {
  /** The starts that lead to a node, itself included where it is one, in the order of the starts. */
  leadingTo(node: string): string[];
}

/**
 * Walks all edges once for all starts together, instead of once for each: a set of starts is carried along each edge,
 * from those that nothing leads to on. Only circles take further rounds.
 */
export function reachabilityOf(
  edges: ReadonlyMap<string, readonly { readonly to: string }[]>,
  starts: readonly string[],
): Reachability {
  const words = Math.ceil(starts.length / 32);
  const sets = new Map<string, Uint32Array>();
  const setOf = (node: string): Uint32Array => {
    const known = sets.get(node) ?? new Uint32Array(words);
    sets.set(node, known);
    return known;
  };
  for (const [at, start] of starts.entries()) {
    const set = setOf(start);
    set[at >>> 5] = (set[at >>> 5] ?? 0) | (1 << (at & 31));
  }
  const order = effectsFirst(edges);
  for (let changed = true; changed;) {
    changed = false;
    for (const node of order) {
      const from = sets.get(node);
      if (from) for (const { to } of edges.get(node) ?? []) changed = joinInto(setOf(to), from) || changed;
    }
  }
  return {
    leadingTo: (node) => {
      const set = sets.get(node);
      return set ? starts.filter((_, at) => ((set[at >>> 5] ?? 0) & (1 << (at & 31))) !== 0) : [];
    },
  };
}

/** Adds one set to another; true where that changed it. */
function joinInto(target: Uint32Array, added: Uint32Array): boolean {
  let changed = false;
  for (const [at, word] of added.entries()) {
    const before = target[at] ?? 0;
    target[at] = before | word;
    changed ||= target[at] !== before;
  }
  return changed;
}

/** All nodes with edges, each before those that it leads to, but for circles. No recursion: chains may be long. */
function effectsFirst(edges: ReadonlyMap<string, readonly { readonly to: string }[]>): string[] {
  const entered = new Set<string>();
  const left: string[] = [];
  for (const root of edges.keys()) {
    const stack = entered.has(root) ? [] : [{ node: root, next: 0 }];
    entered.add(root);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const to = edges.get(top.node)?.[top.next++]?.to;
      if (to === undefined) {
        left.push(top.node);
        stack.pop();
      } else if (!entered.has(to)) {
        entered.add(to);
        stack.push({ node: to, next: 0 });
      }
    }
  }
  return left.toReversed();
}
