import type { Configuration } from '../../config/repository.schema.ts';
import { costProblems } from './check-cost.ts';
import { literalProblems } from './check-literals.ts';
import { nameProblems } from './check-names.ts';
import { joinProblems, parseExpression, typeProblems } from './check-types.ts';
import { celLimits } from './names.ts';
import type { ExpressionProblem } from './types.ts';

/**
 * Checks an expression against the table of names and the ids of a configuration: syntax, names, functions,
 * types, literal ids, and what it may cost. All problems at once, in the order of their places.
 */
export function checkExpression(expression: string, configuration: Configuration): ExpressionProblem[] {
  if (expression.length > celLimits.length) return [tooLong(expression)];
  const parsed = parseExpression(expression);
  if ('problem' in parsed) return [parsed.problem];
  const named = withoutDoubles([
    ...nameProblems(parsed.ast),
    ...literalProblems(parsed.ast, configuration),
    ...costProblems(parsed.ast, configuration),
    ...joinProblems(expression),
  ]);
  const typed = typeProblems(parsed.ast, expression).filter(
    (problem) => !named.some((other) => overlap(problem, other)),
  );
  return [...named, ...typed].toSorted((a, b) => a.offset - b.offset);
}

function tooLong(expression: string): ExpressionProblem {
  return {
    code: 'too-long',
    message: `the expression has ${expression.length} characters; at most ${celLimits.length} are allowed`,
    remedy: 'split it into several criteria',
    offset: celLimits.length,
    length: expression.length - celLimits.length,
  };
}

/** A fault that a faulty name causes in what is around it is told once, by the name. */
function overlap(problem: ExpressionProblem, other: ExpressionProblem): boolean {
  return other.offset < problem.offset + problem.length && problem.offset < other.offset + other.length;
}

function withoutDoubles(problems: readonly ExpressionProblem[]): ExpressionProblem[] {
  return [...Map.groupBy(problems, ({ code, offset }) => `${code} ${offset}`).values()].flatMap(([first]) =>
    first ? [first] : [],
  );
}
