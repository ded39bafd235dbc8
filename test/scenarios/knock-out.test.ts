import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../bench/seeded.ts';
import { diagnose } from '../../src/core/diagnose.ts';
import type { Diagnosis, Finding } from '../../src/core/diagnosis.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { playScenario } from './play.ts';
import type { Played } from './play.ts';

/**
 * What becomes of a true cause whose evidence is missing: it is not told any more, or told with less certainty, and
 * nothing else is called the cause in its place.
 */

const shipped = readdirSync(new URL('../../sandbox/scenarios/', import.meta.url));

const moments: [name: string, minutesIn: number][] = [
  ...shipped.map((name): [string, number] => [name, 0]),
  ['connector-saturated', 30],
  ['connector-saturated', 70],
  ['cloudsql-maintenance', 20],
];

/** Times that the readings of an item are removed, until no others stand in for them. */
const mostReadings = 40;

/** Draws of lost readings, and the parts of all readings that they lose in turn. */
const losses = 200;
const lostParts = [0.05, 0.15, 0.3, 0.5, 0.7];

interface Named {
  cause: string;
  component: string;
  verdict: string;
}

const nameOf = ({ cause, component }: Named): string => `${cause} of ${component}`;

/** All that a diagnosis calls a cause, at least probably. */
function namedBy({ root, second, findings }: Diagnosis): Named[] {
  return [root, ...(second ? [second.root] : []), ...findings].filter(({ verdict }) => verdict !== 'unknown');
}

const isConfirmed = (diagnosis: Diagnosis): boolean =>
  namedBy(diagnosis).some(({ verdict }) => verdict === 'confirmed');

function without(snapshot: Snapshot, ids: readonly string[]): Snapshot {
  const gone = new Set(ids);
  const kept = <T extends { id: string }>(items: readonly T[]): T[] =>
    items.filter(({ id }) => !gone.has(id));
  return {
    ...snapshot,
    observations: kept(snapshot.observations),
    gaps: kept(snapshot.gaps),
    changes: kept(snapshot.changes),
  };
}

const findingOf = (diagnosis: Diagnosis, name: string): Finding | undefined =>
  diagnosis.findings.find((finding) => nameOf(finding) === name);

const itemOf = (finding: Finding | undefined, key: string) => finding?.items.find((item) => item.key === key);

/** What is called a cause, without being the true one, where some of the evidence is missing. */
function falselyNamed({ configuration, snapshot, expected }: Played, ids: readonly string[]): string[] {
  return namedBy(diagnose(configuration, without(snapshot, ids)))
    .map(nameOf)
    .filter((name) => name !== nameOf(expected.root));
}

describe.each(moments)('%s, %i min in', { timeout: 120_000 }, (name, minutesIn) => {
  it('loses its verdict with each observation that the cause requires, to no other cause', async () => {
    const { configuration, snapshot, expected } = await playScenario(name, minutesIn);
    const truth = nameOf(expected.root);
    const whole = diagnose(configuration, snapshot);
    const required = (findingOf(whole, truth)?.items ?? []).filter(({ need }) => need === 'required');
    expect(required.length > 0).toBe(expected.root.cause !== 'unknown');
    for (const { key } of required) {
      const gone: string[] = [];
      let left = whole;
      for (let n = 0; isConfirmed(left); n += 1) {
        const shown = itemOf(findingOf(left, truth), key)?.evidence ?? [];
        expect({ key, n, shown: shown.length }).not.toEqual({ key, n, shown: 0 });
        expect(n).toBeLessThan(mostReadings);
        gone.push(...shown);
        left = diagnose(configuration, without(snapshot, gone));
        const others = namedBy(left).filter((named) => nameOf(named) !== truth);
        expect({ key, gone, others }).toEqual({ key, gone, others: [] });
      }
    }
  });

  it('is mistaken for no other cause without any one reading', async () => {
    const played = await playScenario(name, minutesIn);
    const { observations, gaps, changes } = played.snapshot;
    const mistaken = [...observations, ...gaps, ...changes].flatMap((one) => {
      const named = falselyNamed(played, [one.id]);
      return named.length > 0 ? [{ one, named }] : [];
    });
    expect(mistaken).toEqual([]);
  });

  it('is mistaken for no other cause where one component, or one signal, was not read at all', async () => {
    const played = await playScenario(name, minutesIn);
    const { observations, changes } = played.snapshot;
    const readings = [
      ...observations.map(({ id, component, signal }) => ({ id, component, of: signal })),
      ...changes.map(({ id, component, kind }) => ({ id, component, of: `change: ${kind}` })),
    ];
    const groups = [
      ...Map.groupBy(readings, ({ component }) => component),
      ...Map.groupBy(readings, ({ of }) => of),
      ...Map.groupBy(readings, ({ component, of }) => `${component} ${of}`),
    ].filter(([, group]) => group.length > 1);
    const mistaken = groups.flatMap(([what, group]) => {
      const named = falselyNamed(
        played,
        group.map(({ id }) => id),
      );
      return named.length > 0 ? [{ what, named }] : [];
    });
    expect(mistaken).toEqual([]);
  });

  it('confirms no other cause where many readings are lost at random', async () => {
    const played = await playScenario(name, minutesIn);
    const { observations, gaps, changes } = played.snapshot;
    const ids = [...observations, ...gaps, ...changes].map(({ id }) => id);
    const random = seeded(1_278 + minutesIn);
    const wrong = Array.from({ length: losses }, (_, at) => {
      const part = lostParts[at % lostParts.length] ?? 0;
      const lost = ids.filter(() => random() < part);
      return namedBy(diagnose(played.configuration, without(played.snapshot, lost)))
        .filter((named) => named.verdict === 'confirmed' && nameOf(named) !== nameOf(played.expected.root))
        .map((named) => `${nameOf(named)} with ${part * 100} % lost, draw ${at}`);
    });
    expect(wrong.flat()).toEqual([]);
  });
});
