import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { TLSSocket } from 'node:tls';
import { limitNotices, probeFailure, routeTo, startStopwatch } from './probe-route.ts';
import type { ProbeCall, ProbeOptions, ProbeRoute } from './probe-route.ts';

/** What an endpoint answered to one GET; redirects are not followed. */
export interface ProbeAnswer {
  status: number;
  /** Milliseconds until the answer's headers. */
  latencyMs: number;
  /** Where a redirect leads, resolved; null for no redirect. */
  redirect: string | null;
  /** What DNS gave, in order; empty where it was not asked. */
  addresses: string[];
  /** The certificate that was served; null where there was no TLS. */
  certificate: Certificate | null;
  /** Whether the body holds the text; null where none was asked for, or the time ended before that was clear. */
  contains: boolean | null;
}

export interface Certificate {
  /** End of its validity, UTC. */
  expiresAt: string;
  /** Organisation and name of who issued it: foreign text. */
  issuer: string;
}

interface HttpProbeCall extends ProbeCall {
  /** Text to look for in the first 64 kB of the body. */
  contains?: string | undefined;
}

/** Asks an endpoint once. Rejects with a `ReadFailure`. */
export type ProbeEndpoint = (url: string, call: HttpProbeCall) => Promise<ProbeAnswer>;

/** Part of the body that is read before the connection is closed, in bytes. It is never kept. */
const bodyCap = 64 * 1024;

/** Probes over plain HTTP(S), one request each and no connection kept. */
export function createProbe(options: ProbeOptions = {}): ProbeEndpoint {
  return async (url, call) => {
    const asked = new URL(url);
    const elapsed = startStopwatch(url, options);
    try {
      const route = await routeTo(asked, options, call.addressGranted);
      const answer = await ask(asked, route, call.signal);
      const latencyMs = elapsed();
      const certificate = certificateOf(answer);
      return {
        status: answer.statusCode ?? 0,
        latencyMs,
        redirect: redirectOf(answer, asked),
        addresses: route.addresses(),
        certificate,
        contains: await search(answer, call),
      };
    } catch (error) {
      throw probeFailure(error, asked, call.signal);
    }
  };
}

function ask(asked: URL, route: ProbeRoute, signal: AbortSignal): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const send = route.secure ? httpsRequest : httpRequest;
  const request = send(
    {
      method: 'GET',
      path: asked.pathname + asked.search,
      headers: { host: asked.host, 'user-agent': 'sitrep', accept: '*/*' },
      agent: false,
      signal,
      ...route.connection,
    },
    resolve,
  );
  limitNotices(request);
  request.on('error', reject);
  request.end();
  return promise;
}

function redirectOf({ statusCode = 0, headers: { location } }: IncomingMessage, asked: URL): string | null {
  if (statusCode < 300 || statusCode > 399 || location === undefined) return null;
  return URL.canParse(location, asked.href) ? new URL(location, asked).href : null;
}

function certificateOf({ socket }: IncomingMessage): Certificate | null {
  if (!(socket instanceof TLSSocket)) return null;
  const { valid_to: end, issuer } = socket.getPeerCertificate();
  const expires = Date.parse(end);
  if (!Number.isFinite(expires)) return null;
  const names = [issuer.O, issuer.CN].flatMap((name) => name ?? []);
  return { expiresAt: new Date(expires).toISOString(), issuer: names.join(', ') };
}

/**
 * Reads the body up to the cap, so that the server can finish a small one, and closes the connection. Waits for
 * it only where a text is looked for.
 */
async function search(answer: IncomingMessage, { contains, signal }: HttpProbeCall): Promise<boolean | null> {
  const { promise, resolve } = Promise.withResolvers<boolean | null>();
  const needle = Buffer.from(contains ?? '');
  let size = 0;
  let end: Buffer = Buffer.alloc(0);
  answer.on('data', (chunk: Buffer) => {
    // The end of what came before is kept: the text may lie across two chunks.
    const piece = Buffer.concat([end, chunk.subarray(0, Math.max(0, bodyCap - size))]);
    size += chunk.length;
    if (contains !== undefined && piece.includes(needle)) resolve(true);
    end = piece.subarray(Math.max(0, piece.length - needle.length + 1));
    if (size < bodyCap) return;
    resolve(false);
    answer.destroy();
  });
  answer.on('end', () => {
    resolve(false);
  });
  // The answer counts from its headers on; a body that breaks off, or that the time is too short for, is not known.
  answer.on('error', () => answer.destroy());
  answer.on('close', () => {
    resolve(null);
  });
  if (contains === undefined) return null;
  if (signal.aborted) answer.destroy();
  return promise;
}
