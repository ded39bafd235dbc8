import { z } from 'zod';
import { signal } from '../core/signals.ts';
import type { CloudSqlComponent } from '../config/repository.schema.ts';
import type { Source } from '../core/snapshot.ts';
import { ofType } from './collector.ts';
import type { GoogleCollector, GoogleContext, Measured, NamedComponent, Read } from './collector.ts';
import { defaultConnections } from './cloud-sql-defaults.ts';
import { parseAnswer } from './parse-answer.ts';
import { consoleLink, gcloud, segment } from './provenance.ts';

const api = 'sqladmin.googleapis.com';

/** Also looked at where the Terraform state is compared with what is live. */
export const instanceAnswer = z.object({
  connectionName: z.string().optional(),
  state: z.string().optional(),
  suspensionReason: z.array(z.string()).optional(),
  databaseVersion: z.string().optional(),
  scheduledMaintenance: z.object({ startTime: z.string().optional() }).optional(),
  ipAddresses: z.array(z.object({ type: z.string().optional() })).default([]),
  settings: z
    .object({
      activationPolicy: z.string().optional(),
      tier: z.string().optional(),
      availabilityType: z.string().optional(),
      ipConfiguration: z
        .object({
          privateNetwork: z.string().optional(),
          authorizedNetworks: z.array(z.unknown()).default([]),
          sslMode: z.string().optional(),
          requireSsl: z.boolean().optional(),
        })
        .optional(),
      databaseFlags: z.array(z.object({ name: z.string(), value: z.string().default('') })).default([]),
    })
    .optional(),
});

type Instance = z.output<typeof instanceAnswer>;

/** Cloud SQL instances: state, size, addresses, and the database flags that are set. */
export const cloudSql: GoogleCollector = {
  name: 'cloud-sql',
  kind: 'google',
  api,
  role: 'roles/cloudsql.viewer',
  types: ['cloud-sql'],
  signals: [
    {
      signal: signal.name,
      unit: null,
      example: 'netra-staging:us-central1:staging-shared-postgres',
      meaning: 'Connection name, the canonical id',
    },
    { signal: signal.state, unit: null, example: 'RUNNABLE', meaning: 'State of the instance' },
    {
      signal: signal.suspension,
      unit: null,
      example: 'BILLING_ISSUE',
      meaning: 'Why it is suspended, where it is',
    },
    {
      signal: signal.activation,
      unit: null,
      example: 'ALWAYS',
      meaning: 'Activation policy; NEVER is stopped',
    },
    { signal: signal.tier, unit: null, example: 'db-custom-2-7680', meaning: 'Machine type' },
    {
      signal: signal.availability,
      unit: null,
      example: 'ZONAL',
      meaning: 'ZONAL, or REGIONAL with a standby',
    },
    { signal: signal.databaseVersion, unit: null, example: 'POSTGRES_15', meaning: 'Database and version' },
    {
      signal: signal.maintenance,
      unit: null,
      example: '2025-09-16T03:00:00Z',
      meaning: 'Start of the scheduled maintenance, where one is',
    },
    {
      signal: signal.privateAddress,
      unit: null,
      example: 'true',
      meaning: 'Whether it has a private address',
    },
    {
      signal: signal.publicAddress,
      unit: null,
      example: 'false',
      meaning: 'Whether it has a public address',
    },
    {
      signal: signal.authorizedNetworks,
      unit: null,
      example: '0',
      meaning: 'Number of networks that may connect to its public address',
    },
    {
      signal: signal.privateNetwork,
      unit: null,
      example: 'staging-vpc',
      meaning: 'VPC network of its private address, where it has one',
    },
    {
      signal: signal.sslMode,
      unit: null,
      example: 'ENCRYPTED_ONLY',
      meaning: 'Which connections are accepted, encrypted or not',
    },
    {
      signal: signal.defaultConnections,
      unit: null,
      example: '100',
      meaning:
        'Where the flag max_connections of PostgreSQL is not set: the default that Google documents for the tier, not measured; missing for larger tiers',
    },
    {
      signal: signal.flag,
      unit: null,
      example: '100',
      meaning: 'Database flag, the name after the dot, for example flag.max_connections',
    },
  ],
  reads: (context) => ofType(context.components, 'cloud-sql').map((named) => readOf(named, context)),
};

function readOf({ id, component }: NamedComponent<CloudSqlComponent>, context: GoogleContext): Read {
  const { google, project } = context;
  const source: Source = {
    api,
    method: 'Instances.Get',
    query: `projects/${project}/instances/${component.instance}`,
    console: consoleLink(`sql/instances/${segment(component.instance)}/overview`, project),
    command: gcloud('sql instances describe', [component.instance], { project }),
  };
  return {
    components: [id],
    signal: '*',
    source,
    run: async (abort) => {
      const path = `/v1/projects/${segment(project)}/instances/${segment(component.instance)}`;
      const instance = parseAnswer(
        instanceAnswer,
        await google.get({ host: api, path, signal: abort }),
        'instance',
      );
      return {
        observations: observationsOf(id, instance, source),
        gaps: instance.state
          ? []
          : [
              {
                component: id,
                signal: signal.state,
                reason: 'no-data',
                detail: 'the answer has no state',
                source,
              },
            ],
      };
    },
  };
}

function observationsOf(component: string, instance: Instance, source: Source): Measured[] {
  const observe = (name: string, value: string | undefined): Measured[] =>
    value ? [{ component, signal: name, value, unit: null, window: null, source }] : [];
  const addresses = new Set(instance.ipAddresses.map(({ type }) => type));
  const settings = instance.settings;
  return [
    ...observe(signal.name, instance.connectionName),
    ...observe(signal.state, instance.state),
    ...observe(signal.suspension, instance.suspensionReason?.join(', ')),
    ...observe(signal.activation, settings?.activationPolicy),
    ...observe(signal.tier, settings?.tier),
    ...observe(signal.availability, settings?.availabilityType),
    ...observe(signal.databaseVersion, instance.databaseVersion),
    ...observe(signal.maintenance, instance.scheduledMaintenance?.startTime),
    ...observe(signal.privateAddress, String(addresses.has('PRIVATE'))),
    ...observe(signal.publicAddress, String(addresses.has('PRIMARY'))),
    ...(settings?.ipConfiguration ? ipObservations(settings.ipConfiguration, observe) : []),
    ...defaultConnections(instance).flatMap(({ value, text }) =>
      observe(signal.defaultConnections, value).map((found) => ({ ...found, text })),
    ),
    ...(settings?.databaseFlags ?? []).flatMap(({ name, value }) => observe(`${signal.flag}${name}`, value)),
  ];
}

type IpConfiguration = NonNullable<NonNullable<Instance['settings']>['ipConfiguration']>;

function ipObservations(
  { authorizedNetworks, privateNetwork, sslMode, requireSsl }: IpConfiguration,
  observe: (name: string, value: string | undefined) => Measured[],
): Measured[] {
  // The older switch of the same setting, which instances of long ago still have instead.
  const older = requireSsl === undefined ? undefined : `requireSsl ${requireSsl}`;
  return [
    ...observe(signal.authorizedNetworks, String(authorizedNetworks.length)),
    ...observe(signal.privateNetwork, privateNetwork?.split('/').at(-1)),
    ...observe(signal.sslMode, sslMode ?? older),
  ];
}
