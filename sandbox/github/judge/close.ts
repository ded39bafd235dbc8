import { z } from 'zod';
import type { JsonSchema } from '../description.ts';

/**
 * GitHub's schemas let unknown fields pass. Closed, they refuse them: `unevaluatedProperties: false` wherever a
 * value is described, which looks through references and `allOf`, `anyOf` and `oneOf`. The parts of such a
 * composition stay open themselves, since each sees only some of the fields.
 */

const schemas = z.array(z.record(z.string(), z.unknown()));
const properties = z.record(z.string(), z.record(z.string(), z.unknown()));
const single = z.record(z.string(), z.unknown());

const compositions = ['allOf', 'anyOf', 'oneOf'];

/** Under which name a schema of the description is known to the validator. */
export function schemaId(reference: string): string {
  return `github:${reference.slice(reference.lastIndexOf('/') + 1)}`;
}

/** An object without a word on its fields is free: a deployment's payload, for example. */
function tellsFields(schema: JsonSchema): boolean {
  return '$ref' in schema || 'properties' in schema || compositions.some((word) => word in schema);
}

/** The schema of a part: its inner values closed, itself open. */
export function closeInside(schema: JsonSchema): JsonSchema {
  const closed: JsonSchema = { ...schema };
  if (typeof schema['$ref'] === 'string') closed['$ref'] = schemaId(schema['$ref']);
  if (schema['properties'] !== undefined) {
    const entries = Object.entries(properties.parse(schema['properties']));
    closed['properties'] = Object.fromEntries(entries.map(([name, value]) => [name, close(value)]));
  }
  for (const word of compositions) {
    if (schema[word] !== undefined) closed[word] = schemas.parse(schema[word]).map(closeInside);
  }
  if (schema['items'] !== undefined) closed['items'] = close(single.parse(schema['items']));
  const additional = schema['additionalProperties'];
  if (typeof additional === 'object') closed['additionalProperties'] = close(single.parse(additional));
  return closed;
}

/** The schema of a value: nothing that it does not name may be there. */
export function close(schema: JsonSchema): JsonSchema {
  const inside = closeInside(schema);
  return tellsFields(schema) && !('additionalProperties' in schema)
    ? { ...inside, unevaluatedProperties: false }
    : inside;
}
