import { readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { collectors } from '../../src/collectors/list.ts';
import { variables } from '../../src/config/variables.ts';

/** `deploy/terraform`, read by Terraform's own parser. */

const root = path.join(import.meta.dirname, '..', '..');
const folder = path.join(root, 'deploy', 'terraform');

/** Terraform's own parser. Its types bring those of browsers, which contradict Node's. */
const { parse: parseHcl } = z
  .object({
    parse: z.custom<(name: string, text: string) => Promise<unknown>>((given) => typeof given === 'function'),
  })
  .parse(createRequire(import.meta.url)('@cdktn/hcl2json'));

const blocks = z.array(z.record(z.string(), z.unknown()));
const bodySchema = z.object({
  resource: z.record(z.string(), z.record(z.string(), blocks)).default({}),
  variable: z.record(z.string(), blocks).default({}),
  locals: blocks.default([]),
});
type Body = z.infer<typeof bodySchema>;

const files = (await readdir(folder)).filter((name) => name.endsWith('.tf'));
const bodies: Body[] = [];
const texts = await Promise.all(files.map((name) => readFile(path.join(folder, name), 'utf8')));

beforeAll(async () => {
  for (const [index, name] of files.entries())
    bodies.push(bodySchema.parse(await parseHcl(name, texts[index] ?? '')));
});

/** Every resource: its type, its name, its body. */
function resources(): { type: string; name: string; body: Record<string, unknown> }[] {
  return bodies.flatMap(({ resource: ofFile }) =>
    Object.entries(ofFile).flatMap(([type, named]) =>
      Object.entries(named).map(([name, [body = {}]]) => ({ type, name, body })),
    ),
  );
}

function resource(type: string): Record<string, unknown> {
  const found = resources().find((one) => one.type === type);
  if (found === undefined) throw new Error(`there is no ${type}`);
  return found.body;
}

/** What is at a path of blocks, each of which is a list of one. */
function at(body: unknown, ...names: string[]): unknown {
  let value = body;
  for (const name of names) {
    const one: unknown = Array.isArray(value) ? value[0] : value;
    value = z.record(z.string(), z.unknown()).parse(one)[name];
  }
  return value;
}

/**
 * The arguments of the google provider 6, by block, as @cdktf/provider-google 16.12.1 has them from the provider's own
 * schema: `required`, `optional`, or a block.
 */
type Arguments = { [name: string]: 'required' | 'optional' | Arguments };
const argumentsSchema: z.ZodType<Arguments> = z.lazy(() =>
  z.record(z.string(), z.union([z.enum(['required', 'optional']), argumentsSchema])),
);
const provider = z
  .record(z.string(), argumentsSchema)
  .parse(JSON.parse(await readFile(path.join(root, 'test/fixtures/deploy/google-provider.json'), 'utf8')));

/** Arguments of Terraform's own, on every resource. */
const metaArguments = new Set(['for_each', 'count', 'depends_on', 'lifecycle', 'dynamic']);

/** What a block holds that the provider does not know, and lacks that it demands. */
function faults(body: Record<string, unknown>, known: Arguments, place: string): string[] {
  const dynamic = z.record(z.string(), blocks).parse(body['dynamic'] ?? {});
  const contents = Object.entries(dynamic).flatMap(([name, each]) =>
    each.flatMap(({ content }) => blocks.parse(content).map((one) => [name, one] as const)),
  );
  const nested = Object.entries(body).flatMap(([name, value]) =>
    typeof known[name] === 'object' && Array.isArray(value)
      ? blocks.parse(value).map((one) => [name, one] as const)
      : [],
  );
  const unknown = Object.keys(body).filter((name) => !metaArguments.has(name) && known[name] === undefined);
  const given = new Set([...Object.keys(body), ...Object.keys(dynamic)]);
  const missing = Object.keys(known).filter((name) => known[name] === 'required' && !given.has(name));
  return [
    ...unknown.map((name) => `${place}.${name} is unknown`),
    ...missing.map((name) => `${place}.${name} is missing`),
    ...[...nested, ...contents].flatMap(([name, one]) => {
      const inner = known[name];
      return typeof inner === 'object'
        ? faults(one, inner, `${place}.${name}`)
        : [`${place}.${name} is no block`];
    }),
  ];
}

test('every argument is one that the provider knows, and none that it demands is missing', () => {
  expect(resources().length).toBeGreaterThan(12);
  for (const { type, name, body } of resources()) {
    const known = provider[type];
    expect(known, type).toBeDefined();
    expect(faults(body, known ?? {}, `${type}.${name}`)).toEqual([]);
  }
});

test('every variable that is used is declared, and the other way round', () => {
  const declared = bodies.flatMap(({ variable }) => Object.keys(variable));
  const used = texts.flatMap((text) => [...text.matchAll(/\bvar\.(\w+)/gu)].map(([, name = '']) => name));
  expect([...new Set(used)].toSorted()).toEqual(declared.toSorted());
});

/** What the service's container has at a path of blocks. */
const container = (...names: string[]) =>
  at(resource('google_cloud_run_v2_service'), 'template', 'containers', ...names);

describe('the service', () => {
  test('is always there, with its processor', () => {
    const template = at(resource('google_cloud_run_v2_service'), 'template');
    expect(at(template, 'scaling', 'min_instance_count')).toBe(1);
    expect(container('resources', 'cpu_idle')).toBe(false);
  });

  test('is asked whether it is ready, then whether it lives', () => {
    expect(container('startup_probe', 'http_get', 'path')).toBe('/readyz');
    expect(container('liveness_probe', 'http_get', 'path')).toBe('/healthz');
    // Cloud Run's most: four minutes.
    const probe = container('startup_probe');
    expect(Number(at(probe, 'period_seconds')) * Number(at(probe, 'failure_threshold'))).toBeLessThanOrEqual(
      240,
    );
  });

  test('gets every variable that the server cannot do without, and none that there is not', () => {
    const plain = blocks.parse(container('env')).map(({ name }) => String(name));
    const secret = Object.keys(
      z.record(z.string(), z.string()).parse(at(container('dynamic'), 'env', 'for_each')),
    );
    const given = [...plain, ...secret];
    expect(given.filter((name) => !(name in variables))).toEqual([]);
    expect(given).toEqual(
      expect.arrayContaining(['APP_ID', 'PRIVATE_KEY', 'WEBHOOK_SECRET', 'DATABASE_URL', 'SITREP_POLICY']),
    );
    const host = blocks.parse(container('env')).find(({ name }) => name === 'HOST');
    expect(host?.['value']).toBe('0.0.0.0');
    expect(plain.filter((name) => /KEY|SECRET|DATABASE/u.test(name))).toEqual([]);
  });

  test('may not be in a region that it watches', () => {
    const condition = at(resource('google_cloud_run_v2_service'), 'lifecycle', 'precondition', 'condition');
    expect(condition).toBe('${!contains(var.watched_regions, var.region)}');
  });
});

/** The roles of the collectors. */
const needed = (on: 'project' | 'bucket') =>
  [
    ...new Set(
      collectors.flatMap((one) =>
        one.kind === 'google' && (one.roleOn ?? 'project') === on ? [one.role] : [],
      ),
    ),
  ].toSorted();
const local = (name: string) =>
  bodies
    .flatMap(({ locals }) => locals)
    .map((one) => one[name])
    .find(Boolean);

describe('the roles', () => {
  test('of Terraform are those of the collectors', () => {
    const roles = [...String(local('read_roles')).matchAll(/"(roles\/[\w.]+)"/gu)].map(([, role]) => role);
    expect(roles).toEqual(needed('project'));
    expect([local('bucket_role')]).toEqual(needed('bucket'));
  });

  test('of the commands are the same', async () => {
    const page = await readFile(path.join(root, 'docs', 'deployment.md'), 'utf8');
    const loop = /for role in ([\w. ]+); do/u.exec(page)?.[1]?.split(' ') ?? [];
    expect(loop.map((role) => `roles/${role}`)).toEqual(needed('project'));
    expect(page).toMatch(
      /gcloud storage buckets add-iam-policy-binding .* --role=roles\/storage\.objectViewer\n/u,
    );
  });

  test('beside them it may open its own secrets and connect to its own database, and nothing else', () => {
    const own = resources()
      .filter(({ type, name }) => type.endsWith('_iam_member') && name !== 'reads')
      .map(({ body }) => String(body['role']));
    expect([...new Set(own)].toSorted()).toEqual([
      'roles/cloudsql.client',
      'roles/run.invoker',
      'roles/secretmanager.secretAccessor',
    ]);
  });
});

test('keys and passwords are ephemeral, and written where nobody can read them back', () => {
  for (const name of ['private_key', 'webhook_secret', 'database_url', 'database_password'])
    expect(bodies.find(({ variable }) => name in variable)?.variable[name]?.[0]).toMatchObject({
      ephemeral: true,
      sensitive: true,
    });
  expect(Object.keys(resource('google_sql_user'))).not.toContain('password');
  const version = resources().find(
    ({ type, name }) => type === 'google_secret_manager_secret_version' && name === 'own',
  );
  expect(Object.keys(version?.body ?? {})).toEqual(expect.arrayContaining(['secret_data_wo']));
});
