import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';

const form = /^sha256=[0-9a-f]{64}$/iu;
const prefix = 'sha256='.length;

/** Whether a text has the form of `X-Hub-Signature-256`; what has not is refused before its body is read. */
export function isSignature(text: string): boolean {
  return form.test(text);
}

/** Checks one body, in the pieces that it comes in. */
export interface SignatureCheck {
  add(piece: Uint8Array): void;
  /** Whether the signature is that of all pieces. Ask once. */
  matches(signature: string): boolean;
}

/**
 * Begins the check of `X-Hub-Signature-256` on the bytes of one body as they come. Several secrets while one is being
 * rotated: one that matches is enough.
 */
export function createVerifier(secrets: readonly string[]): () => SignatureCheck {
  const keys = secrets.map((secret) => createSecretKey(secret, 'utf8'));
  return () => {
    const hmacs = keys.map((key) => createHmac('sha256', key));
    return {
      add(piece) {
        for (const hmac of hmacs) hmac.update(piece);
      },
      matches(signature) {
        if (!isSignature(signature)) return false;
        const given = Buffer.from(signature.slice(prefix), 'hex');
        return hmacs.some((hmac) => timingSafeEqual(hmac.digest(), given));
      },
    };
  };
}
