import { evaluateOver } from './criteria/evaluate.ts';
import { factsOf } from './criteria/facts.ts';
import type { Facts } from './criteria/facts.ts';
import type { CriteriaInput, CriteriaReadings, CriterionReading, Evaluation } from './criteria/types.ts';
import { evaluateHeld } from './criteria/held.ts';
import { noStandings, sinceOf, type Standing } from './criteria/standing.ts';
import { durationOf } from './figures.ts';

export { checkExpression } from './criteria/check.ts';
export type {
  CriteriaInput,
  CriteriaReadings,
  Evaluation,
  ExpressionProblem,
  Result,
} from './criteria/types.ts';

/**
 * Evaluates one CEL expression over a snapshot. The result is three-valued: what could not be read makes it
 * unknown, unless the rest decides it. An expression with a fault is unknown too, and `why` names the fault.
 */
export function evaluate(expression: string, input: CriteriaInput): Evaluation {
  return evaluateOver(factsOf(input), expression);
}

/** Reads all success criteria, escalation rules and labels of a configuration, in its order. */
export function readCriteria(input: CriteriaInput): CriteriaReadings {
  const facts = factsOf(input);
  const { configuration, snapshot } = input;
  const { success, escalation } = snapshot.standing ?? noStandings;
  return {
    success: configuration.success_criteria.map((criterion) =>
      readCriterion(facts, criterion, success[criterion.id]),
    ),
    escalation: configuration.escalation.map((rule) => readCriterion(facts, rule, escalation[rule.id])),
    labels: configuration.labels.apply.map(({ label, when }) => ({
      label,
      result: evaluateOver(facts, when).result,
    })),
  };
}

/** The labels whose condition holds, each once, in the configuration's order. */
export function labelsThatHold(facts: Facts): string[] {
  const holding = facts.configuration.labels.apply.filter(
    ({ when }) => evaluateOver(facts, when).result === 'met',
  );
  return [...new Set(holding.map(({ label }) => label))];
}

function readCriterion(
  facts: Facts,
  criterion: { id: string; title: string; when: string; for?: string | undefined },
  before: Standing | undefined,
): CriterionReading {
  const { id, title, when } = criterion;
  const duration = criterion.for ?? null;
  // One snapshot shows that a condition holds now, not since when: that takes samples.
  const reading =
    duration === null
      ? evaluateOver(facts, when)
      : evaluateHeld(facts, when, durationOf(duration) ?? Number.NaN);
  const since = sinceOf(before, reading.result, facts.snapshot.takenAt);
  return { id, title, when, for: duration, ...reading, since };
}
