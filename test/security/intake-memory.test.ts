import { spawn, type ChildProcess } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { webhookPath } from '../../src/intake/webhook.ts';
import { report } from './trials.ts';

/**
 * What uploads of strangers take of the server's memory: the peak of a process of its own that runs the intake, as Linux
 * tells it (`VmHWM`, set back before each measurement).
 */

const mebibyte = 1024 * 1024;
const allowedMebibytes = 30;

let server: ChildProcess;
let url: string;

beforeAll(async () => {
  const script = fileURLToPath(new URL('./intake-process.ts', import.meta.url));
  server = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  url = await listeningAt(server);
  // What a first request compiles and allocates is not the upload's.
  for (const signature of [null, bogus])
    await Promise.all([1, 2, 3, 4].map(() => upload({ mebibytes: 1, signature })));
}, 60_000);

afterAll(() => {
  server.kill('SIGKILL');
});

const started = z.object({ msg: z.literal('listening'), url: z.string() });

async function listeningAt({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('the server has no output');
  const found = Promise.withResolvers<string>();
  // Read to the end: a full pipe would stop the server.
  createInterface(stdout).on('line', (line) => {
    if (line.includes('"listening"')) found.resolve(started.parse(JSON.parse(line)).url);
  });
  return await found.promise;
}

/** Has the form of a signature. */
const bogus = `sha256=${'0'.repeat(64)}`;

interface Upload {
  mebibytes: number;
  signature: string | null;
}

/** Sends so much in chunks without a length, to the end where the server takes it; gives the status, 0 for no answer. */
function upload({ mebibytes, signature }: Upload): Promise<number> {
  return new Promise((resolve) => {
    let status = 0;
    let left = mebibytes;
    const sending = request(`${url}${webhookPath}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'issue_comment',
        'x-github-delivery': crypto.randomUUID(),
        'transfer-encoding': 'chunked',
        connection: 'keep-alive', // the server then takes the rest, too
        ...(signature === null ? {} : { 'x-hub-signature-256': signature }),
      },
    });
    const piece = Buffer.alloc(mebibyte, 'x');
    const more = (): void => {
      if (left <= 0) return void sending.end();
      left -= 1;
      sending.write(piece, (error) => {
        if (!error) more();
      });
    };
    const answered = new Promise<void>((done) => {
      sending.on('response', (response) => {
        status = response.statusCode ?? 0;
        response.resume().on('end', done);
      });
    });
    const sent = new Promise<void>((done) => void sending.on('finish', done));
    void Promise.all([answered, sent]).then(() => sending.destroy());
    sending.on('error', () => resolve(status));
    sending.on('close', () => resolve(status));
    more();
  });
}

function of(count: number, one: Upload): Upload[] {
  return Array.from({ length: count }, () => one);
}

async function memoryOf(name: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${String(server.pid)}/status`, 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'mu').exec(status)?.[1] ?? Number.NaN) / 1_024;
}

/** MiB that the process grew by at its peak while `act` ran. */
async function growthDuring(act: () => Promise<unknown>): Promise<number> {
  await writeFile(`/proc/${String(server.pid)}/clear_refs`, '5');
  const before = await memoryOf('VmRSS');
  await act();
  return (await memoryOf('VmHWM')) - before;
}

test.skipIf(process.platform !== 'linux').each<[what: string, uploads: Upload[], statuses: number[]]>([
  ['100 MB without a signature', [{ mebibytes: 100, signature: null }], [400]],
  ['100 MB with a signature of nothing', [{ mebibytes: 100, signature: bogus }], [413]],
  ['just within the cap', [{ mebibytes: 24, signature: bogus }], [401]],
  ['four of 100 MB at once', of(4, { mebibytes: 100, signature: bogus }), [413, 503]],
  ['sixteen at once, each within the cap', of(16, { mebibytes: 24, signature: bogus }), [401, 503]],
  ['hundred of 1 MB at once', of(100, { mebibytes: 1, signature: bogus }), [401, 503]],
])('%s: at most 30 MB', { timeout: 120_000 }, async (what, uploads, statuses) => {
  const answered = new Set<number>();
  const growth = await growthDuring(async () => {
    for (const status of await Promise.all(uploads.map(upload))) answered.add(status);
  });
  // Whoever goes on sending may miss the answer.
  expect([...statuses, 0]).toEqual(expect.arrayContaining([...answered]));
  expect(growth).toBeLessThanOrEqual(allowedMebibytes);
  expect(await upload({ mebibytes: 0, signature: bogus })).toBe(400);
  report(`memory, ${what}`, { MiB: growth.toFixed(1), answers: [...answered].join(' ') });
});
