import { isMixed } from './secrets/values.ts';

/** Words that make a setting's name that of a secret, wherever they stand in it. */
const anywhere =
  /secret|token|key|passw|passphrase|credential|dsn|private|signature|cookie|webhook|connection_?string/i;

/** Short words that do so only as the last word of a name: AUTH_SERVICE_URL is none. */
const lastWord = /(?:^|[_.-])(?:auth|pass|pwd|pin|salt|otp|sig|jwt)$/i;

/** Names that end in a measure, for example TOKEN_REFRESH_SECONDS: a plain number under them is no secret. */
const measure =
  /(?:timeout|seconds|minutes|hours|days|ms|ttl|expiry|expires?|count|limit|size|length|retries)$/i;

const plainNumber = /^\d{1,9}(\.\d{1,6})?$/;

/** A run of letters of both cases and digits, as keys are made of; words, versions and lower-case hashes are none. */
function isRandomRun(run: string): boolean {
  return run.length >= 20 && isMixed(run);
}

/**
 * What a recording holds in the place of a secret: the same for the same secret, so that two values differ as they
 * did. Whoever plays it redacts it as the secret itself was redacted.
 */
export const standInPattern = /(?<![A-Za-z0-9])recorded-secret-[a-z]{4,8}(?![A-Za-z0-9])/g;

/** The stand-in with a running number from 0 on, in letters: digits are masked where log lines are compared. */
export function secretStandIn(number: number): string {
  let letters = '';
  for (let rest = number; letters.length < 4 || rest > 0; rest = Math.floor(rest / 26)) {
    letters = String.fromCodePoint(97 + (rest % 26)) + letters;
  }
  return `recorded-secret-${letters}`;
}

/** Whether the value of a setting is, or may be, a secret: by its name, or by its look. In doubt it is. */
export function isSecretSetting(name: string, value: string): boolean {
  if (value === '' || (measure.test(name) && plainNumber.test(value))) return false;
  return (
    value.search(standInPattern) >= 0 ||
    anywhere.test(name) ||
    lastWord.test(name) ||
    value.split(/[^\w+/=-]/u).some(isRandomRun)
  );
}

/** Follows what stands in the place of a secret where it differs from the one that it is shown beside. */
export const differing = ', another value';
