import { describe, expect, it, vi } from 'vitest';
import { frozenClock } from '../../sandbox/clock.ts';
import { createWalker } from '../../sandbox/walk.ts';

const start = new Date('2025-09-15T18:05:00Z');
const at = (clock: { now(): Date }): string => clock.now().toISOString().slice(11, 16);

describe('a longer move of the clock', () => {
  it('goes minute by minute, and the app comes to rest after each', async () => {
    const clock = frozenClock(start);
    const rested: string[] = [];
    const told: (number | null)[] = [];
    const walker = createWalker(
      clock,
      () => Promise.resolve(void rested.push(at(clock))),
      () => void told.push(walker.walking()?.walked ?? null),
    );
    walker.walk(3);
    expect(walker.walking()).toEqual({ minutes: 3, walked: 1 });
    await vi.waitFor(() => expect(walker.walking()).toBeNull());
    expect(rested).toEqual(['18:06', '18:07', '18:08']);
    expect(told).toEqual([1, 2, null]);
  });

  it('is prolonged by another one', async () => {
    const clock = frozenClock(start);
    const walker = createWalker(
      clock,
      () => Promise.resolve(),
      () => undefined,
    );
    walker.walk(2);
    walker.walk(10);
    expect(walker.walking()).toMatchObject({ minutes: 12 });
    await vi.waitFor(() => expect(walker.walking()).toBeNull());
    expect(at(clock)).toBe('18:17');
  });

  it('goes on where the app does not come to rest, and asks it once', async () => {
    const clock = frozenClock(start);
    let asked = 0;
    const never = (): Promise<void> => {
      asked += 1;
      return Promise.withResolvers<void>().promise;
    };
    const walker = createWalker(clock, never, () => undefined, 20);
    walker.walk(5);
    await vi.waitFor(() => expect(walker.walking()).toBeNull());
    expect([at(clock), asked]).toEqual(['18:10', 1]);
  });

  it('ends where it is when the sandbox is closed, whatever the app says', async () => {
    const clock = frozenClock(start);
    const walker = createWalker(
      clock,
      () => Promise.reject(new Error('stopped')),
      () => walker.stop(),
    );
    walker.walk(60);
    await vi.waitFor(() => expect(at(clock)).toBe('18:06'));
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => void setImmediate(resolve));
    expect(at(clock)).toBe('18:06');
  });
});
