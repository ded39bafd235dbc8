import { z } from 'zod';
import { severity, stage, whySchema } from './terms.ts';

/**
 * The record of an incident: what happened, one event after the other. It is only ever added to; how the incident stands
 * (`state.ts`) and its timeline follow from it. Stored as JSON, so a new field needs a default.
 */

const instant = z.iso.datetime();
const login = z.string();

/** How sure and what: see `Match` of the regression matching, as far as the record keeps it. */
const matchFields = {
  of: z.int().positive().describe('Issue of the earlier incident'),
  score: z.number().min(0).max(1).nullable().describe('Null where a person said so'),
  lines: z.array(z.string()).default([]).describe('Error lines that both have'),
  components: z.array(z.string()).default([]).describe('Components of the chain that both have'),
};

const bodies = [
  z.object({
    kind: z.literal('declared'),
    severity: severity.nullable(),
    via: z.enum(['label', 'command', 'status']),
  }),
  /** The last incident label was taken away, or the issue is gone: Sitrep looks after it no more. */
  z.object({ kind: z.literal('stood-down'), why: z.string() }),
  z.object({ kind: z.literal('severity'), severity: severity.nullable() }),
  z.object({ kind: z.literal('stage'), stage }),
  z.object({ kind: z.literal('lead'), lead: login.nullable() }),
  z.object({ kind: z.literal('acknowledged') }),
  z.object({ kind: z.literal('note'), text: z.string() }),
  z.object({ kind: z.literal('impact'), text: z.string() }),
  z.object({ kind: z.literal('why'), why: whySchema, text: z.string() }),
  z.object({
    kind: z.literal('action-added'),
    title: z.string(),
    owner: login.nullable(),
    dueAt: instant.nullable(),
    phase: z.string().nullable(),
    run: z.string().nullable(),
    planned: z.boolean().describe('From the plan of the configuration'),
  }),
  z.object({ kind: z.literal('action-done'), number: z.int().positive() }),
  z.object({ kind: z.literal('action-reopened'), number: z.int().positive() }),
  z.object({
    kind: z.literal('checkpoints'),
    plan: z.array(z.string()).describe('Distances from the declaration; empty for none'),
  }),
  z.object({ kind: z.literal('snoozed'), until: instant }),
  z.object({
    kind: z.literal('regression'),
    ...matchFields,
    raisedFrom: severity.nullable().default(null).describe('Severity before this raised it to P0'),
    raised: z.boolean().default(false),
  }),
  z.object({ kind: z.literal('not-regression'), of: z.int().positive() }),
  z.object({ kind: z.literal('similar'), matches: z.array(z.object(matchFields)) }),
  z.object({
    kind: z.literal('escalated'),
    rule: z.string().nullable().describe('Id of the rule; null where a person asked'),
    contact: z.string().nullable(),
    reason: z.string().nullable(),
    paged: z.boolean().default(false).describe('Whether something outside GitHub was told'),
  }),
  /** An escalation rule whose clock ran out and that cannot be told: said once. */
  z.object({ kind: z.literal('rule-unknown'), rule: z.string() }),
  /** An older revision is seen to do better than the one that serves: going back to it is offered. */
  z.object({
    kind: z.literal('rollback-offered'),
    component: z.string(),
    to: z.string().describe('The revision'),
    evidence: z.array(z.string()),
  }),
  z.object({ kind: z.literal('handoff'), to: login }),
  z.object({ kind: z.literal('handoff-accepted') }),
  z.object({
    kind: z.literal('resolve-refused'),
    failing: z.array(z.string()).describe('Titles of the criteria'),
    unknown: z.array(z.string()),
    byHand: z.boolean().describe('The issue was closed, without a command'),
    recheckAt: instant
      .nullable()
      .default(null)
      .describe('When criteria that need a time can hold at the earliest; null where none does'),
  }),
  /** All criteria are met, also those that need a time: the confirmation was asked for. */
  z.object({ kind: z.literal('window-complete') }),
  /** One failed again before the confirmation came: it is asked for anew when all are met. */
  z.object({
    kind: z.literal('window-broken'),
    failing: z.array(z.string()).describe('Titles of the criteria'),
  }),
  z.object({
    kind: z.literal('resolved'),
    override: z.string().nullable().describe('Reason of who overrode'),
    overridden: z.array(z.string()).default([]).describe('Titles of the criteria that were overridden'),
    byHand: z.boolean(),
    held: z.array(z.string()).default([]).describe('Ids of the criteria that were met'),
    passed: z.array(z.string()).default([]).describe('Ids of the journeys that were not blocked'),
  }),
  z.object({
    kind: z.literal('reopened'),
    because: z.enum(['command', 'issue', 'relapse']),
    what: z.string(),
  }),
  z.object({ kind: z.literal('issue-closed') }),
  z.object({ kind: z.literal('issue-reopened') }),
  /** When the failure began, as the readings tell. */
  z.object({ kind: z.literal('began'), evidence: z.array(z.string()) }),
  z.object({
    kind: z.literal('cause'),
    cause: z.string(),
    component: z.string(),
    verdict: z.string(),
    evidence: z.array(z.string()),
  }),
  z.object({
    kind: z.literal('component-state'),
    component: z.string(),
    from: z.string(),
    to: z.string(),
    evidence: z.array(z.string()),
  }),
  z.object({
    kind: z.literal('change'),
    change: z.string().describe('As in `changes` of a snapshot: revision, commit, deployment …'),
    component: z.string(),
    title: z.string(),
    page: z.string().nullable(),
    evidence: z.array(z.string()).default([]),
  }),
  z.object({
    kind: z.literal('postmortem'),
    draft: z.boolean().describe('Written before the incident was resolved'),
    pull: z
      .object({ number: z.int().positive(), url: z.string() })
      .nullable()
      .default(null)
      .describe('Pull request that proposes it; null where it is a comment'),
    path: z.string().nullable().default(null).describe('File in that pull request'),
    failure: z
      .string()
      .nullable()
      .default(null)
      .describe('Why there is no pull request, though one is wanted'),
  }),
  z.object({
    kind: z.literal('followup'),
    number: z.int().positive().describe('Issue that was opened for it'),
    title: z.string(),
    of: z.string().describe('What it is for, once an incident: `action 3`, or `prevention` and its title'),
  }),
  z.object({
    kind: z.literal('updated'),
    update: z.string(),
    posting: z.string(),
    told: z
      .array(z.string())
      .optional()
      .describe(
        'Subjects of the changes for which it came by itself; missing where it was asked for or promised',
      ),
  }),
  /** An update that nobody asked for, and that would have been one comment too many in its hour. */
  z.object({ kind: z.literal('folded'), update: z.string() }),
] as const;

export const eventBodySchema = z.discriminatedUnion('kind', bodies);

/** What happened, without when and who. */
export type EventBody = z.infer<typeof eventBodySchema>;

/** An event of the record. */
export const eventSchema = z.object({
  key: z.string().describe('The same each time the call that it comes from is tried again; once an incident'),
  at: instant.describe('When it happened, UTC; it may lie before the time it was recorded'),
  by: login.describe('GitHub login; `sitrep` for what nobody asked for'),
  url: z.string().nullable().describe('Link to the comment that says so; null for none'),
  body: eventBodySchema,
  recordedAt: instant,
});

export type IncidentEvent = z.infer<typeof eventSchema>;

/** An event that is to be recorded. */
export type NewEvent = Omit<IncidentEvent, 'recordedAt'>;
