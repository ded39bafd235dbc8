import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compiledBefore } from '../compiled.ts';
import { openWorld, type World } from './world.ts';

/** The doctor beside a real server: while it runs, and after it was killed. */

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
let world: World;
let server: ChildProcessByStdio<null, Readable, Readable> | null = null;
beforeAll(async () => {
  world = await openWorld('crash-on-start');
  world.github.deliverTo('http://127.0.0.1:9/api/github/webhooks');
});
afterAll(async () => {
  server?.kill('SIGKILL');
  await world.close();
});

function start(...args: string[]): ChildProcessByStdio<null, Readable, Readable> {
  const env = { ...compiledBefore(), ...world.variables, DATABASE_URL: join(world.dir, 'data') };
  return spawn(process.execPath, [cli, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function doctor(): Promise<{ code: unknown; out: string; err: string }> {
  const child = start('doctor');
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, out, err };
}

test(
  'a running server answers, a second one is refused by its name, and a killed one is no hindrance',
  {
    timeout: 120_000,
  },
  async () => {
    server = start('start');
    for await (const chunk of server.stdout.iterator({ destroyOnReturn: false }))
      if (String(chunk).includes('listening')) break;
    server.stdout.resume();
    const { pid } = server;
    const running = await doctor();
    expect(running).toMatchObject({ code: 0, err: '' });
    expect(running.out).toContain(`process ${String(pid)} runs, and answered`);
    const second = start('start');
    const [refusal, [code]] = await Promise.all([text(second.stderr), once(second, 'exit')]);
    expect(code).toBe(1);
    expect(refusal).toMatch(new RegExp(`in use by process ${String(pid)} since .* Stop that process`, 'u'));
    server.kill('SIGKILL');
    await once(server, 'exit');
    const after = await doctor();
    expect(after).toMatchObject({ code: 0, err: '' });
    expect(after.out).toContain('none runs on this directory');
  },
);
