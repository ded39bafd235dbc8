import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runningClock } from '../../sandbox/clock.ts';
import { loadScenario } from '../../sandbox/scenario/load.ts';
import { redate } from '../../sandbox/scenario/redate.ts';
import { startStandIns, type StandIns } from '../../sandbox/stand-ins.ts';

/** A scenario whose start is now, by the machine's clock, as the command line meets it. */
export interface World extends StandIns {
  /** What the command line needs to reach the stand-ins, a personal token included. */
  variables: Record<string, string>;
  /** A directory of its own. */
  dir: string;
  /** Text of the scenario's configuration. */
  configuration: string;
  /** Path of it. */
  config: string;
}

/** Starts the stand-ins; `carol` is whom the token belongs to. */
export async function openWorld(name: string): Promise<World> {
  const loaded = redate(await loadScenario(name), new Date());
  const clock = runningClock(new Date(), Date.now);
  const standIns = await startStandIns({ loaded, clock, personalTokens: { ghp_carol: 'carol' } });
  const dir = await mkdtemp(join(tmpdir(), 'sitrep-cli-'));
  const config = join(dir, 'sitrep.yml');
  await writeFile(config, loaded.configuration);
  return {
    ...standIns,
    variables: { ...standIns.environment, GITHUB_TOKEN: 'ghp_carol' },
    dir,
    configuration: loaded.configuration,
    config,
    async close() {
      await standIns.close();
      await rm(dir, { recursive: true });
    },
  };
}
