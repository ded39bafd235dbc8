import type { ASTNode } from '@marcbachmann/cel-js';
import type { Configuration } from '../../config/repository.schema.ts';
import { causeIds } from '../causes.ts';
import { componentsOf, unreadableOf } from './facts.ts';
import { celLimits } from './names.ts';
import { accessOf, childrenOf, elementScope, macroOf, visit } from './syntax.ts';
import type { Scope } from './syntax.ts';
import type { ExpressionProblem } from './types.ts';

/** What an expression may cost at most: each part counts as often as the macros around it have elements. */
export function costProblems(ast: ASTNode, configuration: Configuration): ExpressionProblem[] {
  return [...tooManyMaps(ast), ...tooManySteps(ast, configuration)];
}

/** What a `map` makes of an element is an element of the next: each may make it larger by as much again. */
function tooManyMaps(ast: ASTNode): ExpressionProblem[] {
  const maps: ASTNode[] = [];
  visit(ast, (node) => {
    if (macroOf(node)?.macro === 'map') maps.push(node);
  });
  if (maps.length <= celLimits.maps) return [];
  return [
    {
      code: 'too-costly',
      message: `the expression has ${maps.length} map; at most ${celLimits.maps} are allowed`,
      remedy: 'ask with all, exists or filter; split it into several criteria',
      offset: ast.start,
      length: Math.max(1, ast.end - ast.start),
    },
  ];
}

function tooManySteps(ast: ASTNode, configuration: Configuration): ExpressionProblem[] {
  const cost = costOf(ast, new Map(), configuration);
  if (cost <= celLimits.steps) return [];
  return [
    {
      code: 'too-costly',
      message: `the expression takes up to ${cost} steps; at most ${celLimits.steps} are allowed`,
      remedy: 'do not put one macro into another over long lists; split it into several criteria',
      offset: ast.start,
      length: Math.max(1, ast.end - ast.start),
    },
  ];
}

function costOf(node: ASTNode, scope: Scope, configuration: Configuration): number {
  const macro = macroOf(node);
  if (!macro) {
    return childrenOf(node).reduce((sum, child) => sum + costOf(child, scope, configuration), 1);
  }
  const inner = elementScope(macro, scope);
  const body = macro.body.reduce((sum, child) => sum + costOf(child, inner, configuration), 1);
  const elements = lengthOf(macro.receiver, scope, configuration);
  return costOf(macro.receiver, scope, configuration) + elements * body;
}

/** How many elements a list can have at most. */
function lengthOf(node: ASTNode, scope: Scope, configuration: Configuration): number {
  if (node.op === 'list') return node.args.length;
  const name = accessOf(node, scope)?.name;
  const everything = Object.keys(configuration.components).length + unreadableOf(configuration).length;
  if (name === 'causes') return causeIds.length;
  if (name === 'criteria') return configuration.success_criteria.length;
  if (name === 'journeys') return Object.keys(configuration.journeys).length;
  if (name === 'probes') return countOf('http', configuration);
  if (name === 'sockets') return countOf('websocket', configuration);
  return Math.max(everything, celLimits.maxListElements);
}

function countOf(type: 'http' | 'websocket', configuration: Configuration): number {
  return componentsOf(configuration, type).length + unreadableOf(configuration, type).length;
}
