import { verifyWithFallback } from '@octokit/webhooks-methods';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody, BodyTooLarge } from './body.ts';
import { recognise } from './recognise.ts';

/** Where GitHub sends its webhooks: Probot's own default. */
export const webhookPath = '/api/github/webhooks';

/** GitHub caps payloads at 25 MB (docs.github.com, "Webhook events and payloads"): more is not from GitHub. */
const bodyLimit = 25 * 1024 * 1024;

/** A delivery that is for us, trimmed to what the handlers read. */
export interface AcceptedDelivery {
  guid: string;
  event: string;
  action: string;
  installationId: number;
  /** owner/name */
  repository: string;
  issue: number;
  /** Tells a second delivery of the same comment under another GUID, where two hooks point here. */
  comment: { id: number; updatedAt: string };
  /** Trimmed to what the handlers read. */
  payload: object;
}

export interface WebhookDeps {
  secret: string;
  /** The secret before, while it is being rotated. */
  previousSecret: string | null;
  /** Stores the delivery and its job in one transaction; resolves after the commit. */
  accept(delivery: AcceptedDelivery): Promise<'new' | 'duplicate'>;
  log: { info(fields: object, message: string): void; error(fields: object, message: string): void };
}

interface Answer {
  status: number;
  text: string;
}

/**
 * Answers a webhook: verified, capped, recognised, stored and enqueued, then 202. What is not for us is answered
 * 200 at once and leaves nothing behind. Of a refused request nothing is logged but the reason.
 */
export async function answerWebhook(
  request: IncomingMessage,
  response: ServerResponse,
  deps: WebhookDeps,
): Promise<void> {
  const guid = header(request, 'x-github-delivery');
  let answer: Answer;
  try {
    answer = await receive(request, guid, deps);
  } catch (error) {
    deps.log.error({ err: error, delivery: guid }, 'delivery could not be stored');
    answer = { status: 503, text: 'not stored, deliver again' };
  }
  if (answer.status >= 400)
    deps.log.info({ delivery: guid, status: answer.status }, `refused: ${answer.text}`);
  response.writeHead(answer.status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${answer.text}\n`);
}

async function receive(request: IncomingMessage, guid: string, deps: WebhookDeps): Promise<Answer> {
  if (request.method !== 'POST') return { status: 405, text: 'POST only' };
  if (!header(request, 'content-type').startsWith('application/json')) {
    return { status: 415, text: 'application/json only' };
  }
  const event = header(request, 'x-github-event');
  const signature = header(request, 'x-hub-signature-256');
  if (guid === '' || event === '') return { status: 400, text: 'the headers of a webhook are missing' };
  if (signature === '') return { status: 400, text: 'the signature is missing' };

  let body: string;
  try {
    body = await readBody(request, bodyLimit);
  } catch (error) {
    if (error instanceof BodyTooLarge) return { status: 413, text: 'the body is too large' };
    throw error;
  }
  if (body === '') return { status: 400, text: 'the body is empty' };
  const previous = deps.previousSecret === null ? [] : [deps.previousSecret];
  if (!(await verifyWithFallback(deps.secret, body, signature, previous))) {
    return { status: 401, text: 'the signature does not match' };
  }

  const recognised = recognise(event, parseJson(body));
  switch (recognised.kind) {
    case 'misfit':
      return { status: 400, text: recognised.why };
    case 'ignored':
      return { status: 200, text: `nothing to do: ${recognised.why}` };
    case 'ours': {
      const stored = await deps.accept({ guid, event, ...recognised.delivery });
      return { status: 202, text: stored === 'new' ? 'accepted' : 'accepted before' };
    }
  }
}

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value.slice(0, 300) : '';
}

/** The parsed body; undefined where it is not JSON. */
function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
