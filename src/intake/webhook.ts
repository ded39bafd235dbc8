import type { IncomingMessage, ServerResponse } from 'node:http';
import { BodyRefused, readBody } from './body.ts';
import { recognise, type ServesFork } from './recognise.ts';
import { createVerifier } from './signature.ts';

/** Where GitHub sends its webhooks: Probot's own default. */
export const webhookPath = '/api/github/webhooks';

/**
 * GitHub caps payloads at 25 MB and gives up after 10 s (docs.github.com, "Webhook events and payloads", "Best
 * practices for using webhooks"): more, or slower, is not from GitHub.
 */
const limits = { bytes: 25 * 1024 * 1024, milliseconds: 10_000 };

/** A delivery that is for us, trimmed to what the handlers read. */
export interface AcceptedDelivery {
  guid: string;
  event: string;
  action: string;
  installationId: number;
  /** Stays when the repository is renamed or transferred; null, as the next two, where a whole installation is concerned. */
  repositoryId: number | null;
  /** owner/name */
  repository: string | null;
  issue: number | null;
  /** Tells a second delivery of the same comment under another GUID, where two hooks point here; null for no comment. */
  comment: { id: number; updatedAt: string } | null;
  /** Does the same for what concerns no comment; null where that tells it. */
  subject: string | null;
  /** Trimmed to what the handlers read. */
  payload: object;
}

export interface WebhookDeps {
  secret: string;
  /** The secret before, while it is being rotated. */
  previousSecret: string | null;
  /** Stores the delivery and its job in one transaction; resolves after the commit. */
  accept(delivery: AcceptedDelivery): Promise<'new' | 'duplicate'>;
  /** Which forks are served; none where it is missing. */
  servesFork?: ServesFork;
  log: { info(fields: object, message: string): void; error(fields: object, message: string): void };
  /** Milliseconds that a body may take; 10,000 where it is missing. */
  bodyTimeoutMs?: number;
}

interface Answer {
  status: number;
  text: string;
}

/** Answers one webhook. Never rejects. */
export type WebhookAnswerer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Answers webhooks: verified, capped, recognised, stored and enqueued, then 202. What is not for us is answered 200
 * at once and leaves nothing behind. Of a refused request nothing is logged but the reason.
 */
export function createWebhookAnswerer(deps: WebhookDeps): WebhookAnswerer {
  const { secret, previousSecret, log, bodyTimeoutMs = limits.milliseconds } = deps;
  const verify = createVerifier(previousSecret === null ? [secret] : [secret, previousSecret]);

  async function receive(request: IncomingMessage, guid: string): Promise<Answer> {
    if (request.method !== 'POST') return { status: 405, text: 'POST only' };
    if (!header(request, 'content-type').startsWith('application/json')) {
      return { status: 415, text: 'application/json only' };
    }
    const event = header(request, 'x-github-event');
    const signature = header(request, 'x-hub-signature-256');
    if (guid === '' || event === '') return { status: 400, text: 'the headers of a webhook are missing' };
    if (signature === '') return { status: 400, text: 'the signature is missing' };

    const body = await readBody(request, { bytes: limits.bytes, milliseconds: bodyTimeoutMs });
    if (body.length === 0) return { status: 400, text: 'the body is empty' };
    if (!verify(body, signature)) return { status: 401, text: 'the signature does not match' };

    const recognised = recognise(event, parseJson(body), deps.servesFork);
    switch (recognised.kind) {
      case 'misfit':
        return { status: 400, text: recognised.why };
      case 'ignored':
        return { status: 200, text: `nothing to do: ${recognised.why}` };
      case 'ours':
        return await store({ guid, event, ...recognised.delivery });
    }
  }

  async function store(delivery: AcceptedDelivery): Promise<Answer> {
    try {
      const stored = await deps.accept(delivery);
      return { status: 202, text: stored === 'new' ? 'accepted' : 'accepted before' };
    } catch (error) {
      log.error({ err: error, delivery: delivery.guid }, 'delivery could not be stored');
      return { status: 503, text: 'not stored, deliver again' };
    }
  }

  return async (request, response) => {
    const guid = header(request, 'x-github-delivery');
    let answer: Answer;
    try {
      answer = await receive(request, guid);
    } catch (error) {
      answer = refusalOf(error);
      if (answer.status >= 500) log.error({ err: error, delivery: guid }, 'delivery could not be read');
    }
    const { status, text } = answer;
    if (status >= 400) log.info({ delivery: guid, status }, `refused: ${text}`);
    // The length is said, since Node sends what has none in chunks; each chunk costs.
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'content-length': text.length + 1 };
    // A body that is still trickling in is not waited for.
    response.writeHead(status, status === 408 ? { ...headers, connection: 'close' } : headers);
    response.end(`${text}\n`);
  };
}

function refusalOf(error: unknown): Answer {
  if (!(error instanceof BodyRefused)) return { status: 500, text: 'not read, deliver again' };
  switch (error.reason) {
    case 'too large':
      return { status: 413, text: error.message };
    case 'too slow':
      return { status: 408, text: error.message };
    case 'cut short':
      return { status: 400, text: error.message };
  }
}

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value.slice(0, 300) : '';
}

/** The parsed body; undefined where it is not JSON. */
function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
