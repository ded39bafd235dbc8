import { z } from 'zod';
import { evidenceId } from './snapshot.ts';

/**
 * The diagnosis: what `core/diagnose.ts` concludes from a snapshot. Shape of `sitrep diagnose --json`. Stored ones are
 * read back by later versions, so what came after the first has a default.
 */

const verdict = z.enum(['confirmed', 'probable', 'unknown']);

/** One side of a why: a component and what was seen of it. */
const effectSchema = z.object({ component: z.string(), signal: z.string() });

const whyStepSchema = z.object({
  question: z.string(),
  answer: z.string(),
  effect: effectSchema,
  cause: effectSchema.nullable().describe('null where the chain ends in unknown'),
  edge: z
    .string()
    .nullable()
    .describe(
      'depends_on, via, attached (an API shows it), located (in the region), journey, same (within one component), change; null at the end',
    ),
  evidence: z.array(evidenceId),
  share: z.number().min(0).max(1).nullable().describe('Part of the effect that the cause accounts for'),
  confidence: verdict,
});

const findingSchema = z.object({
  cause: z.string().describe('Id of the rule'),
  component: z.string(),
  verdict,
  decibans: z.number(),
  mechanism: z.string(),
  evidence: z.array(evidenceId),
  onset: z.string().nullable(),
  items: z
    .array(
      z.object({
        key: z.string().describe('Key of the observation in docs/diagnosis.md'),
        need: z.enum(['required', 'expected', 'forbidden']),
        holds: z.boolean().nullable().describe('null where it was not read'),
        evidence: z.array(evidenceId),
      }),
    )
    .default([])
    .describe("What was found of each of the rule's observations"),
  role: z
    .enum(['root', 'amplifier', 'effect'])
    .optional()
    .describe('amplifier: makes worse what began without it; effect: comes from a dependency'),
  summary: z.string().optional().describe('What speaks for or against it, in one sentence'),
});

const alternativeSchema = z.object({
  cause: z.string(),
  component: z.string(),
  verdict: z.enum(['refuted', 'weaker', 'untested']),
  decidedBy: z.array(evidenceId),
  why: z.string(),
  statement: z.string().optional().describe('Link to what a person said, where that refuted it'),
});

const sideSchema = z.object({
  value: z.string(),
  evidence: evidenceId.optional(),
  statement: z.string().optional(),
});

const contradictionSchema = z.object({
  about: effectSchema,
  kind: z
    .enum([
      'stated-measured',
      'stated-stated',
      'configured-stated',
      'configured-measured',
      'measured-measured',
      'previous-measured',
    ])
    .describe('previous-measured: the update before (the first side) against this one'),
  sides: z.array(sideSchema).min(2),
});

const differenceSchema = z.object({
  about: effectSchema,
  sides: z.array(sideSchema.extend({ of: z.string().describe('Metric and window in words') })).min(1),
  why: z
    .string()
    .describe('Why the figures differ without contradicting each other, or what one does not measure'),
});

const missingSchema = z.object({ wouldDecide: z.string(), command: z.string() });

const rootSchema = z.object({
  cause: z.string(),
  component: z.string(),
  verdict,
  located: verdict
    .optional()
    .describe('How well the component is proven where only a graph of services is known, and so no cause'),
});

const changeSchema = z.object({
  evidence: z.array(evidenceId).describe('All readings that tell of it, the leading one first'),
  kind: z.enum([
    'revision',
    'drift',
    'operation',
    'commit',
    'pull-request',
    'deployment',
    'workflow-run',
    'terraform',
    'secret',
    'limit',
  ]),
  component: z.string(),
  at: z.iso.datetime().describe('UTC; of what lies between two readings, the time of the later one'),
  what: z.string().describe('One sentence; foreign text in code spans'),
  relation: z
    .enum(['mechanism', 'correlated', 'after', 'undated'])
    .describe(
      'mechanism: a reading ties it to the failure; correlated: only its time does; after: done since the failure began; undated: the order of the two is not known',
    ),
  mechanism: z
    .string()
    .nullable()
    .describe('How it bears on the failure; a change after the onset can make it worse'),
  minutesBeforeOnset: z
    .int()
    .nullable()
    .describe('Negative after it; null where one of the two times is open'),
  onset: z.array(evidenceId).describe('The readings that date the onset which it is held against'),
});

const identitySchema = z.object({
  component: z.string(),
  name: z.string().describe('As the configuration names it'),
  canonical: z
    .string()
    .nullable()
    .describe("The API's own id: a connection name, a resource name in full; null where it knows none"),
  problem: z
    .enum(['none', 'no-such-resource', 'same-as', 'another-name'])
    .describe(
      'no-such-resource: the API knows no such name; same-as: `with` is the same resource; another-name: the service `with` is attached to a resource of that name in another project or region',
    ),
  with: z.string().optional().describe('The other component'),
  evidence: z.array(evidenceId),
  why: z.string(),
});

const statedSchema = z.object({
  act: z.enum(['add', 'accept', 'refute']),
  by: z.string(),
  at: z.string().describe('UTC'),
  url: z.string(),
  cause: z.string().nullable(),
  component: z.string().nullable(),
  text: z.string().describe('The reason, or what was added, in the words of the person'),
  effect: z.string().describe('What follows from it, and what the measurements say'),
  evidence: z.array(evidenceId).describe('The measurements that the effect names'),
});

const classificationSchema = z.object({
  kind: z.enum(['application', 'configuration', 'capacity', 'platform', 'dependency', 'unknown']),
  why: z.string().describe('Of which cause it is the class, and what of another class makes it worse'),
  worsenedBy: z.array(z.string()).describe('Other classes whose causes make the outage worse'),
});

const ownerSchema = z.object({
  contact: z.string().nullable().describe('Id of a contact of the configuration; null where none fits'),
  name: z.string(),
  why: z.string().describe('Why this one; without one, what to configure'),
});

export const diagnosisSchema = z.object({
  verdict,
  root: rootSchema,
  chain: z.array(whyStepSchema),
  second: z
    .object({ root: rootSchema, chain: z.array(whyStepSchema) })
    .nullable()
    .default(null)
    .describe('A second cause, where the first leaves something unexplained that fails'),
  unexplained: z
    .array(z.string())
    .default([])
    .describe('Components that fail and that no cause found accounts for'),
  findings: z.array(findingSchema),
  alternatives: z.array(alternativeSchema),
  contradictions: z.array(contradictionSchema),
  differences: z
    .array(differenceSchema)
    .default([])
    .describe('Figures that look alike and have another metric, window or time: no contradictions'),
  missing: z.array(missingSchema),
  labels: z.array(z.string()).default([]).describe('Labels of `labels.apply` whose condition holds'),
  identities: z
    .array(identitySchema)
    .default([])
    .describe('What the names of the configuration are at their provider, as far as that was read'),
  changes: z
    .array(changeSchema)
    .default([])
    .describe('What was changed in the 24 hours before the failures began, and since, the newest first'),
  stated: z
    .array(statedSchema)
    .default([])
    .describe(
      'What people said of the whys, the oldest first; none of it is a measurement or raises a verdict',
    ),
  classification: classificationSchema
    .nullable()
    .default(null)
    .describe('What kind of trouble the root is; null where nothing is known to fail'),
  owner: ownerSchema
    .nullable()
    .default(null)
    .describe('Who takes it on; null where nothing is known to fail'),
});

export type Verdict = z.infer<typeof verdict>;
export type WhyStep = z.infer<typeof whyStepSchema>;
export type Finding = z.infer<typeof findingSchema>;
export type Alternative = z.infer<typeof alternativeSchema>;
export type Contradiction = z.infer<typeof contradictionSchema>;
export type Difference = z.infer<typeof differenceSchema>;
export type Missing = z.infer<typeof missingSchema>;
export type Identity = z.infer<typeof identitySchema>;
export type ListedChange = z.infer<typeof changeSchema>;
export type StatedWhy = z.infer<typeof statedSchema>;
export type Classification = z.infer<typeof classificationSchema>;
export type Owner = z.infer<typeof ownerSchema>;
export type Diagnosis = z.infer<typeof diagnosisSchema>;
