import { BlockList, isIP } from 'node:net';
import { canonicalHost } from '../config/host.ts';

/**
 * Which addresses are of the public internet, by IANA's special-purpose registries as of April 2025
 * (https://www.iana.org/assignments/iana-ipv4-special-registry, …/iana-ipv6-special-registry; RFC 6890). A block that is not
 * globally reachable is not public, and neither is one by which a translator or a tunnel leads to IPv4 addresses (NAT64,
 * 6to4 and its relays, Teredo), nor multicast and what is reserved. AS112 and AMT (192.31.196.0/24, 192.52.193.0/24,
 * 192.175.48.0/24, 2620:4f:8000::/48) are globally reachable.
 */
const specialV4 = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // shared by carriers
  ['127.0.0.0', 8], // loopback
  ['169.254.0.0', 16], // link-local
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocol assignments
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // relays of 6to4, deprecated (RFC 7526)
  ['192.168.0.0', 16], // private
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 3], // multicast, reserved, broadcast
] as const) {
  specialV4.addSubnet(network, prefix, 'ipv4');
}
// Azure's own services at a machine, though the address is registered as a public one.
specialV4.addAddress('168.63.129.16', 'ipv4');

/** All of IPv6 that is assigned for global unicast (RFC 4291, section 2.4, and IANA's ipv6-unicast-address-assignments). */
const globalV6 = new BlockList();
globalV6.addSubnet('2000::', 3, 'ipv6');
const specialV6 = new BlockList();
for (const [network, prefix] of [
  ['2001::', 23], // protocol assignments: Teredo, benchmarks, ORCHID and others
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4
  ['3fff::', 20], // documentation (RFC 9637)
] as const) {
  specialV6.addSubnet(network, prefix, 'ipv6');
}

/** Whether a text is an IP address of the public internet. An IPv4 address within IPv6 notation is judged as IPv4. */
export function isPublicAddress(address: string): boolean {
  const canonical = isIP(address) === 0 ? null : canonicalHost(address);
  if (canonical === null) return false;
  return isIP(canonical) === 4
    ? !specialV4.check(canonical, 'ipv4')
    : globalV6.check(canonical, 'ipv6') && !specialV6.check(canonical, 'ipv6');
}
