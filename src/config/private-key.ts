import { createPrivateKey } from 'node:crypto';

/** GitHub signs with RSA keys of 2,048 bits; a shorter one is not one of its keys. */
const minimumBits = 2_048;

/**
 * The App's private key as PKCS#8 PEM, from what an environment variable or a file holds: PKCS#1 or PKCS#8 PEM,
 * also with `\n` written out, on one line, or as base64 of the whole. Null where it is no RSA key.
 */
export function parsePrivateKey(text: string): string | null {
  for (const candidate of [text, fromBase64(text)]) {
    const pem = candidate === null ? null : asPem(candidate);
    const key = pem === null ? null : importKey(pem);
    if (key !== null) return key;
  }
  return null;
}

function fromBase64(text: string): string | null {
  const compact = text.replaceAll(/\s/g, '');
  return /^[A-Za-z0-9+/]{100,}={0,2}$/.test(compact) ? Buffer.from(compact, 'base64').toString('utf8') : null;
}

/** PEM with its line breaks, which get lost or are written as `\n` where a key is pasted into one line. */
function asPem(text: string): string | null {
  const found = /-----BEGIN ((?:RSA )?PRIVATE KEY)-----([\s\S]*?)-----END \1-----/.exec(
    text.replaceAll('\\n', '\n'),
  );
  if (!found) return null;
  const [, label = '', body = ''] = found;
  const lines = body.replaceAll(/\s/g, '').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

function importKey(pem: string): string | null {
  try {
    const key = createPrivateKey(pem);
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    if (key.asymmetricKeyType !== 'rsa' || bits < minimumBits) return null;
    return key.export({ type: 'pkcs8', format: 'pem' }).toString();
  } catch {
    return null;
  }
}
