import { z } from 'zod';
import { instantOrNull } from './instant.ts';

/**
 * A Terraform state of version 4 (internal/states/statefile/version4.go of github.com/hashicorp/terraform), with
 * the attributes of google_* resources as their provider's schema has them. A state holds secrets: what is not
 * named here is dropped while it is parsed, and nothing else of it is ever kept.
 */

const text = z
  .string()
  .nullish()
  .transform((value) => value || null);
const count = z
  .number()
  .nullish()
  .transform((value) => value ?? null);

const listOf = <S extends z.ZodType>(item: S) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

const limits = listOf(z.object({ limits: z.record(z.string(), z.string()).nullish() })).transform(
  ([first]) => first?.limits ?? {},
);
const ports = listOf(z.object({ container_port: count }));

const runService = z.object({
  template: listOf(
    z.object({
      service_account: text,
      timeout: text,
      max_instance_request_concurrency: count,
      scaling: listOf(z.object({ min_instance_count: count, max_instance_count: count })),
      vpc_access: listOf(
        z.object({ connector: text, egress: text, network_interfaces: listOf(z.unknown()) }),
      ),
      volumes: listOf(z.object({ cloud_sql_instance: listOf(z.object({ instances: listOf(z.string()) })) })),
      containers: listOf(
        z.object({
          name: text,
          image: text,
          ports,
          resources: limits,
          env: listOf(
            z.object({
              name: z.string(),
              value: text,
              value_source: listOf(
                z.object({ secret_key_ref: listOf(z.object({ secret: z.string(), version: text })) }),
              ),
            }),
          ),
        }),
      ),
    }),
  ),
});

/** The older resource of Cloud Run, which has its settings where Knative has them. */
const knativeService = z.object({
  template: listOf(
    z.object({
      metadata: listOf(z.object({ annotations: z.record(z.string(), z.string()).nullish() })),
      spec: listOf(
        z.object({
          container_concurrency: count,
          timeout_seconds: count,
          service_account_name: text,
          containers: listOf(
            z.object({
              name: text,
              image: text,
              ports,
              resources: limits,
              env: listOf(
                z.object({
                  name: z.string(),
                  value: text,
                  value_from: listOf(
                    z.object({ secret_key_ref: listOf(z.object({ name: z.string(), key: text })) }),
                  ),
                }),
              ),
            }),
          ),
        }),
      ),
    }),
  ),
});

const connector = z.object({
  network: text,
  ip_cidr_range: text,
  machine_type: text,
  min_instances: count,
  max_instances: count,
});

const database = z.object({
  database_version: text,
  settings: listOf(
    z.object({
      tier: text,
      activation_policy: text,
      availability_type: text,
      database_flags: listOf(z.object({ name: z.string(), value: z.string().default('') })),
      ip_configuration: listOf(z.object({ ipv4_enabled: z.boolean().nullish(), private_network: text })),
    }),
  ),
});

const schemas = {
  google_cloud_run_v2_service: runService,
  google_cloud_run_service: knativeService,
  google_vpc_access_connector: connector,
  google_sql_database_instance: database,
};

type Declared = {
  [Type in keyof typeof schemas]: { type: Type; attributes: z.output<(typeof schemas)[Type]> };
}[keyof typeof schemas];

/** A resource of one of the types that are compared. */
export interface StateResource {
  type: keyof typeof schemas;
  name: string;
  place: string | null;
  project: string | null;
  /** Null where its attributes do not fit the provider's schema. */
  declared: Declared | null;
  /** Names of the attributes that are marked as sensitive, from the outside in. */
  sensitive: string[][];
}

const step = z.object({ type: z.string(), value: z.unknown() });
const identity = z.object({ name: z.string(), location: text, region: text, project: text });

const instance = z.object({
  attributes: z.record(z.string(), z.unknown()).nullish(),
  sensitive_attributes: z.array(z.array(step).catch([])).nullish(),
});

export const stateFile = z
  .object({
    version: z.literal(4),
    serial: z.int().nonnegative(),
    terraform_version: z.string(),
    resources: z
      .array(z.object({ mode: z.string(), type: z.string(), instances: z.array(instance).default([]) }))
      .default([]),
  })
  .transform(({ serial, terraform_version, resources }) => {
    const managed = resources.filter(({ mode }) => mode === 'managed');
    return {
      serial,
      terraformVersion: terraform_version,
      /** Managed instances of all types. */
      instances: managed.reduce((sum, { instances }) => sum + instances.length, 0),
      resources: managed.flatMap(({ type, instances }) =>
        isCompared(type) ? instances.flatMap((one) => resourceOf(type, one)) : [],
      ),
    };
  });

function isCompared(type: string): type is keyof typeof schemas {
  return Object.hasOwn(schemas, type);
}

function resourceOf(type: keyof typeof schemas, one: z.output<typeof instance>): StateResource[] {
  const found = identity.safeParse(one.attributes);
  if (!found.success) return [];
  const { name, location, region, project } = found.data;
  return [
    {
      type,
      name,
      place: location ?? region,
      project,
      declared: declaredOf(type, one.attributes),
      sensitive: (one.sensitive_attributes ?? []).map((path) =>
        path.flatMap(({ type: kind, value }) =>
          kind === 'get_attr' && typeof value === 'string' ? [value] : [],
        ),
      ),
    },
  ];
}

function declaredOf(type: keyof typeof schemas, attributes: unknown): Declared | null {
  switch (type) {
    case 'google_cloud_run_v2_service':
      return withType(type, runService.safeParse(attributes));
    case 'google_cloud_run_service':
      return withType(type, knativeService.safeParse(attributes));
    case 'google_vpc_access_connector':
      return withType(type, connector.safeParse(attributes));
    case 'google_sql_database_instance':
      return withType(type, database.safeParse(attributes));
  }
}

function withType<Type extends Declared['type'], Attributes>(
  type: Type,
  parsed: { success: true; data: Attributes } | { success: false },
): { type: Type; attributes: Attributes } | null {
  return parsed.success ? { type, attributes: parsed.data } : null;
}

export type RunAttributes = z.output<typeof runService>;
export type KnativeAttributes = z.output<typeof knativeService>;
export type ConnectorAttributes = z.output<typeof connector>;
export type DatabaseAttributes = z.output<typeof database>;

/** The object of the bucket: when it was written. */
export const objectAnswer = z.object({ updated: instantOrNull });
