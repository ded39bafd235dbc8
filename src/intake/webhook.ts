import type { IncomingMessage, ServerResponse } from 'node:http';
import { isForApp } from './addressed.ts';
import { ageOf } from './age.ts';
import { BodyRefused, createBodyReader, discard, free } from './body.ts';
import { recognise, type ServesFork } from './recognise.ts';
import { createVerifier, isSignature } from './signature.ts';

/** Where GitHub sends its webhooks: Probot's own default. */
export const webhookPath = '/api/github/webhooks';

const megabyte = 1024 * 1024;

/**
 * GitHub caps payloads at 25 MB and gives up after 10 s (docs.github.com, "Webhook events and payloads", "Best
 * practices for using webhooks"): more, or slower, is not from GitHub. Of what has a handler no payload comes near 4 MB:
 * the texts of an issue and of a comment are 65,536 characters at most.
 */
const limits = {
  bytes: 25 * megabyte,
  heldBytes: 4 * megabyte,
  heldTogetherBytes: 8 * megabyte,
  milliseconds: 10_000,
};

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
  /** Tells the same comment under another GUID, which the signature does not cover; null for no comment. */
  comment: { id: number; updatedAt: string } | null;
  /** Does the same for what concerns no comment; null where that tells it. */
  subject: string | null;
  /** Trimmed to what the handlers read. */
  payload: object;
}

export interface WebhookDeps {
  /** Deliveries that name another App are not for us. */
  appId: number;
  secret: string;
  /** The secret before, while it is being rotated. */
  previousSecret: string | null;
  /** Stores the delivery and its job in one transaction; resolves after the commit. */
  accept(delivery: AcceptedDelivery): Promise<'new' | 'duplicate'>;
  /** Which forks are served; none where it is missing. */
  servesFork?: ServesFork;
  now(): Date;
  /** A short text of its own each time, by which a refusal is found in the log. */
  randomId(): string;
  log: { info(fields: object, message: string): void; error(fields: object, message: string): void };
  /** Milliseconds that a body may take; 10,000 where it is missing. */
  bodyTimeoutMs?: number;
  /** Whether the log has the refusal of what came over the same connection: one line is enough. Never, where it is missing. */
  isTold?: (request: IncomingMessage) => boolean;
  /** Whether the process ends: nothing is taken any more. Never, where it is missing. */
  isStopping?: () => boolean;
  /** Hears what became of each request; must not throw. Nobody does where it is missing. */
  watch?: WatchDeliveries | undefined;
}

/** What may become of a request for the webhook: a few words, whatever it holds. */
export const deliveryOutcomes = {
  accepted: ['new'],
  duplicate: ['known'],
  ignored: ['no handler', 'too large', 'too old'],
  refused: [
    'method',
    'content type',
    'headers',
    'target',
    'signature missing',
    'signature',
    'empty',
    'too large',
    'too slow',
    'cut short',
    'too much at once',
    'misfit',
    'clock',
    'not stored',
    'not read',
    'stopping',
    'no HTTP',
  ],
} as const;

export type DeliveryOutcome = keyof typeof deliveryOutcomes;
export type DeliveryReason = (typeof deliveryOutcomes)[DeliveryOutcome][number];

/** @param tookMs from the end of the headers to the answer */
export type WatchDeliveries = (outcome: DeliveryOutcome, reason: DeliveryReason, tookMs: number) => void;

interface Answer {
  status: number;
  /** Why, in a word of the list above. */
  reason: DeliveryReason;
  text: string;
  /** What went wrong here: told in the log, never in the answer. */
  cause?: unknown;
}

/** What of the headers counts. All of it is anybody's word: none of it is signed. */
interface Claims {
  /** Null where the header has no form in which it could be logged. */
  guid: string | null;
  event: string;
  signature: string;
}

/** GitHub's have the form of a UUID: there is no room for a text that the log would show. */
const guidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;
const jsonType = /^application\/json\s*(?:;|$)/iu;

/** Answers one webhook. Never rejects. */
export type WebhookAnswerer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Answers webhooks: verified, capped, recognised, stored and enqueued, then 202. What is not for us is answered 200
 * at once and leaves nothing behind. Of a refused request one line is logged, with the reason and the id that the answer
 * has too.
 */
export function createWebhookAnswerer(deps: WebhookDeps): WebhookAnswerer {
  const { secret, previousSecret, log, bodyTimeoutMs = limits.milliseconds } = deps;
  const beginCheck = createVerifier(previousSecret === null ? [secret] : [secret, previousSecret]);
  const readBody = createBodyReader({ ...limits, milliseconds: bodyTimeoutMs });

  async function receive(request: IncomingMessage, { guid, event, signature }: Claims): Promise<Answer> {
    if (deps.isStopping?.() === true)
      return refusal(503, 'stopping', 'this process is stopping, deliver again');
    if (request.method !== 'POST') return refusal(405, 'method', 'POST only');
    if (!jsonType.test(header(request, 'content-type')))
      return refusal(415, 'content type', 'application/json only');
    if (guid === null || event === '') return refusal(400, 'headers', 'the headers of a webhook are missing');
    const target = {
      type: header(request, 'x-github-hook-installation-target-type'),
      id: header(request, 'x-github-hook-installation-target-id'),
    };
    if (!isForApp(target, deps.appId)) return refusal(400, 'target', 'not of the webhook of this App');
    if (signature === '') return refusal(400, 'signature missing', 'the signature is missing');
    if (!isSignature(signature)) return refusal(401, 'signature', 'the signature does not match');

    const check = beginCheck();
    const pieces = await readBody(request, (piece) => check.add(piece));
    if (pieces?.length === 0) return refusal(400, 'empty', 'the body is empty');
    if (!check.matches(signature)) {
      pieces?.forEach(free);
      return refusal(401, 'signature', 'the signature does not match');
    }
    if (pieces === null)
      return { status: 200, reason: 'too large', text: 'nothing to do: too large for what has a handler' };

    const recognised = recognise(event, parseJson(pieces), deps.servesFork);
    switch (recognised.kind) {
      case 'misfit':
        return refusal(400, 'misfit', recognised.why);
      case 'ignored':
        return { status: 200, reason: 'no handler', text: `nothing to do: ${recognised.why}` };
      case 'ours':
        return await take({ guid, event, ...recognised.delivery }, recognised.happenedAt);
    }
  }

  async function take(delivery: AcceptedDelivery, happenedAt: string | null): Promise<Answer> {
    switch (happenedAt === null ? 'fits' : ageOf(happenedAt, deps.now())) {
      case 'fits':
        return await store(delivery);
      case 'too old':
        log.info({ delivery: delivery.guid, happenedAt }, 'ignored: too old to be carried out');
        return { status: 200, reason: 'too old', text: 'nothing to do: too old' };
      case 'ahead':
        return refusal(503, 'clock', 'this clock is behind, deliver again');
    }
  }

  async function store(delivery: AcceptedDelivery): Promise<Answer> {
    try {
      const stored = await deps.accept(delivery);
      return stored === 'new'
        ? { status: 202, reason: 'new', text: 'accepted' }
        : { status: 202, reason: 'known', text: 'accepted before' };
    } catch (cause) {
      return { ...refusal(503, 'not stored', 'not stored, deliver again'), cause };
    }
  }

  async function answerTo(request: IncomingMessage, claims: Claims): Promise<Answer> {
    try {
      return await receive(request, claims);
    } catch (error) {
      return refusalOf(error);
    }
  }

  /** The text of the answer; what is refused is logged. */
  function told(
    request: IncomingMessage,
    { status, reason, text, cause }: Answer,
    delivery: string | null,
  ): string {
    if (status < 400) return text;
    const id = deps.randomId();
    if (status < 500 && deps.isTold?.(request) === true) return `${text} (${id})`;
    const fields = { id, delivery, status, ...(cause === undefined ? {} : { err: cause }) };
    if (status < 500 || reason === 'stopping') log.info(fields, `refused: ${text}`);
    else log.error(fields, `refused: ${text}`);
    return `${text} (${id})`;
  }

  return async (request, response) => {
    const beganAt = deps.watch === undefined ? 0 : performance.now();
    const claims = claimsOf(request);
    const answer = await answerTo(request, claims);
    const text = told(request, answer, claims.guid);
    const { status } = answer;
    if (!request.complete) discard(request);
    // The length is said, since Node sends what has none in chunks; each chunk costs.
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'content-length': text.length + 1 };
    // A body that is still trickling in is not waited for, and what follows one that was refused is not taken. Whoever is
    // still sending hears the answer only while the connection stays.
    const isRefused = ((status >= 400 && status < 500) || answer.reason === 'stopping') && request.complete;
    response.writeHead(status, status === 408 || isRefused ? { ...headers, connection: 'close' } : headers);
    response.end(`${text}\n`);
    deps.watch?.(outcomeOf(answer), answer.reason, performance.now() - beganAt);
  };
}

function refusal(status: number, reason: Refusal, text: string): Answer {
  return { status, reason, text };
}

type Refusal = (typeof deliveryOutcomes.refused)[number];

function outcomeOf({ status, reason }: Answer): DeliveryOutcome {
  if (status >= 400) return 'refused';
  return reason === 'new' ? 'accepted' : reason === 'known' ? 'duplicate' : 'ignored';
}

function claimsOf(request: IncomingMessage): Claims {
  const guid = header(request, 'x-github-delivery');
  return {
    guid: guidForm.test(guid) ? guid : null,
    event: header(request, 'x-github-event'),
    signature: header(request, 'x-hub-signature-256'),
  };
}

function refusalOf(error: unknown): Answer {
  if (!(error instanceof BodyRefused))
    return { ...refusal(500, 'not read', 'not read, deliver again'), cause: error };
  const { reason, message } = error;
  switch (reason) {
    case 'too large':
      return refusal(413, reason, message);
    case 'too slow':
      return refusal(408, reason, message);
    case 'cut short':
      return refusal(400, reason, message);
    case 'too much at once':
      return refusal(503, reason, `${message}, deliver again`);
  }
}

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value.slice(0, 300) : '';
}

/** The parsed body; undefined where it is not JSON. */
function parseJson(pieces: readonly Buffer[]): unknown {
  const [first] = pieces;
  const body = first !== undefined && pieces.length === 1 ? first : Buffer.concat(pieces);
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
