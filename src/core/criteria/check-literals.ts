import type { ASTNode } from '@marcbachmann/cel-js';
import type { Configuration } from '../../config/repository.schema.ts';
import { causeIds } from '../causes.ts';
import { suggestion } from './check-names.ts';
import { componentsOf, unreadableOf } from './facts.ts';
import { durationText, parseDuration } from './literals.ts';
import type { Values } from './names.ts';
import { accessOf, literalText, valuesOf, visit } from './syntax.ts';
import type { Scope } from './syntax.ts';
import type { ExpressionProblem } from './types.ts';

/** Literal ids and words that cannot be: a component, journey or cause that does not exist, no duration. */
export function literalProblems(ast: ASTNode, configuration: Configuration): ExpressionProblem[] {
  const problems: ExpressionProblem[] = [];
  visit(ast, (node, scope) => {
    for (const { literal, values } of literalsOf(node, scope)) {
      const found = literalProblem(literal, values, configuration);
      if (found) problems.push(found);
    }
    const bad = durationProblem(node);
    if (bad) problems.push(bad);
  });
  return problems;
}

/** A literal and the texts that it may be. */
interface Expected {
  literal: { text: string; offset: number; length: number };
  values: Values;
}

/** The literals that a node holds against a list of known texts. */
function literalsOf(node: ASTNode, scope: Scope): Expected[] {
  if (node.op === '[]' || node.op === '.') return keyOf(node, scope);
  if (node.op === 'in') return membership(node.args[0], node.args[1], scope);
  if (node.op !== '==' && node.op !== '!=') return [];
  return [...pair(node.args[0], node.args[1], scope), ...pair(node.args[1], node.args[0], scope)];
}

/** `components['x']` and `components.x`. */
function keyOf(node: Extract<ASTNode, { op: '[]' | '.' }>, scope: Scope): Expected[] {
  const access = accessOf(node.args[0], scope);
  if (access?.entry.shape !== 'map' || access.part !== 'whole') return [];
  const values = access.entry.keys;
  if (node.op === '.')
    return [{ literal: { text: node.args[1], offset: node.pos, length: node.args[1].length }, values }];
  return literalOf(node.args[1], values);
}

/** `stage == 'monitoring'`. */
function pair(side: ASTNode, other: ASTNode, scope: Scope): Expected[] {
  const access = accessOf(side, scope);
  const values = access && valuesOf(access);
  return values ? literalOf(other, values) : [];
}

/** `'x' in causes`, `'x' in components`, `stage in ['monitoring']`. */
function membership(element: ASTNode, list: ASTNode, scope: Scope): Expected[] {
  if (list.op === 'list') return list.args.flatMap((item) => pair(element, item, scope));
  const access = accessOf(list, scope);
  if (access?.part !== 'whole') return [];
  if (access.entry.shape === 'strings') return literalOf(element, access.entry.values);
  return access.entry.shape === 'map' ? literalOf(element, access.entry.keys) : [];
}

function literalOf(node: ASTNode, values: Values): Expected[] {
  const text = literalText(node);
  return text === null
    ? []
    : [{ literal: { text, offset: node.start, length: node.end - node.start }, values }];
}

const nouns: Readonly<Record<Extract<Values, string>, string>> = {
  causes: 'cause',
  components: 'component',
  criteria: 'success criterion',
  http: 'http component',
  journeys: 'journey',
  websocket: 'websocket component',
};

function literalProblem(
  { text, offset, length }: Expected['literal'],
  values: Values,
  configuration: Configuration,
): ExpressionProblem | null {
  const known = knownTexts(values, configuration);
  if (known.includes(text) || (values === 'components' && text === '')) return null;
  const noun = typeof values === 'string' ? nouns[values] : 'value';
  return {
    code: codes[noun] ?? 'unknown-value',
    message: typeof values === 'string' ? `there is no ${noun} ${text}` : `it is never '${text}'`,
    remedy: suggestion(
      text,
      known,
      typeof values === 'string'
        ? `the ${noun === 'success criterion' ? 'success criteria' : `${noun}s`} are`
        : 'it is one of',
    ),
    offset,
    length,
  };
}

const codes: Readonly<Record<string, string>> = {
  cause: 'unknown-cause',
  component: 'unknown-component',
  'http component': 'unknown-component',
  'websocket component': 'unknown-component',
  journey: 'unknown-journey',
  'success criterion': 'unknown-criterion',
};

/** A component whose description has a fault exists all the same: that fault is told once, where it is. */
function knownTexts(values: Values, configuration: Configuration): readonly string[] {
  switch (values) {
    case 'causes':
      return causeIds;
    case 'components':
      return [
        ...Object.keys(configuration.components),
        ...(configuration.unreadable ?? []).map(({ component }) => component),
      ];
    case 'http':
    case 'websocket':
      return [...componentsOf(configuration, values), ...unreadableOf(configuration, values)];
    case 'journeys':
      return Object.keys(configuration.journeys);
    case 'criteria':
      return configuration.success_criteria.map(({ id }) => id);
    default:
      return values;
  }
}

function durationProblem(node: ASTNode): ExpressionProblem | null {
  const text = durationText(node);
  const argument = node.op === 'call' ? node.args[1][0] : undefined;
  if (text === null || parseDuration(text) !== null || !argument) return null;
  return {
    code: 'wrong-duration',
    message: `'${text}' is no duration`,
    remedy: "write a number and h, m, s or ms, for example duration('90s'); a day is duration('24h')",
    offset: argument.start,
    length: argument.end - argument.start,
  };
}
