import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { operations, webhookNames } from '../../sandbox/github/operations.ts';
import { references, toJsonSchema } from './json-schema.ts';
import { shareRepeated } from './share.ts';
import type { DescriptionSource } from './source.ts';

/**
 * GitHub's OpenAPI description, trimmed to what the stand-in answers and sends. The package holds one file of
 * 13 MB for github.com; its index would load all editions, 385 MB.
 */

const reference = z.strictObject({ $ref: z.string() });
const media = z.record(z.string(), z.object({ schema: z.unknown().optional() }));
const parameter = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean().default(false),
  schema: z.unknown(),
  'x-multi-segment': z.boolean().default(false),
});
const response = z.object({ content: media.default({}) });
const operation = z.object({
  operationId: z.string(),
  parameters: z.array(z.union([reference, parameter])).default([]),
  requestBody: z.object({ required: z.boolean().default(false), content: media }).optional(),
  responses: z.record(z.string(), z.union([reference, response])).default({}),
});
const description = z.object({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  'x-webhooks': z.record(z.string(), z.object({ post: operation })),
  components: z.object({
    schemas: z.record(z.string(), z.unknown()),
    parameters: z.record(z.string(), parameter),
    responses: z.record(z.string(), response),
  }),
});

type Description = z.infer<typeof description>;
type Components = Description['components'];

function found<T>(record: Record<string, T>, ref: string): T {
  const name = ref.slice(ref.lastIndexOf('/') + 1);
  const value = record[name];
  if (value === undefined) throw new Error(`The description refers to ${ref}, which it does not hold`);
  return value;
}

function trimMedia(content: z.infer<typeof media>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(content).map(([type, { schema }]) => [
      type,
      schema === undefined ? {} : toJsonSchema(schema),
    ]),
  );
}

/**
 * Where GitHub's description contradicts itself and its own examples. In the list of installations an account
 * must have the fields of a user and of an enterprise at once; the single installation has it right.
 */
const repairs: Record<string, z.infer<typeof media>> = {
  'apps/list-installations 200': {
    'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/installation' } } },
  },
};

function trimOperation(
  method: string,
  path: string,
  source: z.infer<typeof operation>,
  components: Components,
) {
  return {
    method: method.toUpperCase(),
    path,
    parameters: source.parameters
      .map((entry) => ('$ref' in entry ? found(components.parameters, entry.$ref) : entry))
      .map((entry) => ({
        name: entry.name,
        in: entry.in,
        required: entry.required,
        multiSegment: entry['x-multi-segment'],
        schema: toJsonSchema(entry.schema),
      })),
    body: source.requestBody
      ? { required: source.requestBody.required, content: trimMedia(source.requestBody.content) }
      : null,
    responses: Object.fromEntries(
      Object.entries(source.responses).map(([status, entry]) => [
        status,
        trimMedia(
          repairs[`${source.operationId} ${status}`] ??
            ('$ref' in entry ? found(components.responses, entry.$ref) : entry).content,
        ),
      ]),
    ),
  };
}

/** Every operation of GitHub by its id; those that the stand-in answers are in full, of the others the route. */
function trimOperations(source: Description) {
  const answered: Record<string, ReturnType<typeof trimOperation>> = {};
  const others: Record<string, string> = {};
  for (const [path, methods] of Object.entries(source.paths)) {
    for (const [method, entry] of Object.entries(methods)) {
      if (entry.operationId in operations) {
        answered[entry.operationId] = trimOperation(method, path, entry, source.components);
      } else {
        others[entry.operationId] = `${method.toUpperCase()} ${path}`;
      }
    }
  }
  const missing = Object.keys(operations).filter((id) => !(id in answered));
  if (missing.length > 0) throw new Error(`The description has no operation ${missing.join(', ')}`);
  return { answered, others };
}

function trimWebhooks(source: Description): Record<string, unknown> {
  return Object.fromEntries(
    webhookNames.map((name) => {
      const key = name.replaceAll('_', '-').replace('.', '-');
      const schema = source['x-webhooks'][key]?.post.requestBody?.content['application/json']?.schema;
      if (schema === undefined) throw new Error(`The description has no webhook ${name}`);
      return [name, toJsonSchema(schema)];
    }),
  );
}

/** The schemas that `roots` reach, in the order of their names. */
function reachable(roots: unknown, schemas: Record<string, unknown>): Record<string, object> {
  const reached = new Map<string, object>();
  const waiting = references(roots);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name)) continue;
    const schema = toJsonSchema(found(schemas, name));
    reached.set(name, schema);
    waiting.push(...references(schema));
  }
  return Object.fromEntries([...reached].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const name = '@octokit/openapi';
const version = '23.0.2';

export const githubDescriptions: DescriptionSource = {
  packages: { [name]: version },
  async outputs(nodeModulesDir) {
    const file = join(nodeModulesDir, name, 'generated', 'api.github.com.json');
    const source = description.parse(JSON.parse(await readFile(file, 'utf8')));
    const { answered, others } = trimOperations(source);
    const webhooks = trimWebhooks(source);
    const schemas = reachable([answered, webhooks], source.components.schemas);
    const trimmed = shareRepeated(schemas, { operations: answered, others, webhooks });
    const written = { source: { [name]: version }, ...trimmed.rest, schemas: trimmed.schemas };
    const text = JSON.stringify(written, null, 1);
    return { 'github.json': `${text}\n` };
  },
};
