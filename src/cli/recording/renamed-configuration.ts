import { mapTexts, type Place } from './json-strings.ts';

/** Objects of a configuration whose keys are names that people chose. */
const named = new Set(['components', 'journeys', 'contacts', 'environments', 'env']);

/** Fields that hold a word of the format. */
const fixed = new Set(['type', 'role', 'egress', 'version']);

/** A configuration's data with its names changed: never the words of the format, and of CEL only what is quoted. */
export function renamedConfiguration(file: unknown, rename: (text: string) => string): unknown {
  return withKeys(mapTexts(file, { text: (text, place) => renamedText(text, place, rename) }), rename, false);
}

function renamedText(text: string, { key }: Place, rename: (text: string) => string): string {
  if (key !== null && fixed.has(key)) return text;
  return key === 'when' ? renamedExpression(text, rename) : rename(text);
}

/** Causes are Sitrep's words. `components.api` is the same as `components['api']`, and the new name may need the latter. */
function renamedExpression(expression: string, rename: (text: string) => string): string {
  return expression
    .replaceAll(/\b(components|journeys)\.([a-z]\w*)/g, (written: string, of: string, id: string) =>
      rename(id) === id ? written : `${of}['${rename(id)}']`,
    )
    .replaceAll(
      /(?:'[^']*'|"[^"]*")(?!\s+in\s+causes)/g,
      (quoted) => quoted.slice(0, 1) + rename(quoted.slice(1, -1)) + quoted.slice(-1),
    );
}

function withKeys(value: unknown, rename: (text: string) => string, isNamed: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => withKeys(item, rename, false));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      isNamed ? rename(key) : key,
      withKeys(inner, rename, !isNamed && named.has(key)),
    ]),
  );
}
