import { pino } from 'pino';
import { startIntake } from '../../src/intake/server.ts';
import { createLog } from '../../src/log.ts';

/**
 * A process of its own that runs the intake alone, as `src/index.ts` starts it: what it takes in memory is then the
 * intake's. Nothing that it is sent in the tests may be accepted.
 */

const log = createLog('info', pino.destination(1));
const intake = await startIntake({
  host: '127.0.0.1',
  port: 0,
  appId: 1,
  secret: 'the secret of nobody',
  previousSecret: 'the secret before',
  accept: () => Promise.reject(new Error('nothing is to be accepted')),
  now: () => new Date(),
  randomId: () => crypto.randomUUID(),
  log,
});
log.info({ url: intake.url }, 'listening');
