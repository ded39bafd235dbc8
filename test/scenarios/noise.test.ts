import { readdirSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/core/diagnose.ts';
import { amongOthers } from './other-components.fixture.ts';
import { playScenario } from './play.ts';
import type { Played } from './play.ts';

/** A diagnosis hangs on what was read, and on nothing that stands beside it. */

const shipped = readdirSync(new URL('../../sandbox/scenarios/', import.meta.url));

const moments: [name: string, minutesIn: number][] = [
  ...shipped.map((name): [string, number] => [name, 0]),
  ['connector-saturated', 30],
  ['connector-saturated', 70],
  ['cloudsql-maintenance', 20],
];

const shuffles = 20;

function shuffled<T>(items: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...items], { minLength: items.length });
}

function told({ configuration, snapshot }: Pick<Played, 'configuration' | 'snapshot'>) {
  const { chain, root, second, unexplained } = diagnose(configuration, snapshot);
  return { chain, root, second, unexplained };
}

describe.each(moments)('%s, %i min in', { timeout: 120_000 }, (name, minutesIn) => {
  it('is diagnosed alike, byte for byte, whatever the order in which collectors answered', async () => {
    const { configuration, snapshot } = await playScenario(name, minutesIn);
    const whole = JSON.stringify(diagnose(configuration, snapshot));
    const orders = fc.record({
      observations: shuffled(snapshot.observations),
      gaps: shuffled(snapshot.gaps),
      changes: shuffled(snapshot.changes),
      statements: shuffled(snapshot.statements),
    });
    fc.assert(
      fc.property(orders, (order) => {
        expect(JSON.stringify(diagnose(configuration, { ...snapshot, ...order }))).toBe(whole);
      }),
      { numRuns: shuffles, seed: 1278 },
    );
  });

  it('comes by the same whys where each line of a log was read twice', async () => {
    const played = await playScenario(name, minutesIn);
    const { observations } = played.snapshot;
    const again = observations
      .filter(({ signal }) => signal === 'log.error')
      .map((line, n) => ({ ...line, id: `E${200_000 + n}` }));
    const doubled = { ...played.snapshot, observations: [...observations, ...again] };
    expect(told({ ...played, snapshot: doubled })).toEqual(told(played));
  });

  it.each([
    ['after', false],
    ['before', true],
  ])('comes by the same whys with fifty other components %s it', async (_where, first) => {
    const played = await playScenario(name, minutesIn);
    const { journeys } = played.configuration;
    const [opening] = told(played).chain;
    const failing = opening !== undefined && Object.hasOwn(journeys, opening.effect.component);
    const among = amongOthers(played, { failing, first });
    expect(Object.keys(among.configuration.components)).toHaveLength(
      Object.keys(played.configuration.components).length + 50,
    );
    expect(told(among)).toEqual(told(played));
  });
});
