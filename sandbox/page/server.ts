import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { SandboxClock } from '../clock.ts';
import type { Scenario } from '../scenario/schema.ts';
import { readJson, Refusal, requireOwnHost, requireOwnOrigin, setSafeHeaders } from './guard.ts';
import { changeFeed, type ChangeFeed } from './feed.ts';
import { markdownRenderer } from './markdown.ts';
import type { ThreadPort } from './port.ts';
import { pageDocument } from './shell.ts';
import { threadState, type ThreadState } from './view.ts';

export interface PageOptions {
  port: number;
  host?: '127.0.0.1' | '::1';
  github: ThreadPort;
  scenario: Scenario;
  clock: SandboxClock;
  /** Number of the issue that the page shows. */
  focus: number;
}

export interface Page {
  /** Origin of the page, for example `http://127.0.0.1:3000`. */
  url: string;
  close(): Promise<void>;
}

interface Room extends PageOptions {
  state(): ThreadState;
  feed: ChangeFeed;
  hosts: Set<string>;
}

const assets: Readonly<Record<string, { file: URL; type: string }>> = {
  '/page.js': { file: new URL('assets/page.js', import.meta.url), type: 'text/javascript' },
  '/page.css': { file: new URL('assets/page.css', import.meta.url), type: 'text/css' },
  '/github-markdown.css': {
    file: new URL(import.meta.resolve('github-markdown-css/github-markdown.css')),
    type: 'text/css',
  },
};

/** Serves the thread as a page on loopback. Rejects where the port is taken. */
export async function startPage(options: PageOptions): Promise<Page> {
  const host = options.host ?? '127.0.0.1';
  const markdown = markdownRenderer();
  const room: Room = {
    ...options,
    hosts: new Set(),
    feed: changeFeed(options.clock),
    state: () => threadState({ ...options, now: options.clock.now(), markdown }),
  };
  const server = createServer((request, response) => {
    void answer(room, request, response);
  });
  const port = await listen(server, options.port, host);
  const authority = host === '::1' ? '[::1]' : host;
  room.hosts = new Set([`${authority}:${port}`, `localhost:${port}`]);
  const stopListening = options.github.onChange(() => room.feed.changed());
  return {
    url: `http://${authority}:${port}`,
    close: async () => {
      stopListening();
      room.feed.close();
      await closeServer(server);
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(boundPort(server.address()));
    });
  });
}

function boundPort(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('The page has no TCP port.');
  return address.port;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}

async function answer(room: Room, request: IncomingMessage, response: ServerResponse): Promise<void> {
  setSafeHeaders(response);
  try {
    requireOwnHost(request, room.hosts);
    await route(room, request, response);
  } catch (error) {
    const status = error instanceof Refusal ? error.status : 500;
    const message = error instanceof Error ? error.message : String(error);
    if (response.headersSent) response.destroy();
    else sendJson(response, status, { error: message });
  }
}

async function route(room: Room, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const asset = assets[path];
  switch (`${request.method} ${path}`) {
    case 'GET /':
      return send(response, 'text/html', pageDocument(room.state(), room.scenario));
    case 'GET /thread':
      return sendJson(response, 200, room.state());
    case 'GET /events':
      return room.feed.follow(response);
    case 'POST /comments':
      requireOwnOrigin(request);
      return writeComment(room, await readJson(request), response);
    case 'POST /clock':
      requireOwnOrigin(request);
      return advanceClock(room, await readJson(request), response);
    default:
      if (request.method !== 'GET' || !asset)
        throw new Refusal(404, `There is no ${request.method} ${path} here.`);
      return send(response, asset.type, await readFile(fileURLToPath(asset.file)));
  }
}

const commentSchema = z.strictObject({ by: z.string(), body: z.string().trim().min(1).max(65_536) });
const advanceSchema = z.strictObject({
  minutes: z
    .int()
    .min(1)
    .max(24 * 60),
});

async function writeComment(room: Room, sent: unknown, response: ServerResponse): Promise<void> {
  const comment = parsed(commentSchema, sent);
  if (!Object.hasOwn(room.scenario.people, comment.by)) {
    throw new Refusal(400, `The scenario has nobody named ${JSON.stringify(comment.by)}.`);
  }
  try {
    await room.github.comment(comment.by, room.focus, comment.body);
  } catch (cause) {
    throw Object.assign(new Refusal(403, cause instanceof Error ? cause.message : String(cause)), { cause });
  }
  sendJson(response, 201, {});
}

function advanceClock(room: Room, sent: unknown, response: ServerResponse): void {
  room.clock.advance(parsed(advanceSchema, sent).minutes * 60_000);
  room.feed.changed();
  sendJson(response, 200, { now: room.clock.now().toISOString() });
}

function parsed<T>(schema: z.ZodType<T>, sent: unknown): T {
  const result = schema.safeParse(sent);
  if (result.success) return result.data;
  throw new Refusal(400, z.prettifyError(result.error));
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status;
  send(response, 'application/json', JSON.stringify(body));
}

function send(response: ServerResponse, type: string, body: string | Buffer): void {
  response.setHeader('content-type', `${type}; charset=utf-8`);
  response.end(body);
}
