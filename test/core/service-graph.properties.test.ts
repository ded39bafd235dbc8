import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../src/core/diagnose.ts';
import type { Diagnosis } from '../../src/core/diagnosis.ts';
import { configurationOfGraph, snapshotOfGraph } from './service-graph.fixture.ts';
import type { CallGraph, Measured } from './service-graph.fixture.ts';

/**
 * Call graphs in which what a service does itself and what it calls add up: latency by the calls of a request, failures
 * by the chance that one of the calls fails. One service has a fault, and the first one has users.
 */

interface Model {
  /** Own time of each service, ms. */
  own: readonly number[];
  /** Calls of each request, to services with a higher number. */
  calls: readonly ReadonlyMap<number, number>[];
  faulty: number;
  kind: 'latency' | 'failures';
  /** How much slower the first service becomes, as a multiple; or how many of the faulty one's requests fail. */
  size: number;
}

const models: fc.Arbitrary<Model> = fc
  .integer({ min: 2, max: 9 })
  .chain((count) =>
    fc.record({
      own: fc.array(fc.integer({ min: 5, max: 80 }), { minLength: count, maxLength: count }),
      edges: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1), fc.integer({ min: 1, max: 4 })), {
        maxLength: 2 * count,
      }),
      // Each service but the first has a caller.
      callers: fc.tuple(...Array.from({ length: count - 1 }, (_, at) => fc.nat(at))),
      faulty: fc.nat(count - 1),
      kind: fc.constantFrom('latency' as const, 'failures' as const),
      size: fc.integer({ min: 6, max: 40 }).map((tenths) => tenths / 10),
    }),
  )
  .map(({ own, edges, callers, ...rest }) => {
    const calls = own.map(() => new Map<number, number>());
    for (const [at, caller] of callers.entries()) calls[caller]?.set(at + 1, 1);
    for (const [a, b, count] of edges) if (a !== b) calls[Math.min(a, b)]?.set(Math.max(a, b), count);
    return { own, calls, ...rest };
  });

/** What is measured of a model: every service behind the fault shows it a minute later than what it calls. */
function measured(model: Model): CallGraph {
  const { own, calls, faulty, kind, size } = model;
  const requests = own.map(() => 0);
  requests[0] = 1_000;
  for (const [from, to] of calls.entries())
    for (const [id, count] of to) requests[id] = (requests[id] ?? 0) + count * (requests[from] ?? 0);
  const was = latencies(model, 0);
  const added = kind === 'latency' ? (size * (was[0] ?? 0) * 1_000) / (requests[faulty] ?? 1) : 0;
  const now = latencies(model, added);
  const answered = kind === 'failures' ? availabilities(model, size / 10) : own.map(() => 1);
  const depth = depthsTo(model);
  return Object.fromEntries(
    own.map((_, at): [string, Measured] => [
      `s${String(at)}`,
      {
        calls: [...(calls[at]?.keys() ?? [])].map((to) => `s${String(to)}`),
        latency: [was[at] ?? 0, now[at] ?? 0],
        availability: [100, 100 * (answered[at] ?? 1)],
        requests: requests[at] ?? 0,
        ...(depth[at] === null ? {} : { since: `17:${String(30 + (depth[at] ?? 0))}` }),
      },
    ]),
  );
}

function latencies({ own, calls, faulty }: Model, added: number): number[] {
  const total = own.map(() => 0);
  for (const at of own.keys().toArray().toReversed()) {
    const called = [...(calls[at] ?? [])].reduce((sum, [to, count]) => sum + count * (total[to] ?? 0), 0);
    total[at] = (own[at] ?? 0) + (at === faulty ? added : 0) + called;
  }
  return total;
}

function availabilities({ own, calls, faulty }: Model, failing: number): number[] {
  const total = own.map(() => 1);
  for (const at of own.keys().toArray().toReversed()) {
    const called = [...(calls[at] ?? [])].reduce(
      (product, [to, count]) => product * (total[to] ?? 1) ** count,
      1,
    );
    total[at] = (at === faulty ? 1 - failing : 1) * called;
  }
  return total;
}

/** Calls between a service and the fault at most; null where it does not come there. */
function depthsTo({ own, calls, faulty }: Model): (number | null)[] {
  const depths: (number | null)[] = own.map((_, at) => (at === faulty ? 0 : null));
  for (const at of own.keys().toArray().toReversed()) {
    const behind = [...(calls[at]?.keys() ?? [])].flatMap((to) => depths[to] ?? []);
    if (behind.length > 0) depths[at] = 1 + Math.max(...behind);
  }
  return depths;
}

function diagnosed(graph: CallGraph): Diagnosis['root'] {
  return diagnose(configurationOfGraph(graph), snapshotOfGraph(graph)).root;
}

describe('one fault in a generated call graph', () => {
  test('is located where it is, where all was read', () => {
    fc.assert(
      fc.property(models, (model) => {
        expect(diagnosed(measured(model)).component).toBe(`s${String(model.faulty)}`);
      }),
      { numRuns: 500 },
    );
  });

  test('is never proven to be elsewhere, where it was not read itself', () => {
    fc.assert(
      fc.property(models, (model) => {
        const graph = measured(model);
        const faulty = `s${String(model.faulty)}`;
        const without = {
          ...graph,
          [faulty]: { ...graph[faulty], latency: null, availability: null, requests: null },
        };
        expect(diagnosed(without).located).not.toBe('confirmed');
      }),
      { numRuns: 500 },
    );
  });

  test('nor where the window before was not read of it, or its requests', () => {
    fc.assert(
      fc.property(models, fc.constantFrom('latency', 'availability', 'requests'), (model, missing) => {
        const graph = measured(model);
        const faulty = `s${String(model.faulty)}`;
        const { component, located } = diagnosed({
          ...graph,
          [faulty]: { ...graph[faulty], [missing]: null },
        });
        expect(component === faulty || located !== 'confirmed').toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
