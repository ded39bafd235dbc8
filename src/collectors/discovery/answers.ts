import { z } from 'zod';

/** Entries of Google's lists, as far as discovery looks at them; names are short, the last part of a resource's. */

const lastPart = (name: string): string => name.split('/').at(-1) ?? name;
const shortName = z.string().min(1).transform(lastPart);

const environmentVariable = z.object({
  name: z.string(),
  value: z.string().default(''),
  valueSource: z
    .object({
      secretKeyRef: z.object({ secret: z.string(), version: z.string().default('latest') }).optional(),
    })
    .optional(),
});

const volume = z.object({
  secret: z
    .object({
      secret: z.string(),
      items: z.array(z.object({ version: z.string().default('latest') })).default([]),
    })
    .optional(),
  cloudSqlInstance: z.object({ instances: z.array(z.string()).default([]) }).optional(),
});

/** What a revision runs with, also as the template of the next one. */
const settings = z.object({
  vpcAccess: z
    .object({
      connector: z.string().default(''),
      networkInterfaces: z.array(z.object({ network: z.string().default('') })).default([]),
    })
    .optional(),
  containers: z.array(z.object({ env: z.array(environmentVariable).default([]) })).default([]),
  volumes: z.array(volume).default([]),
});

export const serviceEntry = z.object({
  name: shortName,
  uri: z.string().default(''),
  ingress: z.string().default(''),
  template: settings.default({ containers: [], volumes: [] }),
  latestReadyRevision: z.string().default('').transform(lastPart),
  trafficStatuses: z
    .array(
      z.object({
        type: z.string().default(''),
        revision: z.string().default('').transform(lastPart),
        percent: z.number().default(0),
      }),
    )
    .default([]),
});

export const revisionEntry = settings.extend({
  name: shortName,
  service: z.string().default('').transform(lastPart),
  createTime: z.string().default(''),
});

/** A Cloud Run service of any region, as the older API lists it. */
export const placedService = z.object({
  metadata: z.object({
    name: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
  }),
});

export const connectorEntry = z.object({
  name: shortName,
  network: z.string().default('').transform(lastPart),
});

export const instanceEntry = z.object({
  name: z.string(),
  connectionName: z.string().default(''),
  databaseVersion: z.string().default(''),
  ipAddresses: z
    .array(z.object({ type: z.string().default(''), ipAddress: z.string().default('') }))
    .default([]),
});

export const domainMappingEntry = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({ routeName: z.string().default('') }).default({ routeName: '' }),
});

export const urlMapEntry = z.object({
  name: z.string(),
  defaultService: z.string().default('').transform(lastPart),
  hostRules: z
    .array(z.object({ hosts: z.array(z.string()).default([]), pathMatcher: z.string().default('') }))
    .default([]),
  pathMatchers: z
    .array(
      z.object({
        name: z.string(),
        defaultService: z.string().default('').transform(lastPart),
        pathRules: z.array(z.object({ service: z.string().default('').transform(lastPart) })).default([]),
      }),
    )
    .default([]),
});

export const backendServiceEntry = z.object({
  name: z.string(),
  backends: z.array(z.object({ group: z.string().default('') })).default([]),
});

export const endpointGroupEntry = z.object({
  name: z.string(),
  cloudRun: z.object({ service: z.string().default(''), urlMask: z.string().default('') }).optional(),
});

export type ServiceEntry = z.output<typeof serviceEntry>;
export type RevisionEntry = z.output<typeof revisionEntry>;
export type Settings = z.output<typeof settings>;
export type InstanceEntry = z.output<typeof instanceEntry>;
export type UrlMapEntry = z.output<typeof urlMapEntry>;
export type BackendServiceEntry = z.output<typeof backendServiceEntry>;
export type EndpointGroupEntry = z.output<typeof endpointGroupEntry>;
