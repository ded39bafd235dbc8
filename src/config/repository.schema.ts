import { z } from 'zod';
import { durationOf } from '../core/figures.ts';
import { probeUrlProblem } from './probe-url.ts';

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
const quantity = z
  .string()
  .regex(
    /^\d{1,9}(?:\.\d{1,6})?(?:m|[kMGT]i?)?$/,
    'a number, with m, Mi or Gi where it needs one, for example 512Mi',
  )
  .describe('Quantity as Kubernetes writes it');
const cel = z
  .string()
  .trim()
  .min(1)
  .max(2_000)
  .describe('CEL expression; the names are in docs/configuration.md');

/** The address of an endpoint. */
const endpointUrl = (protocol: RegExp) =>
  z
    .url({ protocol })
    .max(2_000)
    .check((context) => {
      const message = probeUrlProblem(context.value);
      if (message !== null) context.issues.push({ code: 'custom', message, input: context.value });
    });

const dependencies = {
  title: text.optional().describe('Name for people; the id where it is missing'),
  depends_on: z.array(id).max(50).default([]).describe('Ids of the components that this one needs'),
  via: id.optional().describe('Component that the traffic to this one passes through'),
  owner: id.optional().describe('Id of the contact that takes on what goes wrong with it'),
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
        image: text
          .optional()
          .describe('Image of the main container; without a tag or a digest any of that repository will do'),
        connector: text.optional().describe('Name of the connector, or none'),
        min_instances: z.int().min(0).optional().describe('Least number of instances'),
        max_instances: z.int().min(1).optional().describe('Greatest number of instances'),
        cpu: quantity.optional().describe('CPU limit of the main container, for example "1" or "500m"'),
        memory: quantity.optional().describe('Memory limit of the main container, for example "512Mi"'),
        timeout: duration.optional().describe('Request time-out'),
        concurrency: z.int().min(1).optional().describe('Requests at the same time for each instance'),
        service_account: text.optional().describe('Address of the service account that it runs as'),
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
    expect: z
      .strictObject({
        min_instances: z.int().min(2).max(9).optional().describe('Least number of instances, 2 to 9'),
        max_instances: z.int().min(3).max(10).optional().describe('Greatest number of instances, 3 to 10'),
        machine_type: text.optional().describe('Machine type of its instances, for example e2-micro'),
      })
      .optional()
      .describe('Settings as they should be; what is measured is compared with them'),
    ...dependencies,
  })
  .describe('A Serverless VPC Access connector');
const cloudSql = z
  .strictObject({
    type: z.literal('cloud-sql'),
    instance: text.describe('Name of the instance'),
    expect: z
      .strictObject({
        tier: text.optional().describe('Machine type, for example db-custom-2-7680'),
        availability: z
          .enum(['zonal', 'regional'])
          .optional()
          .describe('With or without a standby in another zone'),
        flags: z.record(z.string(), z.string()).default({}).describe('Database flags as they should be'),
      })
      .optional()
      .describe('Settings as they should be; what is measured is compared with them'),
    ...dependencies,
  })
  .describe('A Cloud SQL instance');
const secret = z
  .strictObject({
    type: z.literal('secret'),
    name: text.describe('Name of the secret'),
    version: z
      .string()
      .regex(/^[\w-]{1,63}$/, "a version's number in quotes, an alias, or latest")
      .default('latest')
      .describe('Version in use: its number in quotes, an alias, or latest'),
    ...dependencies,
  })
  .describe('A secret of Secret Manager; its value is never read');
const loadBalancer = z
  .strictObject({
    type: z.literal('load-balancer'),
    backend_service: text.describe('Name of the backend service'),
    region: text.optional().describe('Region of a regional load balancer; global where it is missing'),
    certificates: z
      .array(text)
      .max(20)
      .default([])
      .describe('Names of its SSL certificates (Compute Engine)'),
    ...dependencies,
  })
  .describe('A backend service of a load balancer');
const http = z
  .strictObject({
    type: z.literal('http'),
    url: endpointUrl(/^https?$/).describe('Address that is asked, with https:// or http://'),
    expect: z
      .strictObject({
        status: z.int().min(100).max(599).default(200).describe('HTTP status of a healthy answer'),
        within: duration.default('10s').describe('Time within which it has to come'),
        contains: text
          .optional()
          .describe('Text that the first 64 kB of the body hold; the body is never shown'),
        redirect: z
          .url()
          .optional()
          .describe('Where the answer redirects to, in full; set a status of 3xx too'),
      })
      .optional()
      .describe('What a healthy answer is'),
    samples: z
      .int()
      .min(1)
      .max(5)
      .optional()
      .describe('Requests made each time, 3 where it is missing; the worst answer counts'),
    ...dependencies,
  })
  .describe('An HTTP endpoint');
const websocket = z
  .strictObject({
    type: z.literal('websocket'),
    url: endpointUrl(/^wss?$/).describe('Address that is asked, with wss:// or ws://'),
    expect: z
      .strictObject({
        within: duration
          .default('10s')
          .describe('Time within which it has to open, and the message has to come after that'),
        message: z
          .union([text, z.literal(true)])
          .optional()
          .describe('Text that the first message holds; true for any message'),
        send: z.string().min(1).max(1_000).optional().describe('Text that is sent as soon as it is open'),
      })
      .optional()
      .describe('What a healthy connection is; without it, one that opens and stays open'),
    ...dependencies,
  })
  .describe('A WebSocket endpoint');
const limit = z
  .strictObject({
    above: z.number().optional().describe('It is so above this value'),
    below: z.number().optional().describe('It is so below this value'),
  })
  .optional();
const thresholds = {
  degraded: limit.describe('From where on it is degraded'),
  failing: limit.describe('From where on it is failing'),
};
const metric = z
  .strictObject({
    type: z.literal('metric'),
    query: z
      .string()
      .trim()
      .min(1)
      .max(2_000)
      .describe('PromQL, as Cloud Monitoring takes it; of several series the worst counts'),
    unit: z
      .string()
      .regex(/^[\p{L}%°µ][\p{L}\d%°µ/ .-]{0,19}$/u, 'at most 20 letters, for example ms, % or messages')
      .optional()
      .describe('Unit of its values'),
    ...thresholds,
    ...dependencies,
  })
  .describe('Any metric of Cloud Monitoring; it needs a threshold at least');
const logFilter = z
  .strictObject({
    type: z.literal('log-filter'),
    filter: z
      .string()
      .trim()
      .min(1)
      .max(2_000)
      .describe('Filter in the Logging query language, without times; the entries that fit are counted'),
    ...thresholds,
    ...dependencies,
  })
  .describe('Log entries that fit a filter, in the whole project; it needs a threshold at least');
const service = z
  .strictObject({
    type: z.literal('service'),
    expect: z
      .strictObject({
        latency: z
          .string()
          .regex(/^[1-9]\d{0,5}(?:ms|s|m)$/, 'a number and ms, s or m, for example 300ms')
          .optional()
          .describe('Mean latency above which it is degraded: a number and ms, s or m'),
        availability: z
          .number()
          .min(0)
          .max(100)
          .optional()
          .describe('Per cent of requests answered, below which it is degraded'),
      })
      .optional()
      .describe('What is healthy; where it is missing, the window before is what to compare with'),
    ...dependencies,
  })
  .describe(
    'A service anywhere; no collector reads it, its latency, availability and requests are brought in a snapshot file',
  );
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
  metric,
  logFilter,
  service,
]);

/** Four hours, in ms: of longer ago too few samples are left to say that something held without a break. */
const longestHold = 4 * 3_600_000;

const criterion = z.strictObject({
  id: id.describe('Its name, once among the criteria'),
  title: text.describe('What is asked for, in words for people'),
  when: cel.describe('CEL expression that holds where the criterion is met'),
  for: duration
    .refine((value) => (durationOf(value) ?? 0) <= longestHold, 'at most 4h: older samples are thinned')
    .optional()
    .describe(
      'How long it has to hold without a break, at most 4h. Requests and errors are then those of that time, up to 2h, instead of the last hour’s',
    ),
});

const escalationRule = z.strictObject({
  id: id.describe('Its name, once among the rules'),
  title: text.describe('What to do, in words for people'),
  when: cel.describe('CEL expression that holds where it is time to do so'),
  action: z
    .enum(['continue', 'escalate', 'rollback'])
    .default('escalate')
    .describe('What it is time for: to go on as now, to turn to the contact, or to roll back'),
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
      project: z
        .string()
        .regex(
          /^(?:[a-z0-9.-]{1,100}:)?[a-z0-9][a-z0-9-]{0,61}$/,
          'the id of one project, for example shop-staging',
        )
        .describe('Id of the project'),
      region: z
        .string()
        .regex(/^[a-z][a-z0-9-]{0,39}$/, 'the name of a region, for example us-central1')
        .describe('Region of the services, for example us-central1'),
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
        .describe(
          'Labels that stand for a severity; the first of them is set where a command changes the severity',
        ),
      stage: z
        .partialRecord(
          z.enum(['investigating', 'identified', 'mitigating', 'monitoring', 'resolved']),
          text.max(50),
        )
        .default({
          investigating: 'stage: investigating',
          identified: 'stage: identified',
          mitigating: 'stage: mitigating',
          monitoring: 'stage: monitoring',
          resolved: 'stage: resolved',
        })
        .describe('Label of each stage that Sitrep keeps; {} for none'),
      regression: text.max(50).default('regression').describe('Set on a regression of an earlier incident'),
      escalated: text.max(50).default('escalated').describe('Set when an incident was escalated'),
      closed_unresolved: text
        .max(50)
        .default('closed-unresolved')
        .describe('Set where an issue was closed while its success criteria do not hold'),
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
    .describe(
      'What has to hold before an incident is resolved; where none is named, every journey has to work, and no component may be failing or unknown',
    ),
  escalation: z.array(escalationRule).default([]).describe('When to turn to whom'),
  contacts: z.record(id, contact).default({}).describe('Whom to turn to, by ids of your choice'),
  checkpoints: z
    .array(duration)
    .min(1)
    .default(['2h', '4h', '8h'])
    .describe(
      'When updates come by themselves, counted from the declaration; the last interval repeats until it is closed. No more an hour than comments_per_hour of the operator’s policy',
    ),
  refresh: z
    .strictObject({
      P0: duration.default('10m').describe('While a P0 is open'),
      other: duration.default('30m').describe('While another incident is open'),
    })
    .prefault({})
    .describe('How often the living comment is brought up to date; it is edited, and nobody is notified'),
  regressions: z
    .strictObject({
      raise_to_p0_above: z
        .number()
        .min(0)
        .max(1)
        .default(0.8)
        .describe('Score above which a regression raises the severity to P0; 1 for never'),
    })
    .prefault({})
    .describe('How regressions of earlier incidents are dealt with'),
  resolution: z
    .strictObject({
      close_issue: z.boolean().default(true).describe('Closes the issue when the incident is resolved'),
      reopen_issue: z
        .boolean()
        .default(false)
        .describe('Opens an issue again that was closed while its success criteria do not hold'),
      relapse: duration
        .default('24h')
        .describe('For how long a failure that comes back opens a resolved incident again'),
    })
    .prefault({})
    .describe('What resolving means for the issue'),
  postmortem: z
    .strictObject({
      pull_request: z
        .boolean()
        .default(false)
        .describe(
          'Proposes the postmortem as a pull request; the App then needs write access to contents and pull requests, see docs/postmortems.md',
        ),
      path: text
        .default('docs/postmortems')
        .describe('Folder of the repository that postmortems are written to'),
    })
    .prefault({})
    .describe('Where postmortems go'),
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
export type SecretComponent = z.infer<typeof secret>;
export type LoadBalancerComponent = z.infer<typeof loadBalancer>;
export type TerraformStateComponent = z.infer<typeof terraform>;
export type ConnectorComponent = z.infer<typeof vpcConnector>;
export type HttpComponent = z.infer<typeof http>;
export type WebSocketComponent = z.infer<typeof websocket>;
export type MetricComponent = z.infer<typeof metric>;
export type LogFilterComponent = z.infer<typeof logFilter>;
export type ServiceComponent = z.infer<typeof service>;
/** Bounds of a value, beyond which it is degraded or failing. */
export type Limit = NonNullable<z.infer<typeof limit>>;

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
