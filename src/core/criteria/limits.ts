import type { ASTNode } from '@marcbachmann/cel-js';
import { number } from '../figures.ts';
import { secondsText, shareText } from './figure.ts';
import { durationSeconds } from './literals.ts';
import { accessOf, fieldOf, visit } from './syntax.ts';
import type { Access, Scope } from './syntax.ts';

/** The thresholds of an expression by `name` or `name.field`: `limit 0.5 %`, `wanted 200`. */
export type Limits = ReadonlyMap<string, string>;

const words: Readonly<Record<string, string>> = {
  '<': 'limit',
  '<=': 'limit',
  '>': 'limit',
  '>=': 'limit',
  '==': 'wanted',
  '!=': 'wanted any but',
};

/** What each figure of an expression is compared with, as it is shown next to the figure. */
export function limitsOf(ast: ASTNode): Limits {
  const limits = new Map<string, string>();
  visit(ast, (node, scope) => {
    const limit = limitOf(node, scope);
    if (!limit) return;
    const other = limits.get(limit.path);
    limits.set(
      limit.path,
      other === undefined || other === limit.text ? limit.text : `${other}, ${limit.text}`,
    );
  });
  return limits;
}

function limitOf(node: ASTNode, scope: Scope): { path: string; text: string } | null {
  if (!isComparison(node)) return null;
  const [left, right] = node.args;
  const [access, literal] = [
    accessOf(left, scope) ?? accessOf(right, scope),
    accessOf(left, scope) ? right : left,
  ];
  const field = access && fieldOf(access);
  if (!access || !field) return null;
  const value = literalFigure(literal, field.share === true);
  return value === null ? null : { path: pathOf(access), text: `${words[node.op] ?? ''} ${value}` };
}

type Comparison = Extract<ASTNode, { op: '<' | '<=' | '>' | '>=' | '==' | '!=' }>;

function isComparison(node: ASTNode): node is Comparison {
  return Object.hasOwn(words, node.op);
}

function pathOf({ name, part, field }: Access): string {
  return part === 'field' && field !== null ? `${name}.${field}` : name;
}

/** A literal as its figure is shown; null where the node is no literal. */
function literalFigure(node: ASTNode, isShare: boolean): string | null {
  const seconds = durationSeconds(node);
  if (seconds !== null) return secondsText(seconds);
  if (node.op !== 'value') return null;
  const value = node.args;
  if (typeof value === 'number' || typeof value === 'bigint') {
    return isShare ? shareText(Number(value)) : number(Number(value));
  }
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' ? value || 'none' : null;
}
