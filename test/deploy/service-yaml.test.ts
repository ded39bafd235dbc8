import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { variables } from '../../src/config/variables.ts';

/** `deploy/service.yaml` against what Cloud Run reads. */

const root = path.join(import.meta.dirname, '..', '..');
const read = (file: string) => readFile(path.join(root, file), 'utf8');

/**
 * Fields of Cloud Run's v1 `Service`, from the types of @googleapis/run 34.0.0, which are made of Google's discovery
 * document: the name of a type, an object of fields, a list of one, or a map (`*`).
 */
type Shape = string | [Shape] | { [field: string]: Shape };
const shapeSchema: z.ZodType<Shape> = z.lazy(() =>
  z.union([z.string(), z.tuple([shapeSchema]), z.record(z.string(), shapeSchema)]),
);
const shape = shapeSchema.parse(JSON.parse(await read('test/fixtures/deploy/cloud-run-service.json')));
const text = await read('deploy/service.yaml');
const service: unknown = parse(text);

/** Where a value does not fit a shape. */
function misfits(value: unknown, wanted: Shape | undefined, place: string): string[] {
  if (wanted === undefined) return [`${place} is unknown`];
  if (typeof wanted === 'string') return typeof value === wanted ? [] : [`${place} is no ${wanted}`];
  if (Array.isArray(wanted))
    return Array.isArray(value)
      ? value.flatMap((one, index) => misfits(one, wanted[0], `${place}[${String(index)}]`))
      : [`${place} is no list`];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${place} is no object`];
  return Object.entries(value).flatMap(([field, one]) =>
    misfits(one, Object.hasOwn(wanted, field) ? wanted[field] : wanted['*'], `${place}.${field}`),
  );
}

test('every field is one of Cloud Run, and of its type', () => {
  expect(misfits(service, shape, 'service')).toEqual([]);
  expect(misfits({ spec: { template: { spec: { contaners: [] } } } }, shape, 'service')).toEqual([
    'service.spec.template.spec.contaners is unknown',
  ]);
});

const probe = z.object({
  httpGet: z.object({ path: z.string() }),
  periodSeconds: z.int(),
  failureThreshold: z.int(),
});
const { spec } = z
  .object({
    spec: z.object({
      template: z.object({
        metadata: z.object({ annotations: z.record(z.string(), z.string()) }),
        spec: z.object({
          containers: z.tuple([
            z.object({
              env: z.array(
                z.object({
                  name: z.string(),
                  value: z.string().optional(),
                  valueFrom: z.unknown().optional(),
                }),
              ),
              startupProbe: probe,
              livenessProbe: probe,
              volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
            }),
          ]),
          volumes: z.array(
            z.object({
              name: z.string(),
              secret: z.object({ items: z.tuple([z.object({ path: z.string() })]) }),
            }),
          ),
        }),
      }),
    }),
  })
  .parse(service);
const { metadata } = spec.template;
const [container] = spec.template.spec.containers;

describe('the service', () => {
  test('is always there, with its processor', () => {
    expect(metadata.annotations).toMatchObject({
      'autoscaling.knative.dev/minScale': '1',
      'run.googleapis.com/cpu-throttling': 'false',
    });
  });

  test('is asked whether it is ready, then whether it lives', () => {
    expect(container.startupProbe.httpGet.path).toBe('/readyz');
    expect(container.livenessProbe.httpGet.path).toBe('/healthz');
  });

  test('gets the variables that Terraform gives it, each from the same place', async () => {
    const terraform = await read('deploy/terraform/service.tf');
    const names = container.env.map(({ name }) => name);
    expect(names.filter((name) => !(name in variables))).toEqual([]);
    const plain = [...terraform.matchAll(/name {2}= "([A-Z_]+)"/gu)].map(([, name = '']) => name);
    const secret = [...terraform.matchAll(/^ +([A-Z_]+) +=/gmu)].map(([, name = '']) => name);
    expect(names.toSorted()).toEqual([...plain, ...secret].toSorted());
    expect(container.env.flatMap(({ name, valueFrom }) => (valueFrom === undefined ? [] : [name]))).toEqual(
      secret,
    );
    expect(container.env.find(({ name }) => name === 'HOST')?.value).toBe('0.0.0.0');
  });

  test('finds the policy where its variable says', () => {
    const policy = container.env.find(({ name }) => name === 'SITREP_POLICY')?.value;
    const [mount] = container.volumeMounts;
    const [volume] = spec.template.spec.volumes;
    expect(volume?.name).toBe(mount?.name);
    expect(policy).toBe(`${mount?.mountPath ?? ''}/${volume?.secret.items[0].path ?? ''}`);
  });
});
