import { setTimeout as pause } from 'node:timers/promises';
import { startPostgres } from '../../test/store/postgres-server.ts';
import { besideProbot, latest, type Series } from '../beside-probot.ts';
import { layOutPackage } from '../build.ts';
import { imageNodeArgs } from '../image.ts';
import type { Measure } from '../measure.ts';
import { startBenchStandIns, startProcess } from '../server.ts';

const rounds = 5;
/** What a start leaves behind has been collected by then, and what is looked for at a start has been looked for. */
const restMs = 20_000;
const goal = 1.4;

/** Resident memory of a process that waits for its first `/status`, beside Probot's own server. */
export const idleRss: Measure = {
  name: 'idle-rss',
  what: `resident memory ${String(restMs / 1_000)} s after the start, before the first /status: sitrep start as packed and as the image runs it, on PostgreSQL, ÷ probot run with an empty handler, side by side; beside it the checkout`,
  async run(progress) {
    const packed = await layOutPackage();
    const nodeArgs = await imageNodeArgs();
    const { standIns } = await startBenchStandIns();
    const postgres = await startPostgres();
    try {
      const memory: Series = { probot: [], packed: [], checkout: [] };
      for (let round = 1; round <= rounds; round++) {
        const { url: DATABASE_URL } = await postgres.createDatabase();
        const environment = { ...standIns.environment, LOG_LEVEL: 'warn', DATABASE_URL };
        const servers = {
          probot: await startProcess('./probot-empty.js', [], environment),
          packed: await startProcess(packed, ['start'], environment, nodeArgs),
          checkout: await startProcess('../bin/sitrep.js', ['start'], environment),
        };
        try {
          await pause(restMs);
          for (const name of ['probot', 'packed', 'checkout'] as const)
            memory[name].push(await servers[name].rss());
        } finally {
          await Promise.all(Object.values(servers).map((server) => server.stop()));
        }
        progress(`${String(round)}/${String(rounds)}: ${latest(memory, 'MiB')}`);
      }
      return besideProbot(memory, { unit: 'MiB', goal });
    } finally {
      await postgres.stop();
      await standIns.close();
    }
  },
};
