import { readFileSync } from 'node:fs';
import { openFront, type Front, type FrontOptions } from '../../src/composition/front.ts';
import { readServerEnvironment } from '../../src/config/environment.ts';
import { readPolicy } from '../../src/config/policy-file.ts';
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

/** What a start is given between the town's stand-ins, by the machine's clock; its log goes to `log`. */
function startOptions(
  { variables }: Pick<Town, 'variables'>,
  databaseUrl: string,
  log: string[],
): FrontOptions {
  const reading = readServerEnvironment(
    { ...variables, DATABASE_URL: databaseUrl },
    { readFile: (path) => readFileSync(path, 'utf8'), readPolicy },
  );
  if ('errors' in reading) throw new Error(JSON.stringify(reading.errors));
  return {
    environment: reading.value,
    now: () => new Date(),
    log: createLog('info', { write: (line: string) => void log.push(line) }),
  };
}

/** What takes webhooks alone, as a process has it before the rest is loaded. */
export async function startFront(town: Pick<Town, 'variables'>, databaseUrl: string): Promise<Front> {
  return await openFront(startOptions(town, databaseUrl, []));
}

/**
 * Starts it between the town's stand-ins, by the machine's clock unless told otherwise.
 *
 * @param front what takes webhooks already; it is opened where it is missing
 */
export async function startApp(
  town: Pick<Town, 'variables'>,
  databaseUrl: string,
  options: Partial<Omit<SitrepOptions, 'environment' | 'log'>> = {},
  front?: Front,
): Promise<App> {
  const log: string[] = [];
  const app = await startSitrep({ ...startOptions(town, databaseUrl, log), ...options }, front);
  return { ...app, webhooks: `${app.url}${webhookPath}`, log };
}
