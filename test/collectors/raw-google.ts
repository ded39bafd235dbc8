import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { z } from 'zod';

/** A loopback server that answers anything at all, for what an honest stand-in does not answer. */

export interface RawRequest {
  method: string;
  path: string;
  query: URLSearchParams;
}

export type RawAnswer =
  | { status?: number; type?: string; headers?: Record<string, string>; body: string }
  | 'hang'
  /** A byte now and then, and never the last. */
  | 'trickle';

export interface RawGoogle {
  url: string;
  /** Without those for tokens. */
  requests: RawRequest[];
  close(): Promise<void>;
}

/** Starts it; tokens are given at `/token`. */
export async function startRawGoogle(
  answer: (request: RawRequest) => RawAnswer | Promise<RawAnswer>,
): Promise<RawGoogle> {
  const requests: RawRequest[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    request.resume();
    if (url.pathname === '/token') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"access_token":"t","expires_in":3599,"token_type":"Bearer"}');
      return;
    }
    const asked = {
      method: request.method ?? '',
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
    };
    requests.push(asked);
    void give(response, answer(asked));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function give(response: ServerResponse, answer: RawAnswer | Promise<RawAnswer>): Promise<void> {
  const given = await answer;
  if (given === 'hang') return;
  if (given === 'trickle') {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => {
      clearInterval(timer);
    });
    return;
  }
  response.writeHead(given.status ?? 200, {
    'content-type': given.type ?? 'application/json',
    ...given.headers,
  });
  response.end(given.body);
}
