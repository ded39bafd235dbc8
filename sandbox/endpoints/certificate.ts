import { createSign, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** X.509 certificates (RFC 5280) for the sandbox's endpoints: real ones in form, trusted by nobody. */

/** A new key, on a curve that every client takes. */
export function newKeyPair(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

interface CertificateFacts {
  host: string;
  /** Name of who is said to have issued it. */
  issuer: string;
  /** End of its validity; it began a year before. */
  expires: Date;
  keys: { publicKey: KeyObject; privateKey: KeyObject };
}

/** Tags of ASN.1 that a certificate needs (X.690). */
const tag = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  text: 0x0c,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
  version: 0xa0,
  extensions: 0xa3,
  dnsName: 0x82,
} as const;

/** Object identifiers, encoded. */
const oid = {
  ecdsaWithSha256: '2a8648ce3d040302',
  commonName: '550403',
  subjectAltName: '551d11',
} as const;

const year = 365 * 86_400_000;

/** The certificate in PEM. */
export function certificateFor({ host, issuer, expires, keys }: CertificateFacts): string {
  const algorithm = der(tag.sequence, identifier(oid.ecdsaWithSha256));
  const alternatives = der(tag.sequence, der(tag.dnsName, Buffer.from(host)));
  const toBeSigned = der(
    tag.sequence,
    der(tag.version, der(tag.integer, Buffer.of(2))),
    der(tag.integer, Buffer.of(1)),
    algorithm,
    named(issuer),
    der(tag.sequence, time(new Date(expires.getTime() - year)), time(expires)),
    named(host),
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    der(
      tag.extensions,
      der(tag.sequence, der(tag.sequence, identifier(oid.subjectAltName), der(tag.octets, alternatives))),
    ),
  );
  const signature = createSign('sha256').update(toBeSigned).sign(keys.privateKey);
  const whole = der(tag.sequence, toBeSigned, algorithm, der(tag.bits, Buffer.of(0), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function der(kind: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
  return Buffer.concat([Buffer.of(kind, ...length), content]);
}

function identifier(encoded: string): Buffer {
  return der(tag.oid, Buffer.from(encoded, 'hex'));
}

/** A name with a common name alone. */
function named(name: string): Buffer {
  const pair = der(tag.sequence, identifier(oid.commonName), der(tag.text, Buffer.from(name)));
  return der(tag.sequence, der(tag.set, pair));
}

/** `20260301000000Z` */
function time(at: Date): Buffer {
  return der(tag.time, Buffer.from(`${at.toISOString().replaceAll(/[-:T]|\..*$/g, '')}Z`));
}
