import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { openLine, stackTrace } from './run.ts';

/** `sitrep start` in this process; its log is silent, since it goes to the process's own output. */
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});
const environment = {
  APP_ID: '1',
  PRIVATE_KEY: privateKey,
  WEBHOOK_SECRET: randomBytes(16).toString('hex'),
  HOST: '127.0.0.1',
  PORT: '0',
  DATABASE_URL: 'memory:',
  LOG_LEVEL: 'silent',
};

async function startWith(
  changes: Record<string, string>,
): Promise<{ code: number; out: string; err: string }> {
  const line = openLine({ ...environment, ...changes });
  const code = await main(['start'], line);
  return { code, ...line.written };
}

test('a port that is taken: told with the remedy, and nothing is left open', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => {
    taken.listen(0, '127.0.0.1', resolve);
  });
  const address = taken.address();
  const PORT = String(typeof address === 'object' && address !== null ? address.port : 0);
  const before = process.getActiveResourcesInfo().filter((kind) => kind === 'MessagePort').length;
  const { code, out, err } = await startWith({ PORT });
  taken.close();
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(/^the port is taken \(.*\); set HOST and PORT to an address that is free\n$/u);
  expect(process.getActiveResourcesInfo().filter((kind) => kind === 'MessagePort')).toHaveLength(before);
});

test.each<[what: string, changes: Record<string, string>, says: RegExp]>([
  [
    'a database that does not answer',
    { DATABASE_URL: 'postgres://sitrep:s3cret@127.0.0.1:9/sitrep' },
    /PostgreSQL at 127\.0\.0\.1:9\/sitrep cannot be used: .* Check DATABASE_URL/u,
  ],
  [
    'a database directory that is a file',
    { DATABASE_URL: import.meta.filename },
    /start\.test\.ts cannot be used: ENOTDIR.*name another one in DATABASE_URL/u,
  ],
  [
    'a database directory below a file',
    { DATABASE_URL: join(import.meta.filename, 'data') },
    /cannot be used: ENOTDIR/u,
  ],
  ['a database directory that cannot be made', { DATABASE_URL: '/proc/nope' }, /cannot be used: ENOENT/u],
  [
    'a database directory far below one that cannot be made',
    { DATABASE_URL: '/proc/nope/deep/data' },
    /\/proc\/nope\/deep\/data cannot be used: ENOENT/u,
  ],
  [
    'a database directory that is read-only',
    { DATABASE_URL: '/proc' },
    /\/proc cannot be used: .*name another one/u,
  ],
])('%s', async (_what, changes, says) => {
  const { code, out, err } = await startWith(changes);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(says);
  expect(err).not.toMatch(stackTrace);
  expect(err).not.toContain('s3cret');
});

test('ends with 0 when it is interrupted, also while it starts', async () => {
  const line = openLine(environment, () => Promise.resolve());
  expect(await main(['start'], line)).toBe(0);
  expect(line.written.err).toBe('');
});
