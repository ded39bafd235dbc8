import type { Configuration } from '../../config/repository.schema.ts';
import type { Diagnosis } from '../diagnosis.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Since } from './standing.ts';

/** A condition is met, failed, or unknown where something that it needs could not be read. */
export type Result = 'met' | 'failed' | 'unknown';

/** What criteria are read from. */
export interface CriteriaInput {
  configuration: Configuration;
  snapshot: Snapshot;
  diagnosis: Diagnosis | null;
}

/** One expression, evaluated. */
export interface Evaluation {
  result: Result;
  /** Evidence ids of all that the expression read, observations and gaps, each once, in ascending order. */
  evidence: string[];
  /** One sentence with the figures read, or with what could not be read. */
  why: string;
}

/** One success criterion or escalation rule, as it stands now. */
export interface CriterionReading extends Evaluation {
  id: string;
  title: string;
  when: string;
  /** How long the condition has to hold, for example `30m`; null where it counts at once. */
  for: string | null;
  /** Since when the result is this, over looks and samples; null where it is read for the first time. */
  since: Since | null;
}

/** What one criterion came to. */
export interface CriterionResult {
  kind: 'success' | 'escalation';
  id: string;
  result: Result;
}

/** One label that Sitrep keeps, and whether it belongs on the issue. */
interface LabelReading {
  label: string;
  result: Result;
}

/** All criteria of a configuration, in its order. */
export interface CriteriaReadings {
  success: CriterionReading[];
  escalation: CriterionReading[];
  labels: LabelReading[];
}

/** What is wrong with an expression, and where in its text. */
export interface ExpressionProblem {
  /** Kebab-case id of the kind of problem. */
  code: string;
  message: string;
  remedy: string;
  /** Zero-based offset of the first faulty character in the expression, in UTF-16 units. */
  offset: number;
  /** Number of faulty characters, at least 1. */
  length: number;
}
