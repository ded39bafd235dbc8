import { z } from 'zod';
import { standingsSchema } from './criteria/standing.ts';
import { eventSchema } from './incident/events.ts';
import { severity, stage, whySchema } from './incident/terms.ts';

export type { Severity, Stage, WhyStatement } from './incident/terms.ts';

/**
 * The snapshot: all observations and gaps of one collection, and everything else that diagnosis and rendering
 * need. It is written by `sitrep collect --out` and read back by `diagnose` and `render`, so its shape is a
 * public interface with a JSON Schema; types are derived from the schemas below.
 */

/** An instant in UTC, ISO 8601 with `Z`. */
const instant = z.iso.datetime().describe('UTC, ISO 8601');

/** An evidence id, `E` and a number that never repeats within an incident. */
export const evidenceId = z.string().regex(/^E[1-9]\d*$/);

const windowSchema = z.object({ from: instant, to: instant });

const sourceSchema = z.object({
  api: z.string().describe('Host of the API, or "probe" for our own request'),
  method: z.string().describe('Method by its documented name, for example Revisions.Get'),
  query: z.string().describe('Resource name, filter or URL that was asked for'),
  console: z.string().optional().describe('Link to the same thing in a console'),
  command: z.string().optional().describe('Command for a person that reads the same'),
});

const observationSchema = z.object({
  id: evidenceId,
  component: z.string().describe('Component id of the configuration'),
  signal: z.string().describe('What was read; the names are listed in core/signals.ts'),
  value: z.string().describe('The value as text; numbers in decimal notation'),
  unit: z.string().nullable().describe('s, ms, bytes, %, entries, requests …; null where there is none'),
  window: windowSchema.nullable().describe('Time covered by the value; null for a present state'),
  at: instant.describe('When it was read'),
  revision: z.string().optional().describe('Cloud Run revision that the value belongs to'),
  text: z.string().optional().describe('A redacted sample of the text that was counted'),
  signature: z
    .string()
    .optional()
    .describe('Id of the error signature: the same error has the same one in every service'),
  frame: z
    .string()
    .optional()
    .describe('The innermost place of the application in the traceback, function and file, redacted'),
  first: instant.optional().describe('First occurrence in the window'),
  last: instant.optional().describe('Last occurrence in the window'),
  partial: z
    .boolean()
    .optional()
    .describe(
      'True where a page cap cut the reading, or the window is not over by the clock of the API: the value is a lower bound',
    ),
  source: sourceSchema,
});

/** Why something could not be read. Each has a remedy in the error catalogue. */
const gapReason = z.enum([
  'denied', // the caller lacks a role
  'api-disabled', // the API is not enabled in the project
  'not-found', // the resource does not exist under that name
  'no-credentials', // no token could be had
  'quota', // the API's rate limit
  'timeout', // no answer within the collector's time
  'budget', // the overall budget ended first
  'unavailable', // 5xx, a refused connection, an answer that is not the API's
  'invalid-response', // an answer that does not fit the API's schema
  'no-data', // the series is empty: not a zero
  'invalid-query', // the API does not understand a query that the configuration brings
  'not-granted', // the operator's policy does not allow this repository to read it
  'unsupported', // no collector reads this type of component yet
]);

const gapSchema = z.object({
  id: evidenceId,
  component: z.string(),
  signal: z.string().describe('The signal that is missing, or * for all of the component from this source'),
  reason: gapReason,
  detail: z.string().describe('What was answered, redacted'),
  remedy: z.string().describe('What a person can do about it'),
  at: instant,
  source: sourceSchema,
});

const statementSchema = z.object({
  by: z.string(),
  at: instant,
  url: z.string(),
  text: z.string(),
  why: whySchema.optional(),
});

const changeSchema = z.object({
  id: evidenceId,
  kind: z
    .enum(['revision', 'operation', 'commit', 'pull-request', 'deployment', 'workflow-run', 'drift'])
    .describe('drift: the serving revision (`revision`) against the last healthy one (`previousRevision`)'),
  component: z.string(),
  at: instant,
  revision: z.string().optional(),
  previousRevision: z.string().optional(),
  diff: z.array(z.object({ key: z.string(), from: z.string().nullable(), to: z.string().nullable() })),
  number: z.int().optional().describe('Of a pull request or a workflow run'),
  title: z.string().optional().describe('Redacted: headline of a commit, title of a pull request, workflow'),
  url: z.string().optional().describe('Page of what changed'),
  sha: z.string().optional().describe('Commit that it is, was merged by, or brought out'),
  by: z.string().optional().describe('Who did it'),
  state: z.string().optional().describe('How a deployment or a workflow run stands'),
  environment: z.string().optional().describe('Environment of a deployment'),
  source: sourceSchema,
});

/**
 * What samples read of one signal while the incident was open, so that what holds over time can be told. A sample that
 * could not read it has no point: a missing minute is no value.
 */
const seriesSchema = z.object({
  id: evidenceId,
  component: z.string(),
  signal: z.string(),
  unit: z.string().nullable(),
  revision: z.string().optional(),
  points: z
    .array(z.tuple([instant, z.number()]))
    .describe('Time of the sample and the value, the oldest first'),
  earlier: z
    .array(z.tuple([instant, z.number()]))
    .optional()
    .describe(
      'Before `points`, of each stretch since the declaration the worst sample; drawn and not judged',
    ),
  source: sourceSchema.describe('What each sample asked; a filter by time moved along'),
});

const historySchema = z.object({
  issue: z.number().int().positive(),
  closedAt: instant,
  signatures: z.array(z.string()),
  components: z.array(z.string()),
  fix: z.record(z.string(), z.unknown()).optional(),
});

/** The incident as it stood when the snapshot was taken. */
const incidentSchema = z.object({
  repository: z.string().describe('owner/name'),
  public: z.boolean(),
  issue: z.number().int().positive(),
  url: z.string(),
  title: z.string(),
  severity: severity.nullable(),
  stage,
  declaredAt: instant,
  lead: z.string().nullable(),
  regressionOf: z.number().int().nonnegative().describe('0 for none'),
});

const componentState = z.enum(['healthy', 'degraded', 'failing', 'unknown']);

/** What the update before said, as far as the next one compares itself with it. */
const previousSchema = z.object({
  takenAt: instant,
  url: z.string().nullable().describe('Link to the comment; null where it was not posted'),
  states: z.record(z.string(), componentState),
  figures: z
    .array(observationSchema)
    .describe('The observations of the update before that it may be compared by'),
  root: z.object({ cause: z.string(), component: z.string(), verdict: z.string() }).nullable(),
});

export const snapshotSchema = z.object({
  version: z.literal(1),
  takenAt: instant,
  environment: z.string().optional().describe('Name of the environment that was read'),
  window: windowSchema.describe('The 60 minutes before collection'),
  budgetMs: z.number().int().positive(),
  observations: z.array(observationSchema),
  gaps: z.array(gapSchema),
  statements: z.array(statementSchema),
  changes: z.array(changeSchema),
  history: z.array(historySchema),
  previous: previousSchema.nullable(),
  series: z.array(seriesSchema).optional().describe('What samples read; missing outside an incident'),
  samples: z
    .array(z.tuple([instant, z.number().int().nonnegative().nullable()]))
    .optional()
    .describe(
      'When the samples of `series` were taken, the oldest first, each with the longest time without a sample before it, s; null at the first of the incident',
    ),
  incident: incidentSchema.nullable().optional(),
  record: z
    .array(eventSchema)
    .optional()
    .describe('What happened in the incident before, in the order in which it was recorded'),
  standing: standingsSchema
    .optional()
    .describe('How the criteria stood before, by looks and samples; missing outside an incident'),
});

export type Window = z.infer<typeof windowSchema>;
export type Source = z.infer<typeof sourceSchema>;
export type Observation = z.infer<typeof observationSchema>;
export type GapReason = z.infer<typeof gapReason>;
/** All of them. */
export const gapReasons: readonly GapReason[] = gapReason.options;
export type Gap = z.infer<typeof gapSchema>;
export type Statement = z.infer<typeof statementSchema>;
export type Change = z.infer<typeof changeSchema>;
export type Series = z.infer<typeof seriesSchema>;
export type ComponentState = z.infer<typeof componentState>;
export type IncidentFacts = z.infer<typeof incidentSchema>;
export type PreviousUpdate = z.infer<typeof previousSchema>;
export type Snapshot = z.infer<typeof snapshotSchema>;
