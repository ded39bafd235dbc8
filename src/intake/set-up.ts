import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { run } from 'probot';
import { z } from 'zod';

/** The App's credentials, as GitHub gives them for a manifest. */
export interface AppCredentials {
  appId: string;
  privateKey: string;
  webhookSecret: string;
}

export interface SetUpOptions {
  /** The manifest that the App is registered with, without the address to which GitHub sends the browser back. */
  manifest: object;
  /** 0 for any that is free. */
  port: number;
  /** Keeps the credentials; called once. */
  save: (credentials: AppCredentials) => void;
  /** A word that nobody can guess, of letters, digits and hyphens. */
  random: () => string;
  log: Logger;
}

export interface SetUpServer {
  /** The page to open: on this machine alone. */
  url: string;
  stop(): Promise<void>;
}

const loopback = '127.0.0.1';

/** Where Probot takes the code that GitHub sends the browser back with. */
const setUpPath = '/probot/setup';

const given = z.object({ APP_ID: z.string(), PRIVATE_KEY: z.string(), WEBHOOK_SECRET: z.string() });

/**
 * Opens Probot's page that registers the App from a manifest and takes its credentials, on the loopback address. Probot
 * reads `app.yml` from the working directory; the process stands in a directory of ours meanwhile. No relay of webhooks is
 * asked for: who has one names it.
 */
export async function startSetUp({ manifest, port, save, random, log }: SetUpOptions): Promise<SetUpServer> {
  const before = process.cwd();
  const directory = await mkdtemp(join(tmpdir(), 'sitrep-set-up-'));
  const chosen = port === 0 ? await freePort() : port;
  const url = `http://${loopback}:${String(chosen)}`;
  const back = `/${random()}${setUpPath}`;
  const registered = JSON.stringify({ ...manifest, redirect_url: `${url}${back}` });
  // Probot puts it between apostrophes into its page.
  await writeFile(join(directory, 'app.yml'), registered.replaceAll("'", '’'));
  await writeFile(join(directory, 'package.json'), JSON.stringify({ name: 'Sitrep' }));
  const guard = openGuard(chosen, back);
  const leave = async () => {
    guard.close();
    process.chdir(before);
    await rm(directory, { recursive: true, force: true });
  };
  process.chdir(directory);
  try {
    const server = await run(() => undefined, {
      env: { HOST: loopback, PORT: String(chosen) },
      log,
      // Probot would have a channel of smee.io made otherwise, where a third party sees every webhook.
      SmeeClient: { createChannel: () => Promise.resolve(undefined) },
      updateEnv: (variables) => {
        const credentials = given.safeParse(variables);
        if (credentials.success && guard.finish()) save(credentialsOf(credentials.data));
        return variables;
      },
    });
    return {
      url,
      async stop() {
        await server.stop();
        await leave();
      },
    };
  } catch (error) {
    await leave();
    throw error;
  }
}

/** Probot writes the key in quotes. */
function credentialsOf({ APP_ID, PRIVATE_KEY, WEBHOOK_SECRET }: z.infer<typeof given>): AppCredentials {
  return {
    appId: APP_ID,
    privateKey: PRIVATE_KEY.replace(/^"([\s\S]*)"$/, '$1'),
    webhookSecret: WEBHOOK_SECRET,
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, loopback, resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port is free');
  return address.port;
}

interface Guard {
  /** Says that the credentials are here: false where they were before. */
  finish(): boolean;
  close(): void;
}

/** Node tells of each request here before its server hears it (nodejs.org/api/diagnostics_channel.html). */
const channel = 'http.server.request.start';

const started = z.object({ request: z.custom<IncomingMessage>(), socket: z.object({ localPort: z.int() }) });

/**
 * Keeps others out of the page: a foreign site whose name was pointed at the loopback address (its name is in Host), one that
 * has a browser post credentials of its own (its name is in Origin) or bring a code of its own (it does not know the way
 * back), and whoever comes after the credentials. Probot lets nothing stand before its page, so what they ask for becomes what
 * there is not.
 */
function openGuard(port: number, back: string): Guard {
  let isFinished = false;
  const hosts = new Set([`${loopback}:${String(port)}`, `localhost:${String(port)}`]);
  const isOwn = ({ method, headers: { host = '', origin } }: IncomingMessage): boolean =>
    hosts.has(host) && (origin === `http://${host}` || (origin === undefined && method === 'GET'));
  const addressFor = (request: IncomingMessage): string => {
    const { url = '', method } = request;
    const isReturn = url.startsWith(`${back}?`);
    const isForged = url.startsWith(setUpPath);
    if (!isOwn(request) || isForged || (isFinished && (isReturn || method !== 'GET'))) return '/refused';
    return isReturn ? `${setUpPath}${url.slice(back.length)}` : url;
  };
  const look = (message: unknown) => {
    const parsed = started.safeParse(message);
    if (!parsed.success || parsed.data.socket.localPort !== port) return;
    const { request } = parsed.data;
    request.url = addressFor(request);
  };
  subscribe(channel, look);
  return {
    finish() {
      const isFirst = !isFinished;
      isFinished = true;
      return isFirst;
    },
    close: () => void unsubscribe(channel, look),
  };
}
