import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { EtagCache } from '../config/remote.ts';

/** Keeps texts unreadable for whoever has only the database. */
export interface Seal {
  /** A name for a text, by which it is found again and which tells nothing of it. */
  nameOf(text: string): string;
  /** Encrypts a text under a name. */
  close(name: string, text: string): Uint8Array;
  /** The text that was encrypted under that name; null where it was with another secret, or is damaged. */
  open(name: string, sealed: Uint8Array): string | null;
}

const cipher = 'aes-256-gcm';
/** Bytes, as NIST SP 800-38D recommends for GCM. */
const nonceLength = 12;
const tagLength = 16;

/** A seal whose keys are derived (HKDF, RFC 5869) from a secret that all processes of one App have. */
export function sealWith(secret: string): Seal {
  const keyFor = (use: string) => Buffer.from(hkdfSync('sha256', secret, 'sitrep', use, 32));
  const [textKey, nameKey] = [keyFor('google answers, text'), keyFor('google answers, name')];
  return {
    nameOf: (text) => createHmac('sha256', nameKey).update(text).digest('base64url'),
    close(name, text) {
      const nonce = randomBytes(nonceLength);
      const sealing = createCipheriv(cipher, textKey, nonce, { authTagLength: tagLength }).setAAD(
        Buffer.from(name),
      );
      const sealed = Buffer.concat([sealing.update(text, 'utf8'), sealing.final()]);
      return Buffer.concat([nonce, sealing.getAuthTag(), sealed]);
    },
    open(name, sealed) {
      try {
        const opening = createDecipheriv(cipher, textKey, sealed.subarray(0, nonceLength), {
          authTagLength: tagLength,
        });
        opening.setAAD(Buffer.from(name));
        opening.setAuthTag(sealed.subarray(nonceLength, nonceLength + tagLength));
        const text = opening.update(sealed.subarray(nonceLength + tagLength));
        return Buffer.concat([text, opening.final()]).toString('utf8');
      } catch {
        return null;
      }
    },
  };
}

/**
 * Keeps the configurations of repositories unreadable for whoever has only the database: people write commands, queries
 * and addresses into them, and what was kept must be what GitHub has, to the letter. What cannot be opened, since the key
 * was exchanged, is read anew.
 */
export function sealedAnswers(seal: Seal, cache: EtagCache): EtagCache {
  return {
    async get(key) {
      const kept = await cache.get(key);
      const body = kept === null ? null : seal.open(key, Buffer.from(kept.body, 'base64'));
      return kept === null || body === null ? null : { etag: kept.etag, body };
    },
    set: (key, { etag, body }) =>
      cache.set(key, { etag, body: Buffer.from(seal.close(key, body)).toString('base64') }),
  };
}
