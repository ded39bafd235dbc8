import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/core/diagnose.ts';
import { diagnosisSchema } from '../../src/core/diagnosis.ts';
import type { WhyStep } from '../../src/core/diagnosis.ts';
import { componentStates, journeyReadings } from '../../src/core/states.ts';
import type { Observation, Snapshot } from '../../src/core/snapshot.ts';
import { snapshotOf } from './diagnose.fixture.ts';
import { worlds } from './worlds.fixture.ts';

const runs = { numRuns: 150 };

/** Figures that show that a component works; present states alone do not. */
const proofs = new Set([
  'requests',
  'errors.share',
  'requests.5xx',
  'requests.by_revision',
  'status',
  'instances',
  'up',
  'backends',
  'value',
  'entries',
]);

/** Earliest and latest beginning that the raw observations give for a failing component, ms. */
function beginnings({ observations }: Snapshot, component: string): number[] {
  const dated = new Set(['requests.5xx', 'log.error', 'exit.1', 'exit.3', 'instances', 'operation']);
  const since = new Set(['requests.5xx.since', 'instances.since']);
  return observations
    .filter((seen) => seen.component === component)
    .flatMap((seen) => [
      ...(dated.has(seen.signal) && seen.first ? [Date.parse(seen.first)] : []),
      ...(since.has(seen.signal) ? [Date.parse(seen.value)] : []),
      // 5xx of the hour before date the failure to before the window.
      ...(seen.signal === 'requests.5xx' && seen.window ? [Date.parse(seen.window.from)] : []),
    ])
    .filter((time) => !Number.isNaN(time));
}

function pairOf({ component, signal }: { component: string; signal: string }): string {
  return `${component} ${signal}`;
}

function hopsBetweenComponents(chain: readonly WhyStep[]): [effect: string, cause: string][] {
  return chain.flatMap(({ effect, cause, edge }) =>
    cause && edge !== 'journey' && cause.component !== effect.component
      ? [[effect.component, cause.component] as [string, string]]
      : [],
  );
}

describe('for every graph and snapshot', () => {
  it('a diagnosis of the documented shape comes out', () => {
    fc.assert(
      fc.property(worlds, ({ configuration, snapshot }) => {
        const found = diagnose(configuration, snapshot);
        expect(diagnosisSchema.parse(found)).toEqual(found);
        expect(found.verdict).toBe(found.root.verdict);
        expect(found.root.cause === 'unknown').toBe(found.verdict === 'unknown');
      }),
      runs,
    );
  });

  it('a chain has two to seven steps, each asking about the cause of the one before, and none comes twice', () => {
    fc.assert(
      fc.property(worlds, ({ configuration, snapshot }) => {
        const { chain, root } = diagnose(configuration, snapshot);
        if (chain.length === 0) return;
        expect(chain.length).toBeGreaterThanOrEqual(2);
        expect(chain.length).toBeLessThanOrEqual(7);
        const causes = chain.flatMap(({ cause }) => (cause ? [pairOf(cause)] : []));
        expect(new Set(causes).size).toBe(causes.length);
        expect(causes).not.toContain(pairOf(chain[0]?.effect ?? { component: '', signal: '' }));
        chain.slice(1).forEach(({ effect }, n) => expect(pairOf(effect)).toBe(causes[n]));
        expect(chain.at(-1)?.cause === null).toBe(root.cause === 'unknown');
        const end = chain.at(-1);
        expect([end?.effect.component, end?.cause?.component]).toContain(root.component);
      }),
      runs,
    );
  });

  it('no cause began later than its effect', () => {
    fc.assert(
      fc.property(worlds, ({ configuration, snapshot }) => {
        for (const [effect, cause] of hopsBetweenComponents(diagnose(configuration, snapshot).chain)) {
          const effects = beginnings(snapshot, effect);
          const causes = beginnings(snapshot, cause);
          if (effects.length === 0 || causes.length === 0) continue;
          const minute = 60_000;
          expect(Math.min(...causes)).toBeLessThanOrEqual(Math.max(...effects) + minute);
        }
      }),
      runs,
    );
  });

  it('no hop goes along an edge that nothing proves', () => {
    fc.assert(
      fc.property(worlds, ({ configuration, snapshot }) => {
        const { components } = configuration;
        const needs = (from: string): string[] => {
          const own = Object.hasOwn(components, from) ? (components[from]?.depends_on ?? []) : [];
          const attached = snapshot.observations
            .filter(
              (seen) => seen.component === from && /^(?:connector|cloudsql\.instance)$/.test(seen.signal),
            )
            .flatMap(({ value }) => Object.keys(components).filter((id) => value.includes(`-${id}`)));
          const direct = [...own, ...attached];
          const via = direct.flatMap((id) =>
            Object.hasOwn(components, id) ? (components[id]?.via ?? []) : [],
          );
          const type = components[from]?.type ?? 'http';
          const lies = ['cloud-run', 'vpc-connector', 'cloud-sql'].includes(type);
          const regions = Object.keys(components).filter((id) => components[id]?.type === 'google-region');
          return [...direct, ...via, ...(lies ? regions : [])];
        };
        const reachable = (from: string): Set<string> => {
          const reached = new Set(needs(from));
          for (const id of reached) for (const next of needs(id)) reached.add(next);
          return reached;
        };
        for (const [effect, cause] of hopsBetweenComponents(diagnose(configuration, snapshot).chain)) {
          expect([...reachable(effect)]).toContain(cause);
        }
      }),
      runs,
    );
  });

  it('all evidence exists', () => {
    fc.assert(
      fc.property(worlds, ({ configuration, snapshot }) => {
        const { chain, findings, alternatives, contradictions, differences, changes, identities } = diagnose(
          configuration,
          snapshot,
        );
        const ids = [...snapshot.observations, ...snapshot.gaps, ...snapshot.changes].map(({ id }) => id);
        const named = [
          ...[...chain, ...findings].flatMap(({ evidence }) => evidence),
          ...alternatives.flatMap(({ decidedBy }) => decidedBy),
          ...[...contradictions, ...differences].flatMap(({ sides }) =>
            sides.flatMap(({ evidence }) => evidence ?? []),
          ),
          ...changes.flatMap(({ evidence, onset }) => [...evidence, ...onset]),
          ...identities.flatMap(({ evidence }) => evidence),
        ];
        expect(new Set(ids)).toEqual(new Set([...ids, ...named]));
      }),
      runs,
    );
  });

  it('nothing is healthy without a figure that shows it', () => {
    fc.assert(
      fc.property(worlds, ({ configuration, snapshot }) => {
        const byId = new Map(snapshot.observations.map((seen) => [seen.id, seen]));
        for (const { state, evidence } of Object.values(componentStates(configuration, snapshot))) {
          if (state !== 'healthy') continue;
          expect(evidence.some((id) => proofs.has(byId.get(id)?.signal ?? ''))).toBe(true);
        }
      }),
      runs,
    );
  });

  it('a component of which nothing was read is unknown, and a journey over it is not shown to work', () => {
    fc.assert(
      fc.property(worlds, fc.nat(6), ({ configuration, snapshot }, n) => {
        const silent =
          Object.keys(configuration.components)[n % Object.keys(configuration.components).length] ?? '';
        const rest = snapshot.observations.filter((seen) => seen.component !== silent);
        const states = componentStates(configuration, { ...snapshot, observations: rest });
        const journeys = Object.values(journeyReadings(configuration, states));
        const type = configuration.components[silent]?.type;
        // An endpoint may still tell of the service behind it that it fails.
        expect(type === 'cloud-run' ? ['unknown', 'degraded'] : ['unknown']).toContain(states[silent]?.state);
        const open = journeys.filter(({ steps }) =>
          steps.some((step) => step.component === silent && step.state === 'unknown'),
        );
        expect(open.filter(({ blocked }) => blocked === false)).toEqual([]);
      }),
      runs,
    );
  });

  it('the order of what was collected and said changes nothing, to the byte', () => {
    fc.assert(
      fc.property(worlds, fc.infiniteStream(fc.nat(1_000)), ({ configuration, snapshot }, random) => {
        const shuffled = <T>(items: readonly T[]): T[] =>
          items
            .map((item) => ({ item, key: random.next().value ?? 0 }))
            .toSorted((a, b) => a.key - b.key)
            .map(({ item }) => item);
        const other = {
          ...snapshot,
          observations: shuffled(snapshot.observations),
          gaps: shuffled(snapshot.gaps),
          changes: shuffled(snapshot.changes),
          statements: shuffled(snapshot.statements),
        };
        expect(JSON.stringify(diagnose(configuration, other))).toBe(
          JSON.stringify(diagnose(configuration, snapshot)),
        );
        expect(JSON.stringify(componentStates(configuration, other))).toBe(
          JSON.stringify(componentStates(configuration, snapshot)),
        );
      }),
      runs,
    );
  });

  it('a log line that was observed twice counts once', () => {
    fc.assert(
      fc.property(worlds, ({ configuration, snapshot }) => {
        const copies = snapshot.observations
          .filter(({ signal }) => signal.startsWith('log.') || signal.startsWith('exit.'))
          .map((seen, n): Observation => ({ ...seen, id: `E${500 + n}` }));
        const doubled = { ...snapshot, observations: [...snapshot.observations, ...copies] };
        expect(diagnose(configuration, doubled)).toEqual(diagnose(configuration, snapshot));
      }),
      runs,
    );
  });

  it('what people say changes the contradictions and differences only', () => {
    fc.assert(
      fc.property(worlds, ({ configuration, snapshot }) => {
        const silent = diagnose(configuration, { ...snapshot, statements: [] });
        const found = diagnose(configuration, snapshot);
        const without = { contradictions: [], differences: [] };
        expect({ ...found, ...without }).toEqual({ ...silent, ...without });
        expect(silent.contradictions.filter(({ kind }) => kind.includes('stated'))).toEqual([]);
      }),
      runs,
    );
  });

  it('a snapshot without observations proves nothing', () => {
    fc.assert(
      fc.property(worlds, ({ configuration }) => {
        const { verdict, chain, findings } = diagnose(configuration, snapshotOf([]));
        expect({ verdict, chain, findings }).toEqual({ verdict: 'unknown', chain: [], findings: [] });
      }),
      runs,
    );
  });
});

it('the worlds hold chains across components, and causes that are named', () => {
  const found = fc
    .sample(worlds, { numRuns: 1_000, seed: 7 })
    .map((world) => diagnose(world.configuration, world.snapshot));
  const count = (holds: (one: (typeof found)[number]) => boolean): number => found.filter(holds).length;
  expect(count(({ chain }) => chain.length > 0)).toBeGreaterThan(500);
  expect(count(({ chain }) => hopsBetweenComponents(chain).length > 0)).toBeGreaterThan(100);
  expect(count(({ chain }) => hopsBetweenComponents(chain).length > 1)).toBeGreaterThan(10);
  expect(count(({ root }) => root.cause !== 'unknown')).toBeGreaterThan(5);
  expect(count(({ contradictions }) => contradictions.length > 0)).toBeGreaterThan(5);
});
