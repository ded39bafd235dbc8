import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { z } from 'zod';
import { processEnvironment, readServerEnvironment } from '../../src/config/environment.ts';
import { readPolicy } from '../../src/config/policy-file.ts';
import { startSitrep } from '../../src/index.ts';
import { createLog } from '../../src/log.ts';

/**
 * A process of its own that runs the server with shorter waits than `sitrep start` has, so that hundreds of kills fit
 * into an hour: what it waits for are answers and lists of a stand-in, which take no time.
 */

const waits = z.strictObject({ githubTimeoutMs: z.int(), settleMs: z.int(), graceMs: z.int().optional() });

const { graceMs, ...options } = waits.parse(JSON.parse(process.argv[2] ?? ''));
const reading = readServerEnvironment(processEnvironment(), {
  readFile: (path) => readFileSync(path, 'utf8'),
  readPolicy,
});
if ('errors' in reading) throw new Error(JSON.stringify(reading.errors));
const server = await startSitrep({
  environment: reading.value,
  now: () => new Date(),
  log: createLog(reading.value.logLevel, pino.destination(1)),
  onFatal: () => process.exit(1),
  ...options,
});
process.once('SIGTERM', () => {
  void server.stop(graceMs).then(() => process.exit(0));
});
