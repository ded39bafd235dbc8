import { redacted } from './redact.ts';

/** Names of settings whose value may be a secret. */
const secretName = /SECRET|TOKEN|KEY|PASSW|PWD|CREDENTIAL|DSN|PRIVATE|SIGNATURE|COOKIE|SALT/i;

/** Names that end in a measure, for example TOKEN_REFRESH_SECONDS: a plain number under them is no secret. */
const measureName =
  /(?:TIMEOUT|SECONDS|MINUTES|HOURS|DAYS|MS|TTL|EXPIRY|EXPIRES?|COUNT|LIMIT|SIZE|LENGTH|RETRIES)$/i;

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
      const clean = looksSecret(name, value) ? redacted : isClean ? value : await redact(value);
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

function looksSecret(name: string, value: string): boolean {
  if (value === '' || !secretName.test(name)) return false;
  return !(measureName.test(name) && /^\d{1,9}(\.\d{1,6})?$/.test(value));
}
