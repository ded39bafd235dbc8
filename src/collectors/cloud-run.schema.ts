import { z } from 'zod';

/**
 * Cloud Run services and revisions as the client gives them, parsed into our own types. The client fills absent
 * fields with nulls, empty texts and empty lists, and has timestamps and durations as `{ seconds, nanos }`.
 */

const text = z
  .string()
  .nullish()
  .transform((value) => value || null);

const count = z
  .union([z.number(), z.string().regex(/^-?\d{1,18}$/)])
  .nullish()
  .transform((value) => (value === null || value === undefined ? null : Number(value)));

const seconds = z
  .object({ seconds: count, nanos: count })
  .nullish()
  .transform((value) => (value ? (value.seconds ?? 0) + (value.nanos ?? 0) / 1e9 : null));

/** Latest instant that a Date can hold, in seconds. */
const latest = 8.64e12;

const timestamp = seconds
  .refine((value) => value === null || Math.abs(value) <= latest, 'not a time')
  .transform((value) => (value === null ? null : new Date(value * 1_000).toISOString()));

/** The last part of a resource name. */
const shortName = z
  .string()
  .min(1)
  .transform((name) => name.split('/').at(-1) ?? name);

const listOf = <S extends z.ZodType>(item: S) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

const condition = z
  .object({
    type: text,
    state: text,
    message: text,
    reason: text,
    revisionReason: text,
    executionReason: text,
  })
  .transform(({ type, state, message, ...reasons }) => ({
    type,
    state,
    message,
    reason: reasons.revisionReason ?? reasons.reason ?? reasons.executionReason,
  }));

const service = z.object({
  name: shortName,
  ingress: text,
  scaling: z
    .object({
      scalingMode: text,
      minInstanceCount: count,
      maxInstanceCount: count,
      manualInstanceCount: count,
    })
    .nullish()
    .transform((value) => value ?? null),
  terminalCondition: condition.nullish().transform((value) => value ?? null),
  latestReadyRevision: text.pipe(shortName.nullable()),
  latestCreatedRevision: text.pipe(shortName.nullable()),
  trafficStatuses: listOf(z.object({ type: text, revision: text, percent: count })),
});

const secretKeyRef = z.object({ secret: z.string(), version: text });

const environmentVariable = z.object({
  name: z.string(),
  value: z.string().nullish(),
  valueSource: z.object({ secretKeyRef: secretKeyRef.nullish() }).nullish(),
});

const probe = z.object({
  initialDelaySeconds: count,
  timeoutSeconds: count,
  periodSeconds: count,
  failureThreshold: count,
  httpGet: z.object({ path: text, port: count }).nullish(),
  tcpSocket: z.object({ port: count }).nullish(),
  grpc: z.object({ port: count, service: text }).nullish(),
});

const container = z.object({
  name: text,
  image: text,
  env: listOf(environmentVariable),
  ports: listOf(z.object({ containerPort: count })),
  resources: z
    .object({ limits: z.record(z.string(), z.string()).nullish() })
    .nullish()
    .transform((value) => value?.limits ?? {}),
  startupProbe: probe.nullish(),
  livenessProbe: probe.nullish(),
  readinessProbe: probe.nullish(),
});

const revision = z.object({
  name: shortName,
  service: shortName,
  createTime: timestamp,
  scaling: z
    .object({ minInstanceCount: count, maxInstanceCount: count })
    .nullish()
    .transform((value) => value ?? { minInstanceCount: null, maxInstanceCount: null }),
  vpcAccess: z
    .object({
      connector: text,
      egress: text,
      networkInterfaces: listOf(z.object({ network: text, subnetwork: text })),
    })
    .nullish()
    .transform((value) => value ?? null),
  maxInstanceRequestConcurrency: count,
  timeout: seconds,
  serviceAccount: text,
  containers: listOf(container),
  volumes: listOf(z.object({ cloudSqlInstance: z.object({ instances: listOf(z.string()) }).nullish() })),
  conditions: listOf(condition),
});

export const serviceList = z.array(service);
export const revisionList = z.array(revision);

export type Service = z.output<typeof service>;
export type Revision = z.output<typeof revision>;
export type Container = z.output<typeof container>;
export type Probe = z.output<typeof probe>;
