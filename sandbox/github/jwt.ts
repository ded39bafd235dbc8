import { createVerify } from 'node:crypto';
import { z } from 'zod';
import { refused, unauthorized } from './errors.ts';
import type { App } from './state/world.ts';

/** The App's own token: RS256, at most ten minutes ahead, its issuer the App's id or client id. */

const header = z.object({ alg: z.literal('RS256') });
const claims = z.object({
  iat: z.unknown(),
  exp: z.unknown(),
  iss: z.union([z.string(), z.number()]).optional(),
});
const longest = 600;

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

function verifiedClaims(token: string, publicKey: string): z.infer<typeof claims> {
  const undecodable = 'A JSON web token could not be decoded';
  const [head = '', payload = '', signature = ''] = token.split('.');
  if (!header.safeParse(decode(head)).success)
    throw unauthorized(undecodable, 'JWT: its algorithm is not RS256');
  const verify = createVerify('RSA-SHA256').update(`${head}.${payload}`);
  if (!verify.verify(publicKey, signature, 'base64url')) {
    throw unauthorized(undecodable, "JWT: its signature is not of the App's key");
  }
  const parsed = claims.safeParse(decode(payload));
  if (!parsed.success) throw unauthorized(undecodable, 'JWT: it carries no claims');
  return parsed.data;
}

/** Throws as GitHub answers where the token is not good at `now`, ms since the epoch. */
export function verifyAppToken(token: string, app: App, now: number): void {
  const { iat, exp, iss } = verifiedClaims(token, app.publicKey);
  const seconds = now / 1_000;
  const numeric =
    "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires";
  if (typeof exp !== 'number') throw unauthorized(numeric, 'JWT: exp is missing');
  if (exp <= seconds) throw unauthorized(numeric, 'JWT: it has expired');
  if (exp > seconds + longest) {
    throw unauthorized(
      "'Expiration time' claim ('exp') is too far in the future",
      'JWT: exp is over 10 minutes ahead',
    );
  }
  if (typeof iat !== 'number' || !Number.isInteger(iat) || iat > seconds) {
    const message =
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued";
    throw unauthorized(message, 'JWT: iat is missing or in the future');
  }
  if (String(iss) !== String(app.id) && iss !== app.clientId) {
    throw refused(404, 'Integration not found', `JWT: iss ${String(iss)} is not the App's id`);
  }
}
