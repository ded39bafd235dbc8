import { isIP } from 'node:net';
import { canonicalHost } from './host.ts';
import { isMetadata } from './metadata.ts';

/**
 * An entry of `probe_hosts`: `[https://]host[:port]`. The host is a name, `*.name` for all names below it, or an
 * address. Without a port it grants the usual one of each scheme, 443 for https and wss, 80 for http and ws; any other
 * port is written out. Plain http needs no word of its own, since a probe sends nothing that is secret; with https://
 * in front it is refused.
 */
interface ProbeGrant {
  /** Canonical; below it where `isWildcard`. */
  host: string;
  isWildcard: boolean;
  /** Null for the usual port of the scheme. */
  port: number | null;
  onlySecure: boolean;
}

const secure = 'https://';
const schemes: ReadonlySet<string> = new Set(['https:', 'wss:', 'http:', 'ws:']);

/** Whether an entry of `probe_hosts` grants a URL. Metadata of a cloud is granted by none. */
export function grantsProbe(entry: string, url: URL): boolean {
  const grant = parsed(entry);
  const asked = canonicalHost(url.hostname);
  if ('problem' in grant || asked === null || isMetadata(asked)) return false;
  if (!schemes.has(url.protocol) || url.username !== '' || url.password !== '') return false;
  if (grant.onlySecure && !isSecure(url)) return false;
  if (grant.port === null ? url.port !== '' : grant.port !== portOf(url)) return false;
  if (!grant.isWildcard) return asked === grant.host;
  // The part below the dot of a wildcard is never an address.
  return isIP(asked) === 0 && asked.endsWith(`.${grant.host}`) && asked.length > grant.host.length + 1;
}

/** What is wrong with an entry of `probe_hosts`; null where nothing is. */
export function probeGrantProblem(entry: string): string | null {
  const grant = parsed(entry);
  return 'problem' in grant ? grant.problem : null;
}

/** The entry that grants a URL and as little else as can be said: its host, with the port where it is not the usual one. */
export function probeGrantOf(url: URL): string {
  const host = canonicalHost(url.hostname) ?? url.hostname;
  if (url.port === '') return host;
  return `${isIP(host) === 6 ? `[${host}]` : host}:${url.port}`;
}

/** The same URL at an address that its host led to; null where that is no address. */
export function atAddress({ protocol, port }: URL, address: string): URL | null {
  const host = canonicalHost(address);
  if (host === null || isIP(host) === 0) return null;
  return URL.parse(`${protocol}//${isIP(host) === 6 ? `[${host}]` : host}${port === '' ? '' : `:${port}`}/`);
}

function parsed(entry: string): ProbeGrant | { problem: string } {
  const scheme = /^[a-z][a-z\d+.-]*:\/\//i.exec(entry)?.[0] ?? '';
  const onlySecure = scheme.toLowerCase() === secure;
  if (scheme !== '' && !onlySecure)
    return { problem: 'write the host alone, or https:// in front of it to refuse plain http and ws' };
  const rest = entry.slice(scheme.length);
  if (/[/\\@?#%\s]/.test(rest))
    return { problem: 'write a host, and a port where it is needed, without path or user' };
  const { host: written, port } = splitPort(rest);
  if (port !== null && !(port >= 1 && port <= 65_535))
    return { problem: 'write a port from 1 to 65535 after the colon' };
  const isWildcard = written.startsWith('*.');
  const name = isWildcard ? written.slice(2) : written;
  const host = name.includes('*') ? null : canonicalHost(name);
  if (host === null || host === '' || name.endsWith('.'))
    return { problem: 'write a name such as api.example.com, or *.example.com' };
  const isAddress = isIP(host) !== 0;
  if (isWildcard && (isAddress || !host.includes('.')))
    return {
      problem: 'a wildcard stands for names below a domain of two parts at least, for example *.example.com',
    };
  if (isMetadata(host)) return { problem: 'remove it: metadata of a cloud is never probed' };
  if (isAddress && host !== name.replace(/^\[|\]$/g, '').toLowerCase())
    return { problem: `write the address as ${host}` };
  return { host, isWildcard, port, onlySecure };
}

/** An IPv6 address has a port behind its brackets only. */
function splitPort(text: string): { host: string; port: number | null } {
  if (isIP(text) === 6) return { host: text, port: null };
  const found = /^(.*):(\d{1,6})$/.exec(text);
  return found ? { host: found[1] ?? '', port: Number(found[2]) } : { host: text, port: null };
}

function isSecure({ protocol }: URL): boolean {
  return protocol === 'https:' || protocol === 'wss:';
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return isSecure(url) ? 443 : 80;
}
