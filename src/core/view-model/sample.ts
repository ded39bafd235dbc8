import { z } from 'zod';
import { viewModels } from './kinds.ts';

/** View models of every kind without an incident: to try a template with. */

/** How much a sample holds: everything, or only what is always there. */
export type Fullness = 'full' | 'bare';

export type Sample = string | number | boolean | null | Sample[] | { [key: string]: Sample };

type Shape = z.core.JSONSchema.JSONSchema;

/** A view model of the kind that fits its schema. */
export function sampleModel(kind: string, fullness: Fullness): Sample {
  const schema = viewModels.get(kind);
  if (schema === undefined) throw new Error(`there is no kind ${kind}`);
  const whole = z.toJSONSchema(schema);
  return sampleOf(whole, whole.$defs ?? {}, fullness);
}

function sampleOf(part: unknown, named: Readonly<Record<string, Shape>>, fullness: Fullness): Sample {
  const shape = isShape(part) ? part : {};
  const of = (inner: unknown): Sample => sampleOf(inner, named, fullness);
  const isFull = fullness === 'full';
  if (shape.$ref !== undefined) return of(named[shape.$ref.replace('#/$defs/', '')]);
  if (typeof shape.const === 'string') return shape.const;
  // What may be missing is `null` then.
  if (shape.anyOf !== undefined) return isFull ? of(shape.anyOf[0]) : null;
  const [example] = shape.examples ?? [];
  if (typeof example === 'string') return example;
  if (shape.properties !== undefined)
    return Object.fromEntries(Object.entries(shape.properties).map(([key, inner]) => [key, of(inner)]));
  if (shape.items !== undefined) return isFull ? [of(shape.items), of(shape.items)] : [];
  if (shape.type === 'boolean') return isFull;
  if (shape.type === 'integer') return isFull ? 2 : 0;
  throw new Error(`no sample is known for ${JSON.stringify(part)}`);
}

function isShape(value: unknown): value is Shape {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
