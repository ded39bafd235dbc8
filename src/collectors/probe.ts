import { lookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address.ts';
import { ReadFailure, asReadFailure } from './read-failure.ts';

/** What an endpoint answered to one GET; redirects are not followed. */
interface ProbeAnswer {
  status: number;
  /** Milliseconds until the answer's headers. */
  latencyMs: number;
  /** Where a redirect leads, resolved; null for no redirect. */
  redirect: string | null;
}

interface ProbeCall {
  signal: AbortSignal;
  /** Whether a private or loopback address, which the host name leads to, may be probed. */
  addressGranted: (address: string) => boolean;
}

/** Asks an endpoint once. Rejects with a `ReadFailure`. */
export type ProbeEndpoint = (url: string, call: ProbeCall) => Promise<ProbeAnswer>;

export interface ProbeOptions {
  /** Origin → loopback origin (`SITREP_PROBE_MAP`): asked there, under its own name. */
  map?: Record<string, string>;
  /** Starts a stopwatch for a URL; called, it gives the ms since. Default: the process's monotonic clock. */
  stopwatch?: (url: string) => () => number;
}

/** Part of the body that is read and dropped before the connection is closed, in bytes. */
const bodyCap = 64 * 1024;

/** Probes over plain HTTP(S), one request each and no connection kept. */
export function createProbe(options: ProbeOptions = {}): ProbeEndpoint {
  const stopwatch = options.stopwatch ?? monotonic;
  return async (url, call) => {
    const asked = new URL(url);
    const mapped = options.map?.[asked.origin];
    const elapsed = stopwatch(url);
    const answer = await ask(asked, mapped, call);
    const latencyMs = elapsed();
    drain(answer);
    return { status: answer.statusCode ?? 0, latencyMs, redirect: redirectOf(answer, asked) };
  };
}

function ask(
  asked: URL,
  mapped: string | undefined,
  { signal, addressGranted }: ProbeCall,
): Promise<IncomingMessage> {
  const target = new URL(mapped ?? asked.origin);
  const host = target.hostname.replace(/^\[|\]$/g, '');
  const options: RequestOptions = {
    method: 'GET',
    host,
    port: target.port,
    path: asked.pathname + asked.search,
    headers: { host: asked.host, 'user-agent': 'sitrep', accept: '*/*' },
    agent: false,
    signal,
    ...(mapped === undefined ? { lookup: guardedLookup(addressGranted) } : {}),
  };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const refused = mapped === undefined && isIP(host) !== 0 ? refusalOf(host, addressGranted) : null;
  if (refused) return Promise.reject(refused);
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
  const request = send(
    target.protocol === 'https:' ? { ...options, servername: sniOf(asked) } : options,
    resolve,
  );
  request.on('error', (error) => {
    reject(signal.aborted ? asReadFailure(signal.reason, 'timeout') : failureOf(error, asked));
  });
  request.end();
  return promise;
}

/** A name that leads to a private address is refused, unless that address is granted itself. */
function guardedLookup(addressGranted: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, []);
      const refused = addresses
        .map(({ address }) => refusalOf(address, addressGranted))
        .find((found) => found);
      if (refused) return callback(refused, []);
      const [first] = addresses;
      if (options.all || !first) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}

function refusalOf(address: string, addressGranted: (address: string) => boolean): ReadFailure | null {
  if (isPublicAddress(address) || addressGranted(address)) return null;
  return new ReadFailure(
    'not-granted',
    `the host leads to the private address ${address}, which is not granted`,
  );
}

function redirectOf({ statusCode = 0, headers: { location } }: IncomingMessage, asked: URL): string | null {
  if (statusCode < 300 || statusCode > 399 || location === undefined) return null;
  return URL.canParse(location, asked.href) ? new URL(location, asked).href : null;
}

/** Reads the body up to the cap so that the server can finish a small one, then closes the connection. */
function drain(answer: IncomingMessage): void {
  let size = 0;
  answer.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > bodyCap) answer.destroy();
  });
  // The answer counts from its headers on; what becomes of the body does not matter.
  answer.on('error', () => answer.destroy());
}

const tlsCodes = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO)/;

function failureOf(error: Error, { hostname }: URL): ReadFailure {
  if (error instanceof ReadFailure) return error;
  const code = 'code' in error ? String(error.code) : '';
  const what =
    code === 'ECONNREFUSED'
      ? `${hostname} refused the connection`
      : code === 'ENOTFOUND' || code === 'EAI_AGAIN'
        ? `DNS knows no address of ${hostname} (${code})`
        : tlsCodes.test(code)
          ? `no TLS connection to ${hostname}: ${error.message}`
          : `no answer of ${hostname}: ${error.message}`;
  return new ReadFailure('unavailable', what, { cause: error });
}

/** TLS names no addresses. */
function sniOf({ hostname }: URL): string {
  return isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? hostname : '';
}

function monotonic(): () => number {
  const start = performance.now();
  return () => performance.now() - start;
}
