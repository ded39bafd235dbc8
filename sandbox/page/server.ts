import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { acts, type Room } from './acts.ts';
import { assetAt, frameScripts } from './assets.ts';
import { completion } from './completion.ts';
import { changeFeed, type ChangeFeed } from './feed.ts';
import { diagramFrame } from './frame.ts';
import { graphView } from './component-graph.ts';
import {
  readJson,
  Refusal,
  requireOwnHost,
  requireOwnOrigin,
  setFrameHeaders,
  setSafeHeaders,
} from './guard.ts';
import { markdownRenderer } from './markdown.ts';
import type { PageScene, PageStage } from './port.ts';
import { requestList, type RequestFilter } from './request-list.ts';
import { pageDocument } from './shell.ts';
import { pageState, withoutKnown } from './state.ts';
import { createTallies, type Tallies } from './tallies.ts';

export interface PageOptions {
  port: number;
  host?: '127.0.0.1' | '::1';
  stage: PageStage;
}

export interface Page {
  /** Origin of the page, for example `http://127.0.0.1:3000`. */
  url: string;
  close(): Promise<void>;
}

interface ServedRoom extends Room {
  feed: ChangeFeed;
  hosts: Set<string>;
}

/** Serves the thread and the controls as a page on loopback. Rejects where the port is taken. */
export async function startPage(options: PageOptions): Promise<Page> {
  const { stage, host = '127.0.0.1' } = options;
  const room = createRoom(stage);
  const server = createServer((request, response) => {
    void answer(room, request, response);
  });
  const port = await listen(server, options.port, host);
  const authority = host === '::1' ? '[::1]' : host;
  room.hosts = new Set([`${authority}:${port}`, `localhost:${port}`]);
  const stopListening = stage.onChange(() => room.changed());
  return {
    url: `http://${authority}:${port}`,
    close: async () => {
      stopListening();
      room.feed.close();
      await closeServer(server);
    },
  };
}

const machine = (): number => performance.now();

function createRoom(stage: PageStage): ServedRoom {
  const byScene = new WeakMap<PageScene, Tallies>();
  const tallies = (): Tallies => {
    const scene = stage.scene();
    const known = byScene.get(scene) ?? createTallies(scene, machine);
    byScene.set(scene, known);
    return known;
  };
  const feed = changeFeed(
    () => stage.scene().clock.now(),
    () => stage.scene().requests().length,
  );
  return {
    stage,
    tallies,
    machine,
    markdown: markdownRenderer(),
    feed,
    hosts: new Set(),
    changed() {
      tallies().look();
      feed.changed();
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

async function answer(room: ServedRoom, request: IncomingMessage, response: ServerResponse): Promise<void> {
  setSafeHeaders(response);
  try {
    requireOwnHost(request, room.hosts);
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'GET') await show(room, url, request, response);
    else if (request.method === 'POST') await carryOut(room, url.pathname, request, response);
    else throw new Refusal(404, `There is no ${request.method} ${url.pathname} here.`);
  } catch (error) {
    const status = error instanceof Refusal ? error.status : 500;
    const message = error instanceof Error ? error.message : String(error);
    if (response.headersSent) response.destroy();
    else sendJson(response, status, { error: message });
  }
}

async function show(
  room: ServedRoom,
  { pathname, searchParams }: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { stage } = room;
  switch (pathname) {
    case '/':
      return send(response, 'text/html', pageDocument(pageState(room)));
    case '/thread':
      return sendJson(response, 200, withoutKnown(pageState(room), searchParams.get('have') ?? ''));
    case '/components':
      return sendJson(response, 200, graphView(await stage.scene().components()));
    case '/requests':
      return send(response, 'text/html', requests(room, searchParams.get('to')));
    case '/commands':
      return sendJson(response, 200, completion());
    case '/events':
      return room.feed.follow(response);
    case '/diagram':
      setFrameHeaders(request, response, frameScripts);
      return send(response, 'text/html', diagramFrame());
  }
  const asset = await assetAt(pathname);
  if (asset === null) throw new Refusal(404, `There is no GET ${pathname} here.`);
  send(response, asset.type, asset.content);
}

function requests(room: ServedRoom, to: string | null): string {
  const filter: RequestFilter = to === 'GitHub' || to === 'Google' ? to : 'all';
  const all = room.stage.scene().requests();
  return requestList(all, room.tallies().list(all), filter).markup;
}

async function carryOut(
  room: ServedRoom,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const act = Object.hasOwn(acts, path) ? acts[path] : undefined;
  if (!act) throw new Refusal(404, `There is no POST ${path} here.`);
  requireOwnOrigin(request);
  sendJson(response, 200, { said: await act(room, await readJson(request)) });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status;
  send(response, 'application/json', JSON.stringify(body));
}

function send(response: ServerResponse, type: string, body: string | Buffer): void {
  response.setHeader('content-type', `${type}; charset=utf-8`);
  response.end(body);
}
