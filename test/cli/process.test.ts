import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compiledBefore } from '../compiled.ts';
import { stackTrace } from './run.ts';
import { openWorld, type World } from './world.ts';

/** The real process: what only it can show. All else is tested without one. */

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const issue = 1278;
const status = ['status', '--repo', 'netra-systems/netra-apex', '--issue', String(issue)];
let world: World;

beforeAll(async () => {
  world = await openWorld('connector-saturated');
});
afterAll(() => world.close());

type Process = ChildProcessByStdio<null, Readable, Readable>;

function start(args: string[], variables: Record<string, string> = {}): Process {
  return spawn(process.execPath, [cli, ...args], {
    cwd: world.dir,
    env: { ...compiledBefore(), ...world.variables, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Resolves when the process has written what matches. */
async function written(stream: Readable, pattern: RegExp): Promise<string> {
  let all = '';
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    all += String(chunk);
    if (pattern.test(all)) return all;
  }
  throw new Error(`ended without ${String(pattern)}: ${all}`);
}

async function ended(child: Process): Promise<{ code: number | null; signal: string | null }> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return { code: child.exitCode, signal: child.signalCode };
}

test('status --publish posts what it prints, in a directory without a checkout', async () => {
  const child = start([...status, '--publish']);
  const [out, err, end] = await Promise.all([text(child.stdout), text(child.stderr), ended(child)]);
  expect({ end, err: err.match(stackTrace) }).toEqual({ end: { code: 0, signal: null }, err: null });
  const comment = world.github.thread(issue).at(-1);
  expect(comment?.by).toBe('carol');
  expect(comment?.body.startsWith(out)).toBe(true);
  expect(world.github.refusals).toEqual([]);
});

test('a reader that has gone does not keep the update from being posted', async () => {
  const before = world.github.thread(issue).length;
  const child = start([...status, '--publish']);
  child.stdout.destroy();
  const [err, end] = await Promise.all([text(child.stderr), ended(child)]);
  expect({ end, err: err.match(stackTrace) }).toEqual({ end: { code: 0, signal: null }, err: null });
  expect(err).not.toContain('EPIPE');
  expect(world.github.thread(issue)).toHaveLength(before + 1);
});

describe('a signal ends what runs on, with 0', () => {
  test('start: SIGTERM', async () => {
    const child = start(['start'], { DATABASE_URL: 'data' });
    await written(child.stdout, /listening/u);
    child.kill('SIGTERM');
    const [err, end] = await Promise.all([text(child.stderr), ended(child)]);
    expect({ end, err }).toEqual({ end: { code: 0, signal: null }, err: '' });
  });

  test('sandbox: SIGINT, and a second one soon after, as npm sends it', async () => {
    const child = start(['sandbox', '--scenario', 'crash-on-start', '--port', '0']);
    const out = await written(child.stdout, /Ctrl-C/u);
    const url = /http:\/\/127\.0\.0\.1:\d+/u.exec(out)?.[0] ?? '';
    expect((await fetch(url)).status).toBe(200);
    child.kill('SIGINT');
    child.kill('SIGINT');
    expect(await ended(child)).toEqual({ code: 0, signal: null });
  });
});
