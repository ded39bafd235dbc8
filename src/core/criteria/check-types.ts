import { ParseError } from '@marcbachmann/cel-js';
import type { ASTNode, TypeCheckResult } from '@marcbachmann/cel-js';
import { z } from 'zod';
import { cel } from './cel.ts';
import { celLimits } from './names.ts';
import { visit } from './syntax.ts';
import type { ExpressionProblem } from './types.ts';

/** The syntax tree of an expression, or why it has none. */
export function parseExpression(expression: string): { ast: ASTNode } | { problem: ExpressionProblem } {
  try {
    return { ast: cel.parse(expression).ast };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { problem: syntaxProblem(error, expression) };
  }
}

function syntaxProblem(error: ParseError, expression: string): ExpressionProblem {
  const offset = Math.min(error.range?.start ?? 0, Math.max(0, expression.length - 1));
  const place = { offset, length: Math.max(1, (error.range?.end ?? 0) - offset) };
  if (error.code === 'limit_exceeded') {
    return {
      code: 'too-costly',
      message: `the expression is too large: ${error.summary}`,
      remedy: `split it into several criteria; ${celLimits.maxAstNodes} parts and ${celLimits.maxDepth} levels are allowed`,
      ...place,
    };
  }
  const ended = error.summary.endsWith(': EOF');
  return {
    code: 'syntax',
    message: ended ? 'the expression ends too early' : `the expression cannot be read: ${error.summary}`,
    remedy: ended
      ? 'complete it, for example errors.share < 0.005'
      : 'write it in CEL, for example errors.share < 0.005 && recovery == 1.0',
    ...place,
  };
}

/**
 * Values of the wrong type. The parts of `&&`, `||` and `!` are checked one by one, so that each tells its own
 * problem.
 */
export function typeProblems(ast: ASTNode, expression: string): ExpressionProblem[] {
  return conditionsOf(ast).flatMap((part) => {
    const checked = cel.check(expression.slice(part.start, part.end));
    if (!checked.valid) return [typeProblem(checked.error, part)];
    return checked.type === 'bool' ? [] : [notBool(checked.type, part)];
  });
}

const typed = z.object({ checkedType: z.object({ name: z.string() }) });
const addable: ReadonlySet<string> = new Set([
  'int',
  'uint',
  'double',
  'google.protobuf.Duration',
  'google.protobuf.Timestamp',
]);

/**
 * Texts and lists that are joined: each `map` over what a `map` has joined doubles it, so that a line of CEL fills the
 * memory. Nothing that a criterion asks needs it.
 */
export function joinProblems(expression: string): ExpressionProblem[] {
  const parsed = cel.parse(expression);
  // A fault in the types is told of its own, and such an expression is not evaluated.
  if (!parsed.check().valid) return [];
  const problems: ExpressionProblem[] = [];
  visit(parsed.ast, (node) => {
    if (node.op !== '+' || addable.has(typed.safeParse(node).data?.checkedType.name ?? '')) return;
    problems.push({
      code: 'joining',
      message: 'texts and lists cannot be joined with +',
      remedy: 'ask each list or text of its own, and join the conditions with && or ||',
      offset: node.start,
      length: Math.max(1, node.end - node.start),
    });
  });
  return problems;
}

/** The parts of a condition that are joined by `&&`, `||` and `!`. */
function conditionsOf(node: ASTNode): ASTNode[] {
  if (node.op === '&&' || node.op === '||') return node.args.flatMap(conditionsOf);
  return node.op === '!_' ? conditionsOf(node.args) : [node];
}

function notBool(type: string | undefined, part: ASTNode): ExpressionProblem {
  return {
    code: 'not-bool',
    message: `the condition gives ${article(typeWord(type ?? 'another value'))}, not yes or no`,
    remedy: 'compare it with something, for example errors.count == 0',
    offset: part.start,
    length: part.end - part.start,
  };
}

function typeProblem(error: TypeCheckResult['error'], part: ASTNode): ExpressionProblem {
  const { start = 0, end = part.end - part.start } = error?.range ?? {};
  const summary = error?.summary ?? 'the types do not fit';
  const operator = /^no such overload: (.+) ([^ ]+) (.+)$/.exec(summary);
  const place = { offset: part.start + start, length: Math.max(1, end - start) };
  if (operator) {
    const [, left = '', sign = '', right = ''] = operator;
    const types = [typeWord(left), typeWord(right)];
    return {
      code: 'wrong-type',
      message: `${article(types[0] ?? '')} and ${article(types[1] ?? '')} do not go together with ${sign}`,
      remedy: operandRemedy(types),
      ...place,
    };
  }
  return {
    code: 'wrong-type',
    message: typeWords(summary),
    remedy: 'the types are in docs/configuration.md',
    ...place,
  };
}

function operandRemedy(types: readonly string[]): string {
  if (types.includes('duration')) return "write a length of time as duration('10s')";
  if (types.includes('double') && types.includes('int'))
    return 'write the whole number with a point, for example 1.0';
  if (types.includes('string')) return 'write a text in quotes, and a number without them';
  return 'compare values of the same type';
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function typeWord(type: string): string {
  return typeWords(type).trim();
}

/** The types as the reference page calls them. */
function typeWords(text: string): string {
  return text
    .replaceAll('google.protobuf.Duration', 'duration')
    .replaceAll('google.protobuf.Timestamp', 'timestamp');
}
