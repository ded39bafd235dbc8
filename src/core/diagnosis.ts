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
});

const sideSchema = z.object({
  value: z.string(),
  evidence: evidenceId.optional(),
  statement: z.string().optional(),
});

const contradictionSchema = z.object({
  about: effectSchema,
  kind: z.enum(['stated-measured', 'measured-measured', 'configured-measured']),
  sides: z.array(sideSchema).min(2),
});

const missingSchema = z.object({ wouldDecide: z.string(), command: z.string() });

const rootSchema = z.object({ cause: z.string(), component: z.string(), verdict });

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
  missing: z.array(missingSchema),
  labels: z.array(z.string()).default([]).describe('Labels of `labels.apply` whose condition holds'),
});

export type Verdict = z.infer<typeof verdict>;
export type WhyStep = z.infer<typeof whyStepSchema>;
export type Finding = z.infer<typeof findingSchema>;
export type Alternative = z.infer<typeof alternativeSchema>;
export type Contradiction = z.infer<typeof contradictionSchema>;
export type Missing = z.infer<typeof missingSchema>;
export type Diagnosis = z.infer<typeof diagnosisSchema>;
