import { z } from 'zod';
import type { Path } from './configuration-error.ts';

/** The JSON Schema of what may be written: defaults may be missing. */
export function jsonSchemaOf(schema: z.ZodType): Record<string, unknown> {
  return z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
}

/** The part of a JSON Schema that Sitrep's own schemas use. */
export interface SchemaNode {
  type?: string | undefined;
  description?: string | undefined;
  default?: unknown;
  const?: string | number | boolean | undefined;
  enum?: unknown[] | undefined;
  pattern?: string | undefined;
  format?: string | undefined;
  required?: string[] | undefined;
  properties?: Record<string, SchemaNode> | undefined;
  propertyNames?: SchemaNode | undefined;
  additionalProperties?: SchemaNode | boolean | undefined;
  items?: SchemaNode | undefined;
  oneOf?: SchemaNode[] | undefined;
}

const schemaNode: z.ZodType<SchemaNode> = z.lazy(() =>
  z.object({
    type: z.string().optional(),
    description: z.string().optional(),
    default: z.unknown().optional(),
    const: z.union([z.string(), z.number(), z.boolean()]).optional(),
    enum: z.array(z.unknown()).optional(),
    pattern: z.string().optional(),
    format: z.string().optional(),
    required: z.array(z.string()).optional(),
    properties: z.record(z.string(), schemaNode).optional(),
    propertyNames: schemaNode.optional(),
    additionalProperties: z.union([z.boolean(), schemaNode]).optional(),
    items: schemaNode.optional(),
    oneOf: z.array(schemaNode).optional(),
  }),
);

const trees = new WeakMap<z.ZodType, SchemaNode>();

/**
 * A zod schema as a tree that can be walked: for "did you mean" and for the reference page. Made when it is asked for: it is
 * dear, and a configuration without an error needs none.
 */
export function schemaTree(schema: z.ZodType): SchemaNode {
  const known = trees.get(schema);
  if (known !== undefined) return known;
  const tree = schemaNode.parse(jsonSchemaOf(schema));
  trees.set(schema, tree);
  return tree;
}

/** The schema that a path leads to, where the data decide between the kinds of a component; null for none. */
export function schemaAt(tree: SchemaNode, path: Path, data: unknown): SchemaNode | null {
  let node: SchemaNode | null = kindOf(tree, data);
  let value = data;
  for (const part of path) {
    value = childOf(value, part);
    const next: SchemaNode | undefined = node ? step(node, part) : undefined;
    node = next ? kindOf(next, value) : null;
  }
  return node;
}

function step(node: SchemaNode, part: string | number): SchemaNode | undefined {
  if (typeof part === 'number') return node.items;
  if (node.properties && Object.hasOwn(node.properties, part)) return node.properties[part];
  return typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined;
}

/** Of several kinds the one whose `type` the data have. */
function kindOf(node: SchemaNode, value: unknown): SchemaNode {
  const type = childOf(value, 'type');
  return node.oneOf?.find((kind) => kind.properties?.['type']?.const === type) ?? node;
}

/** The member of a value; undefined where it has none. */
export function childOf(value: unknown, part: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
  return Object.getOwnPropertyDescriptor(value, part)?.value;
}

/** The value that a path leads to; undefined where it leads to none. */
export function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, part) => childOf(value, part), data);
}
