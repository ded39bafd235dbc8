import { z } from 'zod';
import { evidenceId } from './snapshot.ts';

/** The diagnosis: what `core/diagnose.ts` concludes from a snapshot. Shape of `sitrep diagnose --json`. */

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
      'depends_on, via, attached (an API shows it), journey, same (within one component), change; null at the end',
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

export const diagnosisSchema = z.object({
  verdict,
  root: z.object({
    cause: z.string(),
    component: z.string(),
    verdict,
    located: verdict
      .optional()
      .describe('How well the component is proven where only a graph of services is known, and so no cause'),
  }),
  chain: z.array(whyStepSchema),
  findings: z.array(findingSchema),
  alternatives: z.array(alternativeSchema),
  contradictions: z.array(contradictionSchema),
  missing: z.array(missingSchema),
});

export type Verdict = z.infer<typeof verdict>;
export type WhyStep = z.infer<typeof whyStepSchema>;
export type Finding = z.infer<typeof findingSchema>;
export type Alternative = z.infer<typeof alternativeSchema>;
export type Contradiction = z.infer<typeof contradictionSchema>;
export type Missing = z.infer<typeof missingSchema>;
export type Diagnosis = z.infer<typeof diagnosisSchema>;
