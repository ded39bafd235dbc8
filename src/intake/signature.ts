import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';

const form = /^sha256=[0-9a-f]{64}$/iu;
const prefix = 'sha256='.length;

/**
 * Checks `X-Hub-Signature-256` on the bytes as they came. Several secrets while one is being rotated: one that
 * matches is enough.
 */
export function createVerifier(secrets: readonly string[]): (body: Uint8Array, signature: string) => boolean {
  const keys = secrets.map((secret) => createSecretKey(secret, 'utf8'));
  return (body, signature) => {
    if (!form.test(signature)) return false;
    const given = Buffer.from(signature.slice(prefix), 'hex');
    return keys.some((key) => timingSafeEqual(createHmac('sha256', key).update(body).digest(), given));
  };
}
