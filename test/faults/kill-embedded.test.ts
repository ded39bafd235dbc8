import { join } from 'node:path';
import { expect, test } from 'vitest';
import { killRepeatedly } from './kill.ts';
import { effectsOf } from './once.ts';
import { startServer } from './server.ts';
import { openTown } from './town.ts';
import { report, seededRandom, timeLimit, trials } from './trials.ts';

/** The embedded database: one process, killed at any moment and started again. */

test(
  'killed between a delivery and its comment: every acknowledged command has exactly one comment',
  async () => {
    const random = seededRandom();
    const startedAt = performance.now();
    const town = await openTown();
    try {
      const environment = { ...town.variables, DATABASE_URL: join(town.dir, 'data') };
      const wanted = trials({ bounded: 4, full: 200 });
      const tally = await killRepeatedly({
        town,
        random,
        trials: wanted,
        replicas: 1,
        start: () => startServer(environment),
        recoveryLimitMs: 90_000,
      });
      const effects = effectsOf(town, tally.asked);
      report('killed, embedded', {
        ...tally,
        asked: tally.asked.length,
        acknowledged: effects.acknowledged,
        lost: effects.lost.length,
        doubled: effects.doubled.length,
        seconds: Math.round((performance.now() - startedAt) / 1_000),
      });
      expect(effects.lost).toEqual([]);
      expect(effects.doubled).toEqual([]);
      expect(tally.beforeComment + tally.beforeRecord).toBe(wanted);
      expect(town.github.refusals).toEqual([]);
    } finally {
      await town.close();
    }
  },
  timeLimit(3_600_000),
);
