import { BlockList, isIP } from 'node:net';
import { canonicalHost, embeddedAddresses } from './host.ts';

/**
 * Where clouds keep what a machine may know of itself, its tokens included. Sitrep never asks there, whatever the policy
 * says: no endpoint of anybody's product is there.
 */

const addresses = new BlockList();
// Link-local: metadata of Google, AWS, Azure and most others is at 169.254.169.254, that of containers beside it
// (https://docs.cloud.google.com/compute/docs/metadata/querying-metadata).
addresses.addSubnet('169.254.0.0', 16, 'ipv4');
// Azure's host (https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16).
addresses.addAddress('168.63.129.16', 'ipv4');
// Alibaba Cloud (https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata).
addresses.addAddress('100.100.100.200', 'ipv4');
// Oracle Cloud, older instances.
addresses.addAddress('192.0.0.192', 'ipv4');
addresses.addSubnet('fe80::', 10, 'ipv6');
// AWS (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html), Google.
for (const address of ['fd00:ec2::254', 'fd00:ec2::23', 'fd20:ce::254'])
  addresses.addAddress(address, 'ipv6');

const names: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
]);

/** Whether a host is one of these by its name or its address, in whatever notation. */
export function isMetadata(host: string): boolean {
  const canonical = canonicalHost(host);
  if (canonical === null) return false;
  if (names.has(canonical)) return true;
  return [canonical, ...embeddedAddresses(canonical)].some((one) => {
    const version = isIP(one);
    return version !== 0 && addresses.check(one, version === 6 ? 'ipv6' : 'ipv4');
  });
}
