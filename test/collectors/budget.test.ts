import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { collect } from '../../src/collectors/collect.ts';
import type { CollectRequest } from '../../src/collectors/collect.ts';
import type { ProbeEndpoint } from '../../src/collectors/probe.ts';
import { ReadFailure } from '../../src/collectors/read-failure.ts';
import { openSlots } from '../../src/collectors/slots.ts';
import type { Configuration } from '../../src/config/repository.schema.ts';
import { configuration, startWorld } from './world.ts';
import type { World } from './world.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

function endpoints(count: number): Configuration {
  const components = Object.fromEntries(
    Array.from({ length: count }, (_, n) => [
      `e${n}`,
      { type: 'http' as const, url: `https://shop.example/${n}`, samples: 1, depends_on: [] },
    ]),
  );
  return { ...configuration, components };
}

const hanging: ProbeEndpoint = () => new Promise<never>(() => undefined);

async function collectMany(count: number, probe: ProbeEndpoint, request: Partial<CollectRequest>) {
  world = await startWorld();
  return collect({ configuration: endpoints(count), ...request }, { ...world.deps, probe });
}

describe('the budget of many reads', () => {
  it('names each read that it ended, and each that was not begun', async () => {
    const { gaps } = await collectMany(200, hanging, { collectorMs: 1_000, budgetMs: 1_600 });
    const told = Map.groupBy(gaps, ({ reason, detail }) => `${reason}: ${detail}`);
    expect([...told.keys()].toSorted()).toEqual([
      'budget: not asked: too much stood before it; the budget of 1.6 s ended before the answer came',
      'budget: the budget of 1.6 s ended before the answer came',
      'timeout: no answer within 0.95 s',
    ]);
    // Two waves of 64 at most had a place.
    expect(gaps.filter(({ detail }) => detail.startsWith('not asked')).length).toBeGreaterThanOrEqual(72);
    expect(new Set(gaps.map(({ component }) => component)).size).toBe(200);
    expect(gaps.every(({ remedy }) => remedy.startsWith('read again'))).toBe(true);
  });

  it('has no more than 64 requests to one API under way, and all get their turn', async () => {
    let [now, most] = [0, 0];
    const probe: ProbeEndpoint = async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return { status: 200, latencyMs: 1, redirect: null, addresses: [], certificate: null, contains: null };
    };
    const { gaps, observations } = await collectMany(200, probe, {});
    expect([most, gaps]).toEqual([64, []]);
    expect(observations.filter(({ signal }) => signal === 'status')).toHaveLength(200);
  });
});

describe('places for reads', () => {
  const forever = new AbortController().signal;

  it('are taken in order, and those of one host hold up no other', async () => {
    const slots = openSlots(1);
    const order: string[] = [];
    const free = await slots.take('a', forever);
    const second = slots.take('a', forever).then((release) => {
      order.push('second');
      return release;
    });
    const third = slots.take('a', forever).then(() => order.push('third'));
    await slots.take('b', forever);
    expect(order).toEqual([]);
    free();
    (await second)();
    await third;
    expect(order).toEqual(['second', 'third']);
  });

  it('are never more and never fewer, however many give up waiting', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.record({ leaves: fc.boolean(), after: fc.nat(3) }), { maxLength: 20 }),
        async (places, visitors) => {
          const slots = openSlots(places);
          let [inside, most] = [0, 0];
          await Promise.all(
            visitors.map(async ({ leaves, after }) => {
              const leaving = new AbortController();
              if (leaves) setImmediate(() => leaving.abort(new ReadFailure('budget', 'left')));
              const release = await slots.take('a', leaving.signal).catch(() => null);
              if (release === null) return;
              inside += 1;
              most = Math.max(most, inside);
              for (let turn = 0; turn < after; turn += 1)
                await new Promise((resolve) => setImmediate(resolve));
              inside -= 1;
              release();
            }),
          );
          expect(most).toBeLessThanOrEqual(places);
          const all = Array.from({ length: places }, () => slots.take('a', forever));
          await Promise.all(all);
        },
      ),
      { numRuns: 100 },
    );
  });
});
