/** Whether a text that stands where a secret would stand is none, or looks as one does. */

/** What stands for nothing, for a secret that is elsewhere, or for one that was taken out. */
const placeholder =
  /^(?:\[?redacted\]?(?:, another value)?|null|nil|none|undefined|true|false|\*{2,64}|x{3,64}|\.{3}|…|[-|>{[(]|<[\w -]{1,40}>|\$\([^)]{0,200}\)?|\$\{[\w.:-]{1,80}\}|\{\{[^}]{0,80}\}\})$/i;

/** Name of a resource: of a secret as Google has it, not what it holds. */
const resource = /^(?:\/\/[\w.]{1,60}\/)?projects\//;

export function isPlaceholder(value: string): boolean {
  return value.trim() === '' || placeholder.test(value) || resource.test(value);
}

/** A number under a name such as `max_tokens` or `token_ttl`. */
export function isNumber(value: string): boolean {
  return /^\d{1,9}(?:\.\d{1,6})?(?:ms|s|m|h|d)?$/.test(value);
}

/** A run of letters and digits as keys are made of; words, versions and short hashes are none. */
export function looksRandom(value: string): boolean {
  if (!/^[\w+/=-]{16,4000}$/.test(value)) return false;
  if (/^[0-9a-f]{32,4000}$/i.test(value)) return true;
  return isMixed(value);
}

/**
 * Whether letters of both cases stand beside digits. Of the keys in base64 some have no digit, of 16 bytes one in 36 and of 32
 * bytes one in 1,400: they are known by the signs at their end, or since the case changes as it does by chance, and in words
 * written together it changes more rarely.
 */
export function isMixed(run: string): boolean {
  if (!/[a-z]/.test(run) || !/[A-Z]/.test(run)) return false;
  if (/\d/.test(run)) return true;
  if (run.length < leastWithoutDigit) return false;
  if (run.endsWith('=') && run.length % 4 === 0) return true;
  const changes = run.match(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g)?.length ?? 0;
  return changes * 3 > run.length;
}

const leastWithoutDigit = 20;

/** As people choose passwords: letters and digits in one word. Of what they say about one, hardly any word has both. */
export function looksChosen(value: string): boolean {
  return value.length >= 6 && /[A-Za-z]/.test(value) && /\d/.test(value) && !/^\d{4}-\d\d-\d\d/.test(value);
}

/** Signs that words have not. */
export function hasSigns(value: string): boolean {
  return /[^\w.,;:!?'"()`-]/.test(value);
}
