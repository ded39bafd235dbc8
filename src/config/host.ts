import { isIP } from 'node:net';

/** Hosts as URLs have them, whatever notation they are written in (https://url.spec.whatwg.org/#host-parsing). */

/**
 * A host in its one notation: lower case, names of other scripts in punycode, an address in its canonical form, an
 * IPv6 one without brackets, an IPv4 one that is written as IPv6 (RFC 4291, section 2.5.5.2) as IPv4. Null where it is
 * no host alone, such as one with a port, a user or the zone of an address.
 */
export function canonicalHost(text: string): string | null {
  const name = text.replace(/\.$/, '');
  if (isIP(name) === 0 && /:\d*$/.test(name)) return null;
  const url = URL.parse(`http://${isIP(name) === 6 ? `[${name}]` : name}/`);
  if (url === null || url.username !== '' || url.password !== '' || url.pathname !== '/') return null;
  return unmapped(url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, ''));
}

function unmapped(host: string): string {
  const found = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(host);
  return found ? dotted(...pairOf(found[1], found[2])) : host;
}

/**
 * The IPv4 addresses that a canonical IPv6 address leads to by translation or a tunnel: IPv4-compatible (RFC 4291),
 * NAT64 (RFC 6052 and 8215), 6to4 (RFC 3056), Teredo (RFC 4380, which writes it inverted). Empty for any other.
 */
export function embeddedAddresses(address: string): string[] {
  const groups = groupsOf(address);
  if (groups === null) return [];
  const [first = 0, second = 0, third = 0] = groups;
  const last = (): string => dotted(groups[6] ?? 0, groups[7] ?? 0);
  if (groups.slice(0, 6).every((group) => group === 0)) return [last()];
  if (first === 0x64 && second === 0xff_9b) return [last()];
  if (first === 0x20_02) return [dotted(second, third)];
  if (first === 0x20_01 && second === 0)
    return [
      dotted(groups[2] ?? 0, groups[3] ?? 0),
      dotted((groups[6] ?? 0) ^ 0xff_ff, (groups[7] ?? 0) ^ 0xff_ff),
    ];
  return [];
}

/** The eight groups of an IPv6 address in hexadecimal notation; null for anything else. */
function groupsOf(address: string): number[] | null {
  if (isIP(address) !== 6 || /[.%]/.test(address)) return null;
  const [head = '', tail] = address.split('::');
  if (tail === undefined) return numbers(head);
  const [before, after] = [numbers(head), numbers(tail)];
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
}

function numbers(part: string): number[] {
  return part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
}

function pairOf(high = '', low = ''): [number, number] {
  return [Number.parseInt(high, 16), Number.parseInt(low, 16)];
}

function dotted(high: number, low: number): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
