import { describe, expect, it } from 'vitest';
import { createTurns } from '../../src/store/turns.ts';

describe('turns on the one connection', () => {
  it('come one at a time, in the order of asking', async () => {
    const turns = createTurns(10_000);
    const seen: string[] = [];
    const use = async (name: string) => {
      const end = await turns.take();
      seen.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(`${name} ends`);
      end();
    };
    await Promise.all([use('first'), use('second'), use('third')]);
    expect(seen).toEqual(['first', 'second', 'third'].flatMap((name) => [`${name} begins`, `${name} ends`]));
  });

  it('are refused to what waits too long, as a statement beside its own transaction does', async () => {
    const turns = createTurns(5);
    const end = await turns.take();
    await expect(turns.take()).rejects.toThrow(/busy with one transaction.*must run on that transaction/);
    end();
    const next = await turns.take();
    next();
  });
});
