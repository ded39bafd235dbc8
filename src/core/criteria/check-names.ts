import type { ASTNode } from '@marcbachmann/cel-js';
import { didYouMean } from '../did-you-mean.ts';
import { celFunctions, celLimits, celNames } from './names.ts';
import { accessOf, fieldsOf, macroOf, visit } from './syntax.ts';
import type { Scope } from './syntax.ts';
import type { ExpressionProblem } from './types.ts';

/** Names, fields and functions that are not in the tables, and uses of them that the tables do not allow. */
export function nameProblems(ast: ASTNode): ExpressionProblem[] {
  const problems: ExpressionProblem[] = [];
  visit(ast, (node, scope, depth) => {
    const found =
      nameProblem(node, scope) ??
      fieldProblem(node, scope) ??
      functionProblem(node) ??
      macroProblem(node, scope, depth) ??
      comparisonProblem(node, scope);
    if (found) problems.push(found);
  });
  return problems;
}

function nameProblem(node: ASTNode, scope: Scope): ExpressionProblem | null {
  if (node.op !== 'id' || scope.has(node.args) || Object.hasOwn(celNames, node.args)) return null;
  const known = [...Object.keys(celNames), ...scope.keys()];
  return {
    code: 'unknown-name',
    message: `there is no name ${node.args}`,
    remedy: suggestion(node.args, known, 'the names are'),
    offset: node.start,
    length: node.args.length,
  };
}

function fieldProblem(node: ASTNode, scope: Scope): ExpressionProblem | null {
  if (node.op !== '.') return null;
  const access = accessOf(node.args[0], scope);
  const fields = access && fieldsOf(access);
  const field = node.args[1];
  if (!fields || Object.hasOwn(fields, field)) return null;
  const owner = access.part === 'whole' ? access.name : `an element of ${access.name}`;
  return {
    code: 'unknown-field',
    message: `${owner} has no ${field}`,
    remedy: suggestion(field, Object.keys(fields), 'it has'),
    offset: node.pos,
    length: field.length,
  };
}

function functionProblem(node: ASTNode): ExpressionProblem | null {
  if (node.op !== 'call' && node.op !== 'rcall') return null;
  const name = node.args[0];
  if (Object.hasOwn(celFunctions, name)) return null;
  return {
    code: 'unknown-function',
    message: `there is no function ${name}`,
    remedy:
      name === 'matches'
        ? 'patterns are not allowed, they can run for minutes; use startsWith, endsWith or contains'
        : suggestion(name, Object.keys(celFunctions), 'the functions are'),
    offset: functionOffset(node, name),
    length: name.length,
  };
}

/** Where a function's name stands: a method's after its receiver. */
function functionOffset(node: ASTNode, name: string): number {
  if (node.op !== 'rcall') return node.start;
  const found = node.input.indexOf(name, node.args[1].end);
  return found === -1 ? node.start : found;
}

/** Macros in macros beyond the limit, and `all` over what a filter left: true where nothing is left. */
function macroProblem(node: ASTNode, scope: Scope, depth: number): ExpressionProblem | null {
  const call = macroOf(node);
  if (!call) return null;
  const place = { offset: functionOffset(node, call.macro), length: call.macro.length };
  if (depth >= celLimits.macroDepth) {
    return {
      code: 'nested-macros',
      message: `${call.macro} stands inside ${depth} other macros; at most ${celLimits.macroDepth} may nest`,
      remedy: 'split the condition into several criteria',
      ...place,
    };
  }
  const access = accessOf(call.receiver, scope);
  if (call.macro !== 'all' || (call.receiver.op === 'id' && access)) return null;
  return {
    code: 'vacuous',
    message: 'all over a list that may be empty is true where nothing is in it',
    remedy:
      "apply it to the list itself and put the filter into the condition: probes.all(p, p.id != 'api' || p.ok)",
    ...place,
  };
}

/** Records and lists have no order and no equality worth asking for. */
function comparisonProblem(node: ASTNode, scope: Scope): ExpressionProblem | null {
  if (node.op !== '==' && node.op !== '!=') return null;
  const side = node.args
    .map((operand) => accessOf(operand, scope))
    .find((access) => access && !isPlain(access));
  if (!side) return null;
  const fields = fieldsOf(side);
  return {
    code: 'wrong-type',
    message: `${side.part === 'element' ? `an element of ${side.name}` : side.name} cannot be compared as a whole`,
    remedy: fields
      ? `compare one of its fields: ${Object.keys(fields).join(', ')}`
      : `ask for its elements with all, exists, size or in`,
    offset: node.start,
    length: node.end - node.start,
  };
}

function isPlain({ entry, part }: NonNullable<ReturnType<typeof accessOf>>): boolean {
  return entry.shape === 'value' || part === 'field' || (entry.shape === 'strings' && part === 'element');
}

/** The known name that is near to what was typed, otherwise all of them. */
export function suggestion(typed: string, known: readonly string[], introduction: string): string {
  const near = didYouMean(typed, known);
  if (near !== null) return `did you mean ${near}?`;
  return known.length === 0 ? `${introduction} none` : `${introduction} ${known.join(', ')}`;
}
