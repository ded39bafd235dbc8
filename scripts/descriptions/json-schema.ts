import { z } from 'zod';

/**
 * Schemas of OpenAPI 3.0 as plain JSON Schema: prose and examples dropped, `nullable` turned into a null type.
 * A keyword that is not known here is an error, so that a new version of a description cannot slip one in.
 */

const node = z.record(z.string(), z.unknown());
const nodes = z.array(node);

type Schema = Record<string, unknown>;

const dropped = new Set([
  'deprecated',
  'description',
  'discriminator',
  'example',
  'examples',
  'externalDocs',
  'nullable',
  'readOnly',
  'title',
  'writeOnly',
]);

const kept = new Set([
  '$ref',
  'default',
  'enum',
  'format',
  'maxItems',
  'maxLength',
  'maximum',
  'minItems',
  'minLength',
  'minProperties',
  'minimum',
  'pattern',
  'required',
  'type',
  'uniqueItems',
]);

function keyword(key: string, value: unknown): unknown {
  switch (key) {
    case 'properties':
      return Object.fromEntries(
        Object.entries(node.parse(value)).map(([name, of]) => [name, toJsonSchema(of)]),
      );
    case 'allOf':
    case 'anyOf':
    case 'oneOf':
      return nodes.parse(value).map(toJsonSchema);
    case 'items':
    case 'not':
      return toJsonSchema(value);
    case 'additionalProperties':
      return typeof value === 'boolean' ? value : toJsonSchema(value);
    default:
      if (!kept.has(key)) throw new Error(`The schema keyword "${key}" is not known to the trimming`);
      return value;
  }
}

/** `nullable` belongs beside `type`; where there is none, ajv refuses it, so it becomes an alternative. */
function withNull(schema: Schema): Schema {
  if (typeof schema['type'] !== 'string') return { anyOf: [schema, { type: 'null' }] };
  const values = z.array(z.unknown()).optional().parse(schema['enum']);
  return {
    ...schema,
    type: [schema['type'], 'null'],
    ...(values && { enum: values.includes(null) ? values : [...values, null] }),
  };
}

/** The JSON Schema of an OpenAPI 3.0 schema, references kept. */
export function toJsonSchema(value: unknown): Schema {
  const schema = node.parse(value);
  const trimmed: Schema = {};
  for (const [key, part] of Object.entries(schema)) {
    if (dropped.has(key) || key.startsWith('x-')) continue;
    trimmed[key] = keyword(key, part);
  }
  return schema['nullable'] === true ? withNull(trimmed) : trimmed;
}

/** Names of the components that a schema refers to, `#/components/<kind>/<name>`. */
export function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    key === '$ref' && typeof part === 'string' ? [part.slice(part.lastIndexOf('/') + 1)] : references(part),
  );
}
