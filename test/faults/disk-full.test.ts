import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { effectsOf } from './once.ts';
import type { Random } from './random.ts';
import { startHastyServer, type ServerProcess } from './server.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';
import { damageIn } from './sound.ts';
import { openTown, type Asked, type Town } from './town.ts';
import { report, seededRandom, timeLimit, trials } from './trials.ts';

/** The disk of the embedded database fills up while commands come in. */

const diskBytes = 120 * 1024 * 1024;
/** People who comment one after the other. */
const writers = 4;
const pollMs = 20;

/** Commands come until the server is gone; gives all that were asked. */
async function askUntilGone(town: Town, server: ServerProcess): Promise<Asked[]> {
  const asked: Asked[] = [];
  const write = async (): Promise<void> => {
    for (;;) {
      asked.push(await town.ask(await town.openIssue(), server.webhooks));
      const isGone = await Promise.race([server.ended.then(() => true), pause(pollMs, false)]);
      if (isGone) return;
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  return asked;
}

function statusesOf({ github }: Town, asked: readonly Asked[]): (number | null)[] {
  const byGuid = new Map(
    github.deliveries.map(({ guid, status, redelivery }) => [guid, redelivery ? 202 : status]),
  );
  return asked.map(({ guid }) => byGuid.get(guid) ?? null);
}

/** One full disk; gives what was asked of the server before and after. */
async function oneTrial(town: Town, disk: SmallDisk, start: () => Promise<ServerProcess>, random: Random) {
  const filling = await start();
  const before = await town.ask(await town.openIssue(), filling.webhooks);
  await town.untilDone([before], 30_000);
  await disk.fill(random.below(600_000));
  const asked = await askUntilGone(town, filling);
  expect(await filling.ended).toBe(1);
  expect(filling.log.join('\n')).toMatch(
    /disk of the database .* is full\. Free some space and start Sitrep again/u,
  );
  // Before the server went, it said so to GitHub, in time.
  const statuses = statusesOf(town, asked);
  expect(new Set(statuses.filter((status) => status !== null && status !== 202))).toEqual(new Set([503]));

  await expect(start()).rejects.toThrow(/ended with 1 .*\n.*disk of the database .* is full/su);
  await disk.clear();
  const going = await start();
  const promised = [before, ...asked].filter(({ acknowledged }) => acknowledged);
  await town.untilDone(promised, 60_000);
  const after = await town.ask(await town.openIssue(), going.webhooks);
  await town.untilDone([after], 30_000);
  expect(await going.stop()).toBe(0);
  return { asked: [before, ...asked, after], refused: statuses.filter((status) => status === 503).length };
}

test(
  'a full disk: deliveries are refused, nothing acknowledged is lost, nothing is damaged, and it goes on when there is room',
  async ({ skip }) => {
    const random = seededRandom();
    const town = await openTown();
    const disk = await mountSmallDisk(join(town.dir, 'disk'), diskBytes);
    if (disk === null) {
      await town.close();
      const remedy = 'mounting a small disk needs root, or sudo without a password';
      // A continuous integration that may not mount has to be mended, not passed over.
      if (process.env['CI'] !== undefined) throw new Error(remedy);
      process.stderr.write(`NOT TESTED: a full disk; ${remedy}.\n`);
      return skip(remedy);
    }
    try {
      const directory = join(disk.path, 'data');
      const environment = { ...town.variables, DATABASE_URL: directory };
      const asked: Asked[] = [];
      let refused = 0;
      const wanted = trials({ bounded: 1, full: 10 });
      for (let trial = 0; trial < wanted; trial += 1) {
        const outcome = await oneTrial(town, disk, () => startHastyServer(environment), random);
        asked.push(...outcome.asked);
        refused += outcome.refused;
        expect(await damageIn(directory)).toEqual([]);
      }
      const { acknowledged, lost, doubled } = effectsOf(town, asked);
      report('disk full', {
        trials: wanted,
        acknowledged,
        refused,
        lost: lost.length,
        doubled: doubled.length,
      });
      expect(lost).toEqual([]);
      expect(doubled).toEqual([]);
      expect(refused).toBeGreaterThan(0);
    } finally {
      await disk.remove();
      await town.close();
    }
  },
  timeLimit(1_800_000),
);
