import { z } from 'zod';
import { step } from './step.ts';

/**
 * The form of a scenario: an outage as data. A directory holds `scenario.yml` (this schema), `sitrep.yml` (the
 * repository's configuration), optionally `sitrep.policy.yml`, and `expect.yml`. `scenario.schema.json` is
 * derived from here, so that anyone can write one.
 */

const instant = z.iso.datetime().describe('UTC, ISO 8601');
const json = z.record(z.string(), z.unknown());

const role = z.enum(['admin', 'maintain', 'write', 'triage', 'read', 'none']);

const comment = z.strictObject({ by: z.string(), at: instant, body: z.string() });

const issue = z.strictObject({
  number: z.int().positive(),
  title: z.string(),
  body: z.string().default(''),
  by: z.string(),
  at: instant,
  state: z.enum(['open', 'closed']).default('open'),
  closed_at: instant.optional(),
  labels: z.array(z.string()).default([]),
  comments: z.array(comment).default([]),
});

/** A Google resource over time: the first state that has begun holds, merged over the one before it. */
const resource = z.strictObject({
  type: z
    .string()
    .describe(
      'Full message name, for example google.cloud.run.v2.Service; the stand-in checks the body by it',
    ),
  path: z.string().describe('Path below the API host, for example /v2/projects/P/locations/R/services/S'),
  api: z.string().describe('Host, for example run.googleapis.com'),
  states: z
    .array(
      z.strictObject({
        from: instant.optional().describe('Holds from here on; always, where missing'),
        body: json.describe(
          'The resource in REST JSON; later states are merged over earlier ones (RFC 7396)',
        ),
        content: json
          .optional()
          .describe('What an object of Cloud Storage holds: a Terraform state; merged as the body is'),
        gone: z.boolean().default(false).describe('From here on the resource does not exist'),
      }),
    )
    .min(1),
});

/** An incident of the public status feed over time; states are merged as those of resources are. */
const feedIncident = z.strictObject({
  states: z
    .array(
      z.strictObject({
        from: instant.optional().describe('Holds from here on; always, where missing'),
        body: json.describe('The incident as https://status.cloud.google.com/incidents.json has it'),
        gone: z.boolean().default(false).describe('From here on the feed does not hold it'),
      }),
    )
    .min(1),
});

/** Log entries: one, or a run of them. `{{n}}` in a string is the running number, `{{rand a b}}` a seeded number. */
const logRun = z.strictObject({
  at: instant.optional().describe('One entry at this time'),
  from: instant.optional(),
  to: instant.optional(),
  count: z.int().positive().max(100_000).optional().describe('That many, spread evenly from `from` to `to`'),
  entry: json.describe(
    'google.logging.v2.LogEntry in REST JSON without timestamp, insertId and receiveTimestamp',
  ),
});

/** A time series: points, or levels that hold until the next one, sampled every `every`. */
const metric = z.strictObject({
  type: z.string().describe('Metric type, for example run.googleapis.com/request_count'),
  labels: z.record(z.string(), z.string()).default({}),
  resource: z.strictObject({ type: z.string(), labels: z.record(z.string(), z.string()) }),
  kind: z.enum(['GAUGE', 'DELTA', 'CUMULATIVE']),
  value: z.enum(['INT64', 'DOUBLE', 'BOOL', 'DISTRIBUTION']),
  unit: z.string().default('1'),
  delay_s: z.number().nonnegative().default(120).describe('How late points become visible'),
  every_s: z.number().positive().default(60),
  levels: z
    .array(z.strictObject({ from: instant, value: z.number(), to: instant.optional() }))
    .min(1)
    .describe(
      'Per sample: a gauge reads value, a delta adds value in each interval; a distribution has it as its only value',
    ),
});

/**
 * A PromQL query and what it gives. The stand-in has no engine: it answers exactly these queries. Each series
 * is levels that hold until the next one; where none holds there is no sample.
 */
const prometheus = z.strictObject({
  project: z.string().describe('Project that is asked'),
  query: z.string().describe('The query to the letter, but for white space around it'),
  series: z
    .array(
      z.strictObject({
        labels: z.record(z.string(), z.string()).default({}),
        levels: z
          .array(
            z.strictObject({
              from: instant,
              to: instant.optional(),
              value: z.union([z.number(), z.enum(['NaN', '+Inf', '-Inf'])]),
            }),
          )
          .min(1),
      }),
    )
    .describe('No series stand for a query that finds nothing'),
});

const fault = z.strictObject({
  api: z.string().describe('Host of a Google API, "github", or an origin of `endpoints`'),
  path: z.string().default('').describe('Only requests whose path contains this'),
  from: instant.optional(),
  to: instant.optional(),
  kind: z.enum([
    'denied',
    'api-disabled',
    'not-found',
    'quota',
    'hang',
    'html-502',
    'unavailable',
    'lie',
    'no-token',
  ]),
});

/** An endpoint that is asked itself, over HTTP or as a WebSocket (ws:// and wss://), over time. */
const endpoint = z.strictObject({
  url: z
    .url({ protocol: /^(?:https?|wss?)$/ })
    .describe('Under its original name; probes are led to loopback by SITREP_PROBE_MAP'),
  addresses: z.array(z.string()).default([]).describe('What DNS answers for its host name'),
  states: z
    .array(
      z.strictObject({
        from: instant.optional(),
        status: z
          .int()
          .min(100)
          .max(599)
          .describe('A WebSocket opens with 101; with another status its handshake is refused'),
        no_answer: z
          .enum(['hang', 'cut-off'])
          .optional()
          .describe(
            'It never answers, or closes the connection without an answer; the status does not matter then',
          ),
        latency_ms: z
          .number()
          .nonnegative()
          .default(50)
          .describe('Virtual time that the answer takes; from 5,000 on it is really held back'),
        body: z.string().default(''),
        headers: z.record(z.string(), z.string()).default({}),
        message: z.string().optional().describe('First message of a WebSocket, sent as soon as it is open'),
        close: z
          .strictObject({ code: z.int().min(1000).max(4999), reason: z.string().max(123).default('') })
          .optional()
          .describe('The WebSocket closes itself after that message, with this code'),
        tls: z
          .strictObject({ issuer: z.string(), expires: instant })
          .optional()
          .describe('Certificate of its origin; without one the origin has no TLS on loopback'),
      }),
    )
    .min(1),
});

export const scenarioSchema = z.strictObject({
  version: z.literal(1),
  title: z.string(),
  about: z.string().default('').describe('What happened, and where its facts are decided'),
  start: instant.describe('The clock when the sandbox opens'),
  repository: z.strictObject({
    owner: z.string(),
    name: z.string(),
    private: z.boolean().default(true),
    default_branch: z.string().default('main'),
    fork: z.boolean().default(false).describe('A fork of another repository'),
  }),
  people: z.record(z.string(), z.strictObject({ role, name: z.string().optional() })),
  teams: z
    .record(z.string(), z.record(z.string(), z.enum(['active', 'pending'])))
    .default({})
    .describe("Teams of the repository's owner by their slugs, with the logins of their members"),
  labels: z
    .array(
      z.strictObject({
        name: z.string(),
        color: z.string().default('ededed'),
        description: z.string().default(''),
      }),
    )
    .default([]),
  issues: z.array(issue).min(1),
  focus: z.int().positive().describe('The issue that the page shows'),
  commits: z
    .array(
      z.strictObject({
        sha: z.string(),
        at: instant,
        by: z.string(),
        message: z.string(),
        files: z.array(z.string()).default([]),
      }),
    )
    .default([]),
  deployments: z
    .array(
      z.strictObject({
        sha: z.string(),
        at: instant,
        by: z.string(),
        environment: z.string(),
        state: z.string(),
        run: z.int().positive().optional().describe('Id of the workflow run that made it'),
      }),
    )
    .default([]),
  pull_requests: z
    .array(
      z.strictObject({
        number: z.int().positive().describe('From the same numbers as issues'),
        title: z.string(),
        by: z.string(),
        merged_at: instant.optional().describe('Open, where missing'),
        sha: z.string().optional().describe('Commit that merged it, one of `commits`'),
        fork: z.boolean().default(false).describe('Came from a fork'),
        mentions: z.array(z.int().positive()).default([]).describe('Issues that it refers to'),
        closes: z.array(z.int().positive()).default([]).describe('Issues that its merge closed'),
        labels: z.array(z.string()).default([]),
      }),
    )
    .default([]),
  workflow_runs: z
    .array(
      z.strictObject({
        id: z.int().positive(),
        number: z.int().positive().default(1),
        workflow: z.string().describe('Name of the workflow'),
        path: z.string().default('.github/workflows/ci.yml').describe('Its file'),
        sha: z.string().describe('Commit that it ran for, one of `commits`'),
        at: instant,
        event: z.string().default('push'),
        conclusion: z
          .enum(['success', 'failure', 'cancelled', 'skipped', 'timed_out'])
          .optional()
          .describe('Still running, where missing'),
      }),
    )
    .default([]),
  google: z
    .strictObject({
      resources: z.array(resource).default([]),
      logs: z.array(logRun).default([]),
      metrics: z.array(metric).default([]),
      prometheus: z.array(prometheus).default([]),
      status_feed: z
        .array(feedIncident)
        .default([])
        .describe('Incidents of the public status feed, which is read where Service Health cannot be'),
    })
    .prefault({}),
  answers: z
    .array(z.string().regex(/^[\w-]+(\/[\w.-]+)*\.json$/, 'a JSON file below the scenario’s directory'))
    .default([])
    .describe(
      'Files of recorded answers, which go before `google`; an API that has neither for a question refuses it',
    ),
  endpoints: z.array(endpoint).default([]),
  faults: z.array(fault).default([]),
  script: z.array(step).default([]),
});

export const expectSchema = z.strictObject({
  root: z.strictObject({ cause: z.string(), component: z.string(), verdict: z.string() }),
  chain: z.array(z.strictObject({ effect: z.string(), cause: z.string().nullable() })).default([]),
  labels: z.array(z.string()).default([]),
  contradictions: z.array(z.string()).default([]).describe('component.signal'),
  gaps: z
    .array(z.strictObject({ component: z.string(), signal: z.string(), reason: z.string() }))
    .default([])
    .describe('What cannot be read, but for components that nothing reads (unsupported)'),
  figures: z
    .array(
      z.strictObject({
        component: z.string(),
        signal: z.string(),
        value: z.string(),
        revision: z.string().optional(),
      }),
    )
    .default([]),
});

export type Scenario = z.infer<typeof scenarioSchema>;
export type ScenarioExpectation = z.infer<typeof expectSchema>;
