import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import type { ClientRequest } from 'node:http';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
import { isMetadata } from '../config/metadata.ts';
import { isPublicAddress } from './public-address.ts';
import { ReadFailure, asReadFailure } from './read-failure.ts';
import { neverProbed } from './remedy.ts';

/** Where a probe connects to, and who watches over it: the same for HTTP and for WebSockets. */

/** What every probe is given. */
export interface ProbeCall {
  signal: AbortSignal;
  /** Whether a private or loopback address, which the host name of the URL leads to, may be probed. */
  addressGranted: (address: string, asked: URL) => boolean;
}

export interface ProbeOptions {
  /** Origin → loopback origin (`SITREP_PROBE_MAP`): asked there, under its own name. */
  map?: Record<string, string>;
  /** Starts a stopwatch for a URL; called, it gives the ms since. Default: the process's monotonic clock. */
  stopwatch?: (url: string) => () => number;
  /**
   * All addresses of a host name; rejects as `dns.lookup` does. Default: the system's resolver, which is not
   * asked of an origin that is in the map.
   */
  resolve?: (hostname: string) => Promise<LookupAddress[]>;
  /**
   * True where servers say at once all that they will say unasked, as those of the sandbox do: then no time is spent on
   * waiting for more. Default false.
   */
  answersAtOnce?: boolean;
}

/** One connection to be made. */
export interface ProbeRoute {
  secure: boolean;
  /** Of the connection itself; the names that are sent are the original ones. */
  connection: {
    host: string;
    port: string;
    lookup?: LookupFunction;
    /** Only for TLS: its name for the server, and false where a certificate of the sandbox has to do. */
    servername?: string;
    rejectUnauthorized?: boolean;
  };
  /** The addresses that DNS gave, once it did, in order; all of them may be shown. */
  addresses: () => string[];
}

/**
 * Finds out where to connect to for a URL. Each route asks DNS itself, at the time of its own connection, and
 * connects to what it was told then: a name that changes between two samples is judged each time.
 *
 * @throws ReadFailure `not-granted` for a private address that is not granted itself
 */
export async function routeTo(
  asked: URL,
  options: ProbeOptions,
  addressGranted: ProbeCall['addressGranted'],
): Promise<ProbeRoute> {
  const mapped = options.map?.[asked.origin] ?? options.map?.[webOrigin(asked)];
  const target = new URL(mapped ?? webOrigin(asked));
  const secure = target.protocol === 'https:';
  const host = withoutBrackets(target.hostname);
  const known: string[] = [];
  const demand = (address: string) => demandGranted(address, (one) => addressGranted(one, asked));
  const lookup = guarded(options.resolve ?? systemAddresses, demand, known);
  if (mapped !== undefined && options.resolve) await lookup(withoutBrackets(asked.hostname));
  // A name is judged by what it leads to, at the connection.
  if (mapped === undefined && isIP(host) !== 0) demand(host);
  return {
    secure,
    connection: {
      host,
      port: target.port || (secure ? '443' : '80'),
      ...(mapped === undefined ? { lookup: asLookupFunction(lookup) } : {}),
      ...(secure ? { servername: sniOf(asked), rejectUnauthorized: mapped === undefined } : {}),
    },
    addresses: () => [...new Set(known)].toSorted(),
  };
}

/** The `http` or `https` origin that a WebSocket of this URL begins at; that of another URL is its own. */
function webOrigin(url: URL): string {
  return url.origin.replace(/^ws/, 'http');
}

type Addresses = (hostname: string) => Promise<LookupAddress[]>;

/** A name that leads to a private address is refused, unless that address is granted itself. */
function guarded(resolve: Addresses, demand: (address: string) => void, known: string[]): Addresses {
  return async (hostname) => {
    const addresses = await resolve(hostname);
    for (const { address } of addresses) demand(address);
    known.push(...addresses.map(({ address }) => address));
    return addresses;
  };
}

/** One bad address among good ones is enough: which of them is connected to is not ours to say. It is not shown. */
function demandGranted(address: string, isGranted: (address: string) => boolean): void {
  if (isMetadata(address)) {
    throw new ReadFailure('not-granted', 'the host leads to metadata of a cloud, which is never probed', {
      remedy: neverProbed,
    });
  }
  if (isPublicAddress(address) || isGranted(address)) return;
  throw new ReadFailure('not-granted', 'the host leads to a private address, which is not granted');
}

function asLookupFunction(addresses: Addresses): LookupFunction {
  const lookup = callbackify(addresses);
  return (hostname, { all }, callback) => {
    lookup(hostname, (error, found) => {
      const [first] = found ?? [];
      if (error !== null || all === true || !first) callback(error, found ?? []);
      else callback(null, first.address, first.family);
    });
  };
}

function systemAddresses(hostname: string): Promise<LookupAddress[]> {
  return systemLookup(hostname, { all: true });
}

const tlsCodes = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO)/;

/** Node adds the address that we connect from: a private one, and no business of readers. */
const ownAddress = / - Local \([^)]*\)/;

/** Why no connection came about, or none that answered. */
export function probeFailure(error: unknown, { hostname }: URL, signal: AbortSignal): ReadFailure {
  if (signal.aborted) return asReadFailure(signal.reason, 'timeout');
  if (error instanceof ReadFailure) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = (error instanceof Error ? error.message : String(error)).replace(ownAddress, '') || code;
  const what =
    code === 'ECONNREFUSED'
      ? `${hostname} refused the connection`
      : code === 'ENOTFOUND' || code === 'EAI_AGAIN'
        ? `DNS knows no address of ${hostname} (${code})`
        : tlsCodes.test(code)
          ? `no TLS connection to ${hostname}: ${message}`
          : `no answer of ${hostname}: ${message}`;
  return new ReadFailure('unavailable', what, { cause: error });
}

/** Answers that only tell of the answer to come (1xx) at most; a server may send any number of them. */
const noticeCap = 10;

/** Gives up a request whose server tells again and again that the answer will come. */
export function limitNotices(request: ClientRequest): void {
  let notices = 0;
  request.on('information', () => {
    notices += 1;
    if (notices > noticeCap)
      request.destroy(
        new ReadFailure('invalid-response', `more than ${noticeCap} answers 1xx came before the answer`),
      );
  });
}

/** TLS names no addresses. */
function sniOf({ hostname }: URL): string {
  return isIP(withoutBrackets(hostname)) === 0 ? hostname : '';
}

function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

/** Starts the stopwatch for a URL. */
export function startStopwatch(url: string, { stopwatch }: ProbeOptions): () => number {
  if (stopwatch) return stopwatch(url);
  const start = performance.now();
  return () => performance.now() - start;
}
