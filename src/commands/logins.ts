/** A GitHub login as people write it in a command. */
const written = /^@?([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))$/u;

/** The login of `@who` or `who`; null where the word cannot be one. */
export function loginOf(word: string | undefined): string | null {
  return written.exec(word ?? '')?.[1] ?? null;
}
