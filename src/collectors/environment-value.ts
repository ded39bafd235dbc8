import { createHmac, randomBytes } from 'node:crypto';
import { isSecretSetting } from '../core/secret-names.ts';
import { redacted } from './redact.ts';

/** Longest value that is shown, in characters. */
const longest = 200;

/** Characters of values that are looked at together; less than a redactor reads at once. */
const batchLength = 10_000;

interface Variable {
  name: string;
  value: string;
}

/**
 * The values of environment variables as they may be shown, in their order: secrets taken out first, then cut.
 * Most hold none, so they are looked at together, and one by one only where something was found.
 */
export async function shownEnvironmentValues(
  variables: readonly Variable[],
  redact: (text: string) => Promise<string>,
): Promise<string[]> {
  const shown: string[] = [];
  for (const batch of batchesOf(variables)) {
    const text = batch.map(({ value }) => value).join('\n');
    const isClean = text.length <= batchLength && (await redact(text)) === text;
    for (const { name, value } of batch) {
      const clean = isSecretSetting(name, value) ? redacted : isClean ? value : await redact(value);
      shown.push(clean.length > longest ? `${clean.slice(0, longest)}…` : clean);
    }
  }
  return shown;
}

/** Of this process and kept nowhere: what is made with it tells nothing to whoever sees it, and dies with the process. */
const fingerprintKey = randomBytes(32);

/**
 * What stands for a value where two are compared: of a value that is not shown as it is a keyed hash, so that the secret
 * itself goes no further. It is never shown or stored: a hash of a password can be tried out.
 */
export function comparable(value: string, shown: string): string {
  if (value === shown) return value;
  return createHmac('sha256', fingerprintKey).update(value).digest('base64url');
}

function batchesOf(variables: readonly Variable[]): Variable[][] {
  const batches: Variable[][] = [];
  let room = 0;
  for (const variable of variables) {
    room -= variable.value.length + 1;
    if (room < 0) {
      batches.push([]);
      room = batchLength - variable.value.length - 1;
    }
    batches.at(-1)?.push(variable);
  }
  return batches;
}
