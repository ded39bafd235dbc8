import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { methods } from '../../sandbox/google/methods.ts';
import type { DescriptionSource } from './source.ts';
import { writtenDescriptions } from './written.ts';

/**
 * Google's protobuf descriptions, trimmed to the methods that the stand-in answers: their HTTP rules, and the
 * messages and enums that can be reached from them, flat, under their full names. Well-known types
 * (`google.protobuf.*`) have a JSON form of their own and are left out.
 */

const field = z.object({
  type: z.string(),
  rule: z.enum(['repeated', 'required']).optional(),
  keyType: z.string().optional(),
  options: z.record(z.string(), z.unknown()).optional(),
});
const rpc = z.object({
  requestType: z.string(),
  responseType: z.string(),
  parsedOptions: z.array(z.record(z.string(), z.unknown())).default([]),
});
const httpRule = z.object({
  get: z.string().optional(),
  post: z.string().optional(),
  body: z.string().optional(),
});

/** One scope of a description: a package, a message, an enum or a service. */
export interface Scope {
  fields?: Record<string, z.infer<typeof field>> | undefined;
  oneofs?: Record<string, { oneof: string[] }> | undefined;
  values?: Record<string, number> | undefined;
  methods?: Record<string, z.infer<typeof rpc>> | undefined;
  nested?: Record<string, Scope> | undefined;
}
const scope: z.ZodType<Scope> = z.lazy(() =>
  z.object({
    fields: z.record(z.string(), field).optional(),
    oneofs: z.record(z.string(), z.object({ oneof: z.array(z.string()) })).optional(),
    values: z.record(z.string(), z.int()).optional(),
    methods: z.record(z.string(), rpc).optional(),
    nested: z.record(z.string(), scope).optional(),
  }),
);

const packages = {
  run: { name: '@google-cloud/run', version: '4.2.0' },
  vpcaccess: { name: '@google-cloud/vpc-access', version: '4.1.0' },
  sql: { name: '@google-cloud/sql', version: '0.32.0' },
  logging: { name: '@google-cloud/logging-api', version: '0.3.0' },
  monitoring: { name: '@google-cloud/monitoring', version: '6.1.1' },
  secretmanager: { name: '@google-cloud/secret-manager', version: '7.2.0' },
  compute: { name: '@google-cloud/compute', version: '7.8.0' },
} as const;

const scalars = new Set(
  'double float int32 int64 uint32 uint64 sint32 sint64 fixed32 fixed64 sfixed32 sfixed64 bool string bytes'.split(
    ' ',
  ),
);

type Scopes = Map<string, Scope>;

function flatten(root: Scope, prefix: string, into: Scopes): Scopes {
  for (const [name, inner] of Object.entries(root.nested ?? {})) {
    into.set(`${prefix}${name}`, inner);
    flatten(inner, `${prefix}${name}.`, into);
  }
  return into;
}

/** Full name of a type that is named relative to a scope, innermost scope first, as protobuf has it. */
function resolve(scopes: Scopes, from: string, type: string): string {
  const parts = from.split('.');
  for (let length = parts.length; length >= 0; length -= 1) {
    const name = [...parts.slice(0, length), type].join('.');
    const found = scopes.get(name);
    if (found?.fields !== undefined || found?.values !== undefined) return name;
  }
  throw new Error(`The description names the type ${type} in ${from}, which it does not hold`);
}

/** Compute Engine writes its enums as texts, and describes each beside its field: `status` by the enum `Status`. */
function enumOf(message: Scope, key: string, type: string, scopeName: string): string | null {
  const name = `${key.charAt(0).toUpperCase()}${key.slice(1)}`;
  const values = message.nested?.[name]?.values;
  return type === 'string' && Object.keys(values ?? {}).length > 1 ? `${scopeName}.${name}` : null;
}

function trimFields(scopes: Scopes, name: string, message: Scope): Record<string, unknown> {
  const oneofOf = new Map<string, string>();
  for (const [oneof, { oneof: members }] of Object.entries(message.oneofs ?? {})) {
    for (const member of members) oneofOf.set(member, oneof);
  }
  return Object.fromEntries(
    Object.entries(message.fields ?? {}).map(([key, { type, rule, keyType, options = {} }]) => {
      const oneof = options['proto3_optional'] === true ? undefined : oneofOf.get(key);
      const jsonName = z.string().default(key).parse(options['json_name']);
      return [
        jsonName,
        {
          type: enumOf(message, key, type, name) ?? (scalars.has(type) ? type : resolve(scopes, name, type)),
          ...(rule === 'repeated' && { repeated: true }),
          ...(keyType !== undefined && { key: keyType }),
          ...(oneof !== undefined && { oneof }),
        },
      ];
    }),
  );
}

/** Takes in a message or enum and all that can be reached from it. */
function reach(
  scopes: Scopes,
  name: string,
  into: { messages: Record<string, unknown>; enums: Record<string, unknown> },
) {
  if (name.startsWith('google.protobuf.') || name in into.messages || name in into.enums) return;
  const found = scopes.get(name);
  if (found === undefined) throw new Error(`The description does not hold ${name}`);
  if (found.values !== undefined) {
    into.enums[name] = found.values;
    return;
  }
  const fields = trimFields(scopes, name, found);
  into.messages[name] = fields;
  for (const { type } of z.array(z.object({ type: z.string() })).parse(Object.values(fields))) {
    if (!scalars.has(type)) reach(scopes, type, into);
  }
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function trimMethod(scopes: Scopes, fullName: string) {
  const service = fullName.slice(0, fullName.lastIndexOf('.'));
  const found = scopes.get(service)?.methods?.[fullName.slice(service.length + 1)];
  if (found === undefined) throw new Error(`The description does not hold the method ${fullName}`);
  const rule = httpRule.parse(
    found.parsedOptions.find((option) => '(google.api.http)' in option)?.['(google.api.http)'],
  );
  const verb = rule.get === undefined ? 'POST' : 'GET';
  return {
    name: fullName,
    verb,
    path: z.string().parse(rule.get ?? rule.post),
    ...(rule.body !== undefined && { body: camelCase(rule.body) }),
    request: resolve(scopes, service, found.requestType),
    response: resolve(scopes, service, found.responseType),
  };
}

function lines(of: Record<string, unknown>): string {
  return Object.entries(of)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
    .join(',\n');
}

/** One line for each method, message and enum, so that a difference between versions can be read. */
function trim(root: Scope, names: string[]): string {
  const scopes = flatten(root, '', new Map());
  const trimmed = names.map((name) => trimMethod(scopes, name));
  const reached = { messages: {}, enums: {} };
  for (const { request, response } of trimmed) {
    reach(scopes, request, reached);
    reach(scopes, response, reached);
  }
  const methodLines = trimmed.map((method) => `    ${JSON.stringify(method)}`).join(',\n');
  const parts = [
    `  "methods": [\n${methodLines}\n  ]`,
    `  "messages": {\n${lines(reached.messages)}\n  }`,
    `  "enums": {\n${lines(reached.enums)}\n  }`,
  ];
  return `{\n${parts.join(',\n')}\n}\n`;
}

type Api = keyof typeof packages;

function namesOf(api: string): string[] {
  return Object.entries(methods).flatMap(([name, { description }]) => (description === api ? [name] : []));
}

/** Makes the copy of one API's description from its package below `nodeModulesDir`. */
export async function googleDescription(api: Api, nodeModulesDir: string): Promise<string> {
  const file = join(nodeModulesDir, packages[api].name, 'build', 'protos', 'protos.json');
  return trim(scope.parse(JSON.parse(await readFile(file, 'utf8'))), namesOf(api));
}

/** The descriptions of APIs that no package carries, as files of `sandbox/descriptions/`. */
export function writtenGoogleDescriptions(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(writtenDescriptions).map(([api, description]) => [
      `google-${api}.json`,
      trim(description, namesOf(api)),
    ]),
  );
}

const apis = z
  .array(z.enum(['run', 'vpcaccess', 'sql', 'logging', 'monitoring', 'secretmanager', 'compute']))
  .parse(Object.keys(packages));

/** The trimmed protobuf descriptions of the Google APIs that the stand-in answers for. */
export const googleDescriptions: DescriptionSource = {
  packages: Object.fromEntries(Object.values(packages).map(({ name, version }) => [name, version])),
  outputs: async (nodeModulesDir) => ({
    ...Object.fromEntries(
      await Promise.all(
        apis.map(
          async (api) => [`google-${api}.json`, await googleDescription(api, nodeModulesDir)] as const,
        ),
      ),
    ),
    ...writtenGoogleDescriptions(),
  }),
};
