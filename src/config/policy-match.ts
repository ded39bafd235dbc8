import { isIP } from 'node:net';

/**
 * How well a pattern (`owner/name`, `owner/*`, `owner/prefix-*`) fits a repository: 0 for not at all, more for
 * more of it written out. Upper and lower case are the same, as on GitHub.
 */
export function repositoryMatch(pattern: string, repository: string): number {
  const literal = pattern.toLowerCase();
  if (!fits(literal.split('*'), repository.toLowerCase())) return 0;
  return literal.includes('*') ? literal.replaceAll('*', '').length : Number.MAX_SAFE_INTEGER;
}

/** Whether a text is made of these parts in order, with any characters but slashes between them. */
function fits(parts: readonly string[], text: string): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last))
    return false;
  const middle = text.slice(first.length, text.length - last.length);
  let at = 0;
  for (const part of rest) {
    const found = middle.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return !middle.includes('/');
}

/**
 * Whether an entry of `probe_hosts` allows a host. `*.example.com` allows what is below example.com, neither
 * itself nor any address. An address is allowed by itself only, in whatever notation it is written.
 */
export function allowsHost(granted: string, hostname: string): boolean {
  const asked = canonicalHost(hostname);
  if (asked === null) return false;
  if (!granted.startsWith('*.')) return canonicalHost(granted) === asked;
  const suffix = granted.slice(1).toLowerCase();
  return isIP(bare(asked)) === 0 && asked.endsWith(suffix) && asked.length > suffix.length;
}

/** What is wrong with an entry of `probe_hosts`; null where nothing is. */
export function hostProblem(entry: string): string | null {
  if (/[/@?#]/.test(entry) || /^[^:]*:\d*$/.test(entry)) {
    return 'write the host alone, without scheme, port or path';
  }
  const name = entry.startsWith('*.') ? entry.slice(2) : entry;
  const canonical = canonicalHost(name);
  if (name.includes('*') || canonical === null)
    return 'write a name such as api.example.com, or *.example.com';
  const isAddress = isIP(bare(canonical)) !== 0;
  if (name !== entry && (isAddress || !canonical.includes('.'))) {
    return 'a wildcard stands for names below a domain of two parts at least, for example *.example.com';
  }
  return null;
}

/** A host as URLs write it: lower case, an address in its one canonical notation. Null where it is none. */
function canonicalHost(hostname: string): string | null {
  const name = hostname.replace(/\.$/, '');
  const host = isIP(name) === 6 ? `[${name}]` : name;
  const url = URL.parse(`http://${host}/`);
  if (url === null || url.port !== '' || url.username !== '' || url.pathname !== '/') return null;
  return unmapped(url.hostname);
}

/** An IPv4 address that is written as an IPv6 one (RFC 4291, section 2.5.5.2) is the same address. */
function unmapped(hostname: string): string {
  const found = /^\[::ffff:([\da-f]{1,4}):([\da-f]{1,4})\]$/.exec(hostname);
  if (!found) return hostname;
  const [high, low] = [Number.parseInt(found[1] ?? '', 16), Number.parseInt(found[2] ?? '', 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}
