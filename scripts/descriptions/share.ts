/**
 * GitHub's description writes the same object out again and again: a user stands in one webhook a dozen times.
 * Repeated objects become references, which makes the file a third and its validators quicker to compile.
 */

/** Shorter ones are not worth a reference. */
const leastLength = 200;

function isObjectSchema(value: object): boolean {
  return (
    'properties' in value && 'type' in value && (typeof value.type === 'string' || Array.isArray(value.type))
  );
}

function count(value: unknown, seen: Map<string, number>): void {
  if (typeof value !== 'object' || value === null) return;
  if (isObjectSchema(value)) {
    const text = JSON.stringify(value);
    if (text.length >= leastLength) seen.set(text, (seen.get(text) ?? 0) + 1);
  }
  for (const part of Object.values(value)) count(part, seen);
}

interface Sharing {
  /** Text of an object → how often it stands there. */
  seen: Map<string, number>;
  /** Text of an object → its name. */
  names: Map<string, string>;
  shared: Map<string, unknown>;
}

function replaceInside(value: object, sharing: Sharing): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, replace(part, sharing)]));
}

/** `part` with every repeated object replaced by a reference. */
function replace(part: unknown, sharing: Sharing): unknown {
  if (typeof part !== 'object' || part === null) return part;
  if (Array.isArray(part)) return part.map((item) => replace(item, sharing));
  const text = JSON.stringify(part);
  if (!isObjectSchema(part) || (sharing.seen.get(text) ?? 0) < 2) return replaceInside(part, sharing);
  const known = sharing.names.get(text);
  const name = known ?? `shared-${sharing.names.size + 1}`;
  if (known === undefined) {
    sharing.names.set(text, name);
    sharing.shared.set(name, replaceInside(part, sharing));
  }
  return { $ref: `#/components/schemas/${name}` };
}

/** `schemas`, the repeated objects among them, and the `rest` with references to them. */
export function shareRepeated(
  schemas: Record<string, object>,
  rest: object,
): { rest: Record<string, unknown>; schemas: Record<string, unknown> } {
  const sharing: Sharing = { seen: new Map(), names: new Map(), shared: new Map() };
  count([schemas, rest], sharing.seen);
  const named = Object.entries(schemas).map(([name, schema]) => [name, replaceInside(schema, sharing)]);
  const replaced = replaceInside(rest, sharing);
  return { rest: replaced, schemas: { ...Object.fromEntries(named), ...Object.fromEntries(sharing.shared) } };
}
