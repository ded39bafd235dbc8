import path from 'node:path';
import { startPostgres } from '../../test/store/postgres-server.ts';
import { besideProbot, latest, type Series } from '../beside-probot.ts';
import { layOutPackage } from '../build.ts';
import { coldStart, type Start } from '../cold-start.ts';
import { imageNodeArgs } from '../image.ts';
import { requestTemplate } from '../load-request.ts';
import type { Measure } from '../measure.ts';
import { commentPayload } from '../payload.ts';
import { startBenchStandIns, startProcess } from '../server.ts';
import { withStore } from '../store.ts';

const root = path.join(import.meta.dirname, '..', '..');
const rounds = 15;
const goal = 0.8;

/** How soon after its start a process takes a webhook, beside Probot's own server. */
export const coldStartMeasure: Measure = {
  name: 'cold-start',
  what: 'from the start of the process to the first acknowledged webhook: sitrep start as packed and as the image runs it, on PostgreSQL, ÷ probot run with an empty handler, in turn; beside it the checkout',
  async run(progress) {
    const packed = await layOutPackage();
    const { standIns, issue } = await startBenchStandIns();
    const postgres = await startPostgres({ fsync: true });
    try {
      const database = await postgres.createDatabase();
      const body = await commentPayload(standIns, issue, '/status');
      const environment = { ...standIns.environment, LOG_LEVEL: 'warn', DATABASE_URL: database.url };
      const nodeArgs = await imageNodeArgs();
      const sitrep = { args: ['start'], nodeArgs: [], environment };
      const starts = {
        probot: { script: path.join(root, 'bench', 'probot-empty.js'), args: [], nodeArgs: [], environment },
        packed: { ...sitrep, script: packed, nodeArgs },
        checkout: { ...sitrep, script: path.join(root, 'bin', 'sitrep.js') },
      } satisfies Record<string, Start>;
      const template = requestTemplate(body, standIns.github.app.webhookSecret, 'localhost');
      let serial = 0;
      const webhook = () => {
        serial += 1;
        return template.bytes(serial, template.sign(serial));
      };
      // The first start makes the tables. One that ends in order leaves behind what it compiled, as the image has it.
      for (const start of Object.values(starts))
        await (await startProcess(start.script, start.args, environment, start.nodeArgs)).stop();
      const times: Series = { probot: [], packed: [], checkout: [] };
      for (let round = 1; round <= rounds; round++) {
        for (const name of ['probot', 'packed', 'checkout'] as const) {
          await withStore(database.url, async (store) => {
            // What the start before took and had no time for would be this one's first work.
            await store.run('truncate delivery', []);
            await store.run('delete from pgboss.job', []);
          });
          times[name].push(await coldStart(starts[name], webhook()));
        }
        progress(`${String(round)}/${String(rounds)}: ${latest(times, 'ms')}`);
      }
      return besideProbot(times, { unit: 'ms', goal });
    } finally {
      await postgres.stop();
      await standIns.close();
    }
  },
};
