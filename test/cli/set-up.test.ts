import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { compiledBefore } from '../compiled.ts';
import { openWorld, type World } from './world.ts';

/** From nothing to a server: the page that makes the App, its credentials in `.env`, and the start with them. */

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const manifestSchema = z.looseObject({
  name: z.string(),
  public: z.boolean(),
  hook_attributes: z.object({ url: z.string(), active: z.boolean() }),
  redirect_url: z.string(),
  default_permissions: z.record(z.string(), z.string()),
  default_events: z.array(z.string()),
});

type Process = ChildProcessByStdio<null, Readable, Readable>;
let world: World;
const running: Process[] = [];
beforeEach(async () => {
  world = await openWorld('crash-on-start');
});
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
  await world.close();
});

const credentials = new Set(['APP_ID', 'PRIVATE_KEY', 'WEBHOOK_SECRET', 'GITHUB_TOKEN']);

/** `sitrep` in an empty directory, as somebody runs it who has no App. */
function start(args: string[], variables: Record<string, string> = {}): Process {
  const known = Object.entries(world.variables).filter(([name]) => !credentials.has(name));
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: world.dir,
    env: { ...compiledBefore(), ...Object.fromEntries(known), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  return child;
}

async function written(stream: Readable, pattern: RegExp): Promise<string> {
  let all = '';
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    all += String(chunk);
    if (pattern.test(all)) return all;
  }
  throw new Error(`ended without ${String(pattern)}: ${all}`);
}

async function ended(child: Process): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

/** Starts the set-up; gives its page's address, and what it says. */
async function openPage(
  variables: Record<string, string> = {},
): Promise<{ child: Process; url: string; out: string }> {
  const child = start(['start'], variables);
  const out = await written(child.stdout, /Whoever has an App/u);
  return { child, url: /http:\/\/127\.0\.0\.1:\d+/u.exec(out)?.[0] ?? '', out };
}

/** What the page's form posts to GitHub. */
async function formOf(url: string): Promise<{ action: string; manifest: string }> {
  const page = await (await fetch(`${url}/probot`)).text();
  const action = /<form action="([^"]+)" method="post"/u.exec(page)?.[1] ?? '';
  const manifest = /name="manifest"[^>]* value='([^']+)'/u.exec(page)?.[1] ?? '';
  return { action, manifest };
}

test('the App is made from app.yml, its credentials come to .env, and the server starts with them', async () => {
  await writeFile(join(world.dir, '.env'), '# ours\nLOG_LEVEL=warn\n');
  const { child, url, out } = await openPage({ GH_ORG: 'acme' });
  expect(out).toContain('It becomes an App of the organisation acme (GH_ORG).');
  expect(out).toContain('WEBHOOK_PROXY_URL=https://YOUR-HOST/api/github/webhooks tells GitHub');
  const { action, manifest: posted } = await formOf(url);
  expect(action).toBe(`http://${world.github.host}/organizations/acme/settings/apps/new`);
  const manifest = manifestSchema.parse(JSON.parse(posted));
  expect(manifest).toMatchObject({
    name: 'Sitrep',
    public: false,
    hook_attributes: { active: false },
    redirect_url: expect.stringMatching(new RegExp(`^${url}/[\\da-f]{32}/probot/setup$`, 'u')),
    default_permissions: expect.objectContaining({ issues: 'write', contents: 'read' }),
    default_events: expect.arrayContaining(['issue_comment']),
  });

  const code = world.github.register(posted);
  const back = await fetch(`${manifest.redirect_url}?code=${code}`, { redirect: 'manual' });
  expect(back.status).toBe(302);
  expect(back.headers.get('location')).toMatch(/\/apps\/sitrep\/installations\/new$/u);
  const told = await written(child.stdout, /sitrep doctor/u);
  expect(told).toMatch(
    /1\. install the App .*\n.*2\. .*\/api\/github\/webhooks\n.*3\. .*sitrep start\n.*4\. .*sitrep doctor/u,
  );

  const file = join(world.dir, '.env');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const kept = await readFile(file, 'utf8');
  expect(kept.startsWith('# ours\nLOG_LEVEL=warn\n')).toBe(true);
  expect(parseEnv(kept)).toEqual({
    LOG_LEVEL: 'warn',
    APP_ID: String(world.github.app.id),
    PRIVATE_KEY: world.github.app.privateKey,
    WEBHOOK_SECRET: world.github.app.webhookSecret,
  });
  expect(told).not.toContain(world.github.app.webhookSecret);
  child.kill('SIGINT');
  expect({ end: await ended(child), err: await text(child.stderr) }).toEqual({ end: 0, err: '' });

  const server = start(['start'], { LOG_LEVEL: 'info', DATABASE_URL: 'memory:' });
  expect(await written(server.stdout, /listening/u)).not.toContain('no GitHub App yet');
  server.kill('SIGTERM');
  expect(await ended(server)).toBe(0);
  expect(world.github.refusals).toEqual([]);
});

test('an address that is known becomes the webhook, and no relay is asked for', async () => {
  const asked: string[] = [];
  const relay = createServer((incoming, response) => {
    asked.push(incoming.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => {
    relay.listen(0, '127.0.0.1', resolve);
  });
  const address = relay.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const WEBHOOK_PROXY_URL = `http://127.0.0.1:${String(port)}/api/github/webhooks`;
  const { url, out } = await openPage({ WEBHOOK_PROXY_URL });
  expect(out).toContain('It becomes an App of your own account; GH_ORG=NAME');
  expect(out).toContain(`Its webhooks go to ${WEBHOOK_PROXY_URL} (WEBHOOK_PROXY_URL).`);
  const manifest = manifestSchema.parse(JSON.parse((await formOf(url)).manifest));
  expect(manifest.hook_attributes).toEqual({ url: WEBHOOK_PROXY_URL, active: true });
  relay.close();
  expect(asked).toEqual([]);
});

/** The status of an answer; unlike `fetch` it takes any Host. */
function status(url: string, options: { method?: string; headers?: Record<string, string>; body?: string }) {
  return new Promise<number>((resolve, reject) => {
    const { method = 'GET', headers = {}, body = '' } = options;
    const asked = request(url, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

describe('the page is for who sits at this machine, once', () => {
  const foreign = JSON.stringify({ appId: '666', pem: 'x', webhook_secret: 'theirs' });

  test('what another site has a browser send changes nothing', async () => {
    const { url } = await openPage();
    const port = new URL(url).port;
    const own = { host: `127.0.0.1:${port}` };
    const attacks = [
      status(`${url}/probot`, { headers: { host: `evil.example:${port}` } }),
      status(`${url}/probot/import`, {
        method: 'POST',
        headers: { ...own, origin: 'https://evil.example' },
        body: foreign,
      }),
      status(`${url}/probot/import`, { method: 'POST', headers: own, body: foreign }),
    ];
    const code = world.github.register((await formOf(url)).manifest);
    attacks.push(status(`${url}/probot/setup?code=${code}`, { headers: own }));
    expect(await Promise.all(attacks)).toEqual([404, 404, 404, 404]);
    await expect(stat(join(world.dir, '.env'))).rejects.toThrow('ENOENT');
  });

  test('after the credentials have come nobody brings others', async () => {
    const { child, url } = await openPage();
    const { manifest } = await formOf(url);
    const setUp = `${manifestSchema.parse(JSON.parse(manifest)).redirect_url}?code=`;
    await fetch(`${setUp}${world.github.register(manifest)}`, { redirect: 'manual' });
    await written(child.stdout, /sitrep doctor/u);
    const before = await readFile(join(world.dir, '.env'), 'utf8');
    expect(await status(`${setUp}${world.github.register(manifest)}`, {})).toBe(404);
    const headers = { origin: url };
    expect(await status(`${url}/probot/import`, { method: 'POST', headers, body: foreign })).toBe(404);
    expect(await readFile(join(world.dir, '.env'), 'utf8')).toBe(before);
  });
});

describe('no App is made', () => {
  test.each([
    ['in production', { NODE_ENV: 'production' }, /APP_ID is not set/u],
    [
      'where some credentials are set',
      { APP_ID: '1' },
      /PRIVATE_KEY is not set.*\n.*WEBHOOK_SECRET is not set/u,
    ],
    [
      'where something else is wrong',
      { SITREP_POLICY: 'none.yml' },
      /SITREP_POLICY names a file that cannot be read/u,
    ],
  ])('%s', async (_what, variables, says) => {
    const child = start(['start'], variables);
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect({ end: await ended(child), out }).toEqual({ end: 1, out: '' });
    expect(err).toMatch(says);
  });
});

test('what is set in the environment wins over .env', async () => {
  await writeFile(join(world.dir, '.env'), 'APP_ID=not-a-number\nLOG_LEVEL=loud\n');
  const child = start(['start'], { LOG_LEVEL: 'info' });
  const err = await text(child.stderr);
  expect(err).toContain('APP_ID is no number');
  expect(err).not.toContain('LOG_LEVEL');
});
