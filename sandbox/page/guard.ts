import type { IncomingMessage, ServerResponse } from 'node:http';

/** A refusal of the page's server: an HTTP status and a sentence for the person who sees it. */
export class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A comment of GitHub's greatest length, each character escaped. */
const bodyCap = 512 * 1024;

const policy = [
  "default-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join('; ');

/**
 * The frame that draws diagrams runs foreign text through a large library, so it has no origin (`sandbox`), may load
 * its two scripts and nothing else, and talks to nobody but the page around it. Mermaid needs styles in its markup.
 */
function framePolicy(origin: string, scripts: readonly string[]): string {
  return [
    "default-src 'none'",
    `script-src ${scripts.map((path) => `${origin}${path}`).join(' ')}`,
    "style-src 'unsafe-inline'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${origin}`,
    'sandbox allow-scripts',
  ].join('; ');
}

/** Headers of every answer: nothing from other hosts, no frame, nothing kept. */
export function setSafeHeaders(response: ServerResponse): void {
  response.setHeader('content-security-policy', policy);
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cache-control', 'no-store');
}

/** Lets this answer be the frame that draws diagrams. Call it after the host was found to be our own. */
export function setFrameHeaders(
  request: IncomingMessage,
  response: ServerResponse,
  scripts: readonly string[],
): void {
  const origin = `http://${request.headers.host ?? ''}`;
  response.setHeader('content-security-policy', framePolicy(origin, scripts));
}

/**
 * Refuses a request that names another host than this page's. A foreign site whose name was pointed at the
 * loopback address (DNS rebinding) sends its own name here.
 */
export function requireOwnHost(request: IncomingMessage, hosts: ReadonlySet<string>): void {
  if (!hosts.has(request.headers.host ?? '')) {
    throw new Refusal(421, `This page answers under ${[...hosts].join(', ')} only.`);
  }
}

/** Refuses a change that this page did not send: a browser names the origin of every POST. */
export function requireOwnOrigin(request: IncomingMessage): void {
  const own = `http://${request.headers.host ?? ''}`;
  if (request.headers.origin !== own) {
    throw new Refusal(403, `Changes are taken from this page only (Origin: ${own}).`);
  }
}

/** Reads a JSON body of at most 512 KiB. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  if (!/^application\/json(;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new Refusal(415, 'Send the body as application/json.');
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > bodyCap) throw new Refusal(413, `The body is larger than ${bodyCap / 1024} KiB.`);
    chunks.push(bytes);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (cause) {
    throw Object.assign(new Refusal(400, 'The body is not valid JSON.'), { cause });
  }
}
