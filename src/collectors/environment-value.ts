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
