import { textsWithoutSecrets } from '../core/secrets/in-values.ts';

/** A value as the command line prints it and writes it to files: JSON, without secrets in any of its texts. */
export function printedJson(value: unknown): string {
  return `${JSON.stringify(
    textsWithoutSecrets(value, () => 'redacted'),
    null,
    2,
  )}\n`;
}
