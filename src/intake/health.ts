import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What the operator's tools ask the intake beside webhooks. */
export interface HealthDeps {
  /** Names of the checks that fail; empty where all is well. Must not reject, and may be asked by anybody, often. */
  notReady(): Promise<readonly string[]>;
  /** Who may read the metrics, and their text; null where there are none. */
  metrics: MetricsPage | null;
}

export interface MetricsPage {
  /** What `Authorization: Bearer …` has to bring. */
  token: string;
  /** In the text format of Prometheus. */
  page(): Promise<string>;
}

interface Page {
  status: number;
  type: string;
  text: string;
}

const plain = 'text/plain; charset=utf-8';
/** Version of the format (https://prometheus.io/docs/instrumenting/exposition_formats/). */
const prometheus = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Answers `GET /healthz`, `/readyz` and, to whoever has the token, `/metrics`; false for any other request, which is left
 * alone. Without the token nothing tells that there are metrics.
 */
export async function answerHealth(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  deps: HealthDeps,
): Promise<boolean> {
  if (request.method !== 'GET') return false;
  const page = await pageOf(path, request, deps);
  if (page === null) return false;
  const { status, type, text } = page;
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(text);
  return true;
}

async function pageOf(path: string, request: IncomingMessage, deps: HealthDeps): Promise<Page | null> {
  switch (path) {
    case '/healthz':
      return { status: 200, type: plain, text: 'alive\n' };
    case '/readyz': {
      const failing = await deps.notReady();
      return failing.length === 0
        ? { status: 200, type: plain, text: 'ready\n' }
        : { status: 503, type: plain, text: `not ready: ${failing.join(', ')}\n` };
    }
    case '/metrics': {
      const { metrics } = deps;
      if (metrics === null || !isBearer(request.headers.authorization, metrics.token)) return null;
      return { status: 200, type: prometheus, text: await metrics.page() };
    }
    default:
      return null;
  }
}

/** Whether a header brings the token. Digests are compared, which have one length: the time tells nothing of the token. */
function isBearer(header: string | undefined, token: string): boolean {
  const given = /^bearer +(\S{1,1000}) *$/iu.exec(header ?? '')?.[1] ?? '';
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
