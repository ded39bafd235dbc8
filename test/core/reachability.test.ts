import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { reachabilityOf } from '../../src/core/diagnose/reachability.ts';

type Edges = Map<string, { to: string }[]>;

/** Edges written as `a>b`. */
function edgesOf(...written: string[]): Edges {
  const pairs = written.map((one) => one.split('>'));
  return new Map(
    [...Map.groupBy(pairs, ([from = '']) => from)].map(([from, some]) => [
      from,
      some.map(([, to = '']) => ({ to })),
    ]),
  );
}

test.each([
  ['a chain', ['a>b', 'b>c'], ['a', 'b'], { a: ['a'], b: ['a', 'b'], c: ['a', 'b'] }],
  ['against the edges', ['a>b'], ['b'], { a: [], b: ['b'] }],
  ['two ways to one', ['a>b', 'a>c', 'b>d', 'c>d'], ['a', 'c'], { d: ['a', 'c'], b: ['a'] }],
  ['a circle', ['a>b', 'b>c', 'c>a', 'c>d'], ['b', 'x'], { a: ['b'], c: ['b'], d: ['b'], x: ['x'] }],
  ['nothing', [], ['a'], { a: ['a'], b: [] }],
])('%s', (_, written, starts, expected) => {
  const reach = reachabilityOf(edgesOf(...written), starts);
  for (const [node, leading] of Object.entries(expected)) expect(reach.leadingTo(node)).toEqual(leading);
});

const nodes = Array.from({ length: 40 }, (_, n) => `n${String(n)}`);
const someEdges = fc
  .array(fc.tuple(fc.constantFrom(...nodes), fc.constantFrom(...nodes)), { maxLength: 120 })
  .map((pairs) => edgesOf(...pairs.map(([from, to]) => `${from}>${to}`)));

test('the same as a walk from each start', () => {
  fc.assert(
    fc.property(someEdges, fc.uniqueArray(fc.constantFrom(...nodes), { maxLength: 40 }), (edges, starts) => {
      const reach = reachabilityOf(edges, starts);
      for (const node of nodes) {
        const leading = starts.filter((start) => walkedFrom(edges, start).has(node));
        expect(reach.leadingTo(node)).toEqual(leading);
      }
    }),
  );
});

test('however many starts there are, a node is looked up four times at most, and a few more for the end', () => {
  expect(lookUps(1_000) - lookUps(100)).toBeLessThanOrEqual(4 * 900);
});

/** Look-ups in a chain of that length, each node of it a start. */
function lookUps(length: number): number {
  const chain = Array.from({ length }, (_, n) => `n${String(n)}>n${String(n + 1)}`);
  const edges = new CountingMap([...edgesOf(...chain)].toReversed());
  reachabilityOf(edges, [...edges.keys()]);
  return edges.lookUps;
}

class CountingMap<K, V> extends Map<K, V> {
  lookUps = 0;

  override get(key: K): V | undefined {
    this.lookUps += 1;
    return super.get(key);
  }
}

function walkedFrom(edges: Edges, start: string): Set<string> {
  const reached = new Set([start]);
  for (const node of reached) for (const { to } of edges.get(node) ?? []) reached.add(to);
  return reached;
}
