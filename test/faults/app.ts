import { readFileSync } from 'node:fs';
import { readServerEnvironment } from '../../src/config/environment.ts';
import { startSitrep, type Sitrep, type SitrepOptions } from '../../src/index.ts';
import { webhookPath } from '../../src/intake/webhook.ts';
import { createLog } from '../../src/log.ts';
import type { Town } from './town.ts';

/** A Sitrep in this process, where a process of its own adds nothing. */
export interface App extends Sitrep {
  /** Where it takes webhooks. */
  webhooks: string;
  /** Its log so far, one JSON object a line. */
  log: string[];
}

/** Starts it between the town's stand-ins, by the machine's clock unless told otherwise. */
export async function startApp(
  town: Pick<Town, 'variables'>,
  databaseUrl: string,
  options: Partial<Omit<SitrepOptions, 'environment' | 'log'>> = {},
): Promise<App> {
  const variables = { ...town.variables, DATABASE_URL: databaseUrl };
  const reading = readServerEnvironment(variables, { readFile: (path) => readFileSync(path, 'utf8') });
  if ('errors' in reading) throw new Error(JSON.stringify(reading.errors));
  const log: string[] = [];
  const app = await startSitrep({
    environment: reading.value,
    now: () => new Date(),
    log: createLog('info', { write: (line: string) => void log.push(line) }),
    ...options,
  });
  return { ...app, webhooks: `${app.url}${webhookPath}`, log };
}
