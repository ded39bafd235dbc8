import { z } from 'zod';

/**
 * The shape of a repository's `.github/sitrep.yml`. `sitrep.schema.json`, the reference page and the types are
 * derived from it; reading, positions of errors and CEL checks are in `repository.ts`.
 */

const id = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,49}$/, 'a lower-case letter, then letters, digits and hyphens');
const text = z.string().trim().min(1).max(500);
const duration = z
  .string()
  .regex(/^([1-9]\d{0,4})(s|m|h|d)$/, 'a number and s, m, h or d, for example 30m')
  .describe('Duration: a number and s, m, h or d');
const cel = z
  .string()
  .trim()
  .min(1)
  .max(2_000)
  .describe('CEL expression; the names are in docs/configuration.md');

const dependencies = {
  title: text.optional().describe('Name for people; the id where it is missing'),
  depends_on: z.array(id).max(50).default([]).describe('Ids of the components that this one needs'),
  via: id.optional().describe('Component that the traffic to this one passes through'),
};

const cloudRun = z
  .strictObject({
    type: z.literal('cloud-run'),
    service: text.describe('Name of the Cloud Run service'),
    expect: z
      .strictObject({
        env: z.record(z.string(), z.string()).default({}).describe('Environment variables as they should be'),
        egress: z
          .enum(['all-traffic', 'private-ranges-only'])
          .optional()
          .describe('VPC egress as it should be'),
      })
      .optional()
      .describe('Settings as they should be; what is measured is compared with them'),
    ...dependencies,
  })
  .describe('A Cloud Run service');

const vpcConnector = z
  .strictObject({
    type: z.literal('vpc-connector'),
    name: text.describe('Name of the connector'),
    ...dependencies,
  })
  .describe('A Serverless VPC Access connector');
const cloudSql = z
  .strictObject({
    type: z.literal('cloud-sql'),
    instance: text.describe('Name of the instance'),
    ...dependencies,
  })
  .describe('A Cloud SQL instance');
const secret = z
  .strictObject({ type: z.literal('secret'), name: text.describe('Name of the secret'), ...dependencies })
  .describe('A secret of Secret Manager; its value is never read');
const loadBalancer = z
  .strictObject({
    type: z.literal('load-balancer'),
    backend_service: text.describe('Name of the backend service'),
    ...dependencies,
  })
  .describe('A backend service of a load balancer');
const http = z
  .strictObject({
    type: z.literal('http'),
    url: z.url({ protocol: /^https?$/ }).describe('Address that is asked, with https:// or http://'),
    expect: z
      .strictObject({
        status: z.int().min(100).max(599).default(200).describe('HTTP status of a healthy answer'),
        within: duration.default('10s').describe('Time within which it has to come'),
      })
      .optional()
      .describe('What a healthy answer is'),
    ...dependencies,
  })
  .describe('An HTTP endpoint');
const websocket = z
  .strictObject({
    type: z.literal('websocket'),
    url: z.url({ protocol: /^wss?$/ }).describe('Address that is asked, with wss:// or ws://'),
    ...dependencies,
  })
  .describe('A WebSocket endpoint');
const region = z
  .strictObject({ type: z.literal('google-region'), ...dependencies })
  .describe("The health of the region, as Google states it; the region is google_cloud's");
const terraform = z
  .strictObject({
    type: z.literal('terraform-state'),
    bucket: text.describe('Cloud Storage bucket'),
    object: text.describe('Path of the state in the bucket'),
    ...dependencies,
  })
  .describe('A Terraform state, to compare with reality');

export const componentSchema = z.discriminatedUnion('type', [
  cloudRun,
  vpcConnector,
  cloudSql,
  secret,
  loadBalancer,
  http,
  websocket,
  region,
  terraform,
]);

const criterion = z.strictObject({
  id: id.describe('Its name, once among the criteria'),
  title: text.describe('What is asked for, in words for people'),
  when: cel.describe('CEL expression that holds where the criterion is met'),
  for: duration.optional().describe('How long it has to hold without a break'),
});

const escalationRule = z.strictObject({
  id: id.describe('Its name, once among the rules'),
  title: text.describe('What to do, in words for people'),
  when: cel.describe('CEL expression that holds where it is time to do so'),
  assign: z.array(text).default([]).describe('Logins to assign to the issue'),
  contact: id.optional().describe('Id of the contact to turn to'),
});

const contact = z.strictObject({
  name: text.describe('Name of the team or the person'),
  mention: text.optional().describe('How to mention them on GitHub'),
  url: z.url().optional().describe('Where they are reached'),
  assign: z.array(text).default([]).describe('Logins to assign to the issue'),
  role: z
    .enum(['primary', 'secondary', 'provider', 'business', 'executive'])
    .default('primary')
    .describe('Whom they stand for in an escalation'),
});

const action = z.strictObject({
  title: text.describe('What to do'),
  run: z.string().trim().max(2_000).optional().describe('Command for a person to run; Sitrep only shows it'),
});

const phase = z.strictObject({
  phase: text.describe('Name of the phase'),
  window: text.optional().describe('When it is meant to run, for example 0h-1h'),
  actions: z.array(action).min(1).describe('What to do in it'),
});

/** All that one environment may say of itself. */
const environmentFields = {
  google_cloud: z
    .strictObject({
      project: text.describe('Id of the project'),
      region: text.describe('Region of the services, for example us-central1'),
    })
    .optional()
    .describe('Project and region that hold the Google components'),
  github: z
    .strictObject({
      environment: text
        .optional()
        .describe('Name of the GitHub environment whose deployments count; all of them, where missing'),
      deploy_workflows: z
        .array(text)
        .max(50)
        .optional()
        .describe('Workflows that deploy, by name or file; where missing, those with "deploy" in either'),
    })
    .optional()
    .describe('Which changes of the repository count as deployments'),
  components: z.record(id, componentSchema).default({}).describe('What Sitrep reads, by ids of your choice'),
  journeys: z
    .record(
      id,
      z.strictObject({
        title: text.describe('What the user does'),
        steps: z.array(id).min(1).describe('Ids of the components, in the order in which they are needed'),
      }),
    )
    .default({})
    .describe('Ordered paths of components that a user needs'),
  impact: z
    .strictObject({ statement: text.describe('The statement, shown as stated by this file') })
    .optional()
    .describe('What an outage means for the business'),
};

export const repositorySchema = z.strictObject({
  version: z.literal(1).describe('Version of this format'),
  environment: id.default('production').describe('Name of the environment, or of the one that /status means'),
  ...environmentFields,
  environments: z
    .record(id, z.strictObject(environmentFields))
    .optional()
    .describe('Several environments; each may set what the top level sets'),
  labels: z
    .strictObject({
      incident: z
        .array(text)
        .min(1)
        .default(['incident'])
        .describe('Any of these on an issue opens an incident'),
      severity: z
        .partialRecord(z.enum(['P0', 'P1', 'P2', 'P3']), z.array(text))
        .default({ P0: ['P0'], P1: ['P1'] })
        .describe('Labels that stand for a severity'),
      apply: z
        .array(
          z.strictObject({
            label: text.max(50).describe('The label'),
            when: cel.describe('CEL expression that holds where it belongs on the issue'),
          }),
        )
        .default([])
        .describe('Labels that Sitrep keeps, from what it finds'),
    })
    .prefault({})
    .describe('Labels of the repository'),
  success_criteria: z
    .array(criterion)
    .default([])
    .describe('What has to hold before an incident is resolved'),
  escalation: z.array(escalationRule).default([]).describe('When to turn to whom'),
  contacts: z.record(id, contact).default({}).describe('Whom to turn to, by ids of your choice'),
  checkpoints: z
    .array(duration)
    .min(1)
    .default(['2h', '4h', '8h'])
    .describe(
      'When updates come by themselves, counted from the opening of the issue; the last interval repeats until it is closed. No more an hour than comments_per_hour of the operator’s policy',
    ),
  plan: z.array(phase).default([]).describe('What to do in an incident, phase by phase'),
  prevention: z
    .array(
      z.strictObject({
        title: text.describe('What to do'),
        horizon: text.optional().describe('By when, for example next-sprint'),
      }),
    )
    .default([])
    .describe('What is to keep it from happening again'),
});

export type Component = z.infer<typeof componentSchema>;
export type ComponentType = Component['type'];
export type CloudRunComponent = z.infer<typeof cloudRun>;
export type CloudSqlComponent = z.infer<typeof cloudSql>;
export type HttpComponent = z.infer<typeof http>;

/** A component that the file names and that could not be read: it exists, and nothing is known of it. */
export interface UnreadableComponent {
  component: string;
  /** Its type, where at least that is right. */
  type: ComponentType | null;
  /** The environment that it belongs to; null for all of them. */
  environment: string | null;
}

/** The file after defaults. Where it has errors, this is what could be read of it. */
export type RepositoryFile = z.infer<typeof repositorySchema> & {
  /** Components that were left out because of an error; missing where there is none. */
  unreadable?: readonly UnreadableComponent[];
};

/**
 * The configuration of one environment: a repository's file after defaults, with the chosen environment's
 * fields laid over the top level. This is what collectors, diagnosis and templates work with.
 */
export type Configuration = Omit<RepositoryFile, 'environments'>;
