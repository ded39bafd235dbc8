import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ownFile } from '../../src/own-files.ts';
import { isMethodName, methods } from './methods.ts';
import type { MethodName } from './methods.ts';

/** The trimmed descriptions of `sandbox/descriptions/google-*.json`, read once. */

const fieldSchema = z.strictObject({
  type: z.string().describe('Scalar, or full name of a message or enum'),
  repeated: z.literal(true).optional(),
  key: z.string().optional().describe('Type of the keys, where the field is a map'),
  oneof: z.string().optional().describe('Group of which at most one field may be set'),
});
const methodSchema = z.strictObject({
  name: z.string().refine(isMethodName),
  verb: z.enum(['GET', 'POST']),
  path: z.string(),
  body: z.string().optional().describe('Field of the request that the body holds; * for all but the path'),
  request: z.string(),
  response: z.string(),
});
const descriptionSchema = z.strictObject({
  methods: z.array(methodSchema),
  messages: z.record(z.string(), z.record(z.string(), fieldSchema)),
  enums: z.record(z.string(), z.record(z.string(), z.int())),
});

export type FieldDescription = z.infer<typeof fieldSchema>;
export type MessageDescription = Readonly<Record<string, FieldDescription>>;
export interface MethodDescription {
  name: MethodName;
  api: string;
  permission: string;
  verb: 'GET' | 'POST';
  /** HTTP rule of `google.api.http`, for example `/v2/{name=projects/*}/services`. */
  path: string;
  /** What the body holds: one field of the request, or all but the path's (`*`); null for no body. */
  body: string | null;
  request: string;
  response: string;
}

const directory = ownFile('sandbox/descriptions');
const read = [...new Set(Object.values(methods).map(({ description }) => description))].map((name) =>
  descriptionSchema.parse(JSON.parse(readFileSync(join(directory, `google-${name}.json`), 'utf8'))),
);

/** Every method that the stand-in answers. */
export const methodDescriptions: readonly MethodDescription[] = read.flatMap((description) =>
  description.methods.map(({ name, verb, path, body, request, response }) => {
    const { api, permission } = methods[name];
    return { name, api, permission, verb, path, body: body ?? null, request, response };
  }),
);

const messages = new Map(read.flatMap((description) => Object.entries(description.messages)));
const enums = new Map(read.flatMap((description) => Object.entries(description.enums)));

/** Fields of a message by its full name; undefined where no method in use reaches it. */
export function messageNamed(name: string): MessageDescription | undefined {
  return messages.get(name);
}

/** Values of an enum by its full name. */
export function enumNamed(name: string): Readonly<Record<string, number>> | undefined {
  return enums.get(name);
}
