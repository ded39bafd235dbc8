import type { ASTNode } from '@marcbachmann/cel-js';
import { celNames } from './names.ts';
import type { CelName, Field, Values } from './names.ts';

/** The syntax tree of an expression, read by the names of the table. */

/** Macros that bind a name to each element of a list. */
const macros: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);

/** What a node stands for: a name of the table, one element of it, or a field. */
export interface Access {
  name: string;
  entry: CelName;
  /** `whole`: the name itself; `element`: one of its elements; `field`: a field of a record or element. */
  part: 'whole' | 'element' | 'field';
  field: string | null;
}

/** The names that macros have bound around a node; null where an element is no part of the table. */
export type Scope = ReadonlyMap<string, Access | null>;

/** A macro call with the name that it binds. */
export interface MacroCall {
  macro: string;
  receiver: ASTNode;
  variable: string;
  body: readonly ASTNode[];
}

/** The macro that a node calls; null where it calls none. */
export function macroOf(node: ASTNode): MacroCall | null {
  if (node.op !== 'rcall') return null;
  const [macro, receiver, [variable, ...body]] = node.args;
  if (!macros.has(macro) || variable?.op !== 'id') return null;
  return { macro, receiver, variable: variable.args, body };
}

/** Visits a tree from the root, with what macros have bound and how many of them are around each node. */
export function visit(
  node: ASTNode,
  enter: (node: ASTNode, scope: Scope, depth: number) => void,
  scope: Scope = new Map(),
  depth = 0,
): void {
  enter(node, scope, depth);
  const macro = macroOf(node);
  if (!macro) {
    for (const child of childrenOf(node)) visit(child, enter, scope, depth);
    return;
  }
  visit(macro.receiver, enter, scope, depth);
  const inner = elementScope(macro, scope);
  for (const child of macro.body) visit(child, enter, inner, depth + 1);
}

/** The names inside of a macro: those around it, and its variable. */
export function elementScope({ variable, receiver }: MacroCall, scope: Scope): Scope {
  return new Map(scope).set(variable, elementOf(accessOf(receiver, scope)));
}

/** The nodes below a node. */
export function childrenOf(node: ASTNode): readonly ASTNode[] {
  if (node.op === 'value' || node.op === 'id') return [];
  if (node.op === '.' || node.op === '.?') return [node.args[0]];
  if (node.op === '!_' || node.op === '-_') return [node.args];
  if (node.op === 'call') return node.args[1];
  if (node.op === 'rcall') return [node.args[1], ...node.args[2]];
  return node.op === 'map' ? node.args.flat() : node.args;
}

/** What a node stands for; null where it is no plain access to a name of the table. */
export function accessOf(node: ASTNode, scope: Scope): Access | null {
  if (node.op === 'id') return scope.has(node.args) ? (scope.get(node.args) ?? null) : wholeOf(node.args);
  if (node.op === '.') return memberOf(accessOf(node.args[0], scope), node.args[1]);
  if (node.op === '[]') return elementOf(accessOf(node.args[0], scope));
  return node.op === 'rcall' && node.args[0] === 'filter' ? accessOf(node.args[1], scope) : null;
}

function wholeOf(name: string): Access | null {
  const entry = Object.hasOwn(celNames, name) ? celNames[name] : undefined;
  return entry ? { name, entry, part: 'whole', field: null } : null;
}

function elementOf(access: Access | null): Access | null {
  if (access?.part !== 'whole' || !['list', 'map', 'strings'].includes(access.entry.shape)) return null;
  return { ...access, part: 'element' };
}

function memberOf(access: Access | null, field: string): Access | null {
  if (!access) return null;
  if (access.part === 'whole' && access.entry.shape === 'map') return elementOf(access);
  return fieldsOf(access) === null ? null : { ...access, part: 'field', field };
}

/** The fields that may follow an access; null where it is no record. */
export function fieldsOf({ entry, part }: Access): Readonly<Record<string, Field>> | null {
  if (entry.shape === 'record' && part === 'whole') return entry.fields;
  if ((entry.shape === 'list' || entry.shape === 'map') && part === 'element') return entry.fields;
  return null;
}

/** The field of the table that an access reads; null where it reads a list, a map, a record or a string of one. */
export function fieldOf({ entry, part, field }: Access): Field | null {
  if (entry.shape === 'value') return entry;
  if (part !== 'field' || field === null || !('fields' in entry)) return null;
  return Object.hasOwn(entry.fields, field) ? (entry.fields[field] ?? null) : null;
}

/** The texts that an access may give; null where any text may come. */
export function valuesOf(access: Access): Values | null {
  if (access.entry.shape === 'strings' && access.part === 'element') return access.entry.values;
  return fieldOf(access)?.values ?? null;
}

/** The text of a string literal; null where the node is none. */
export function literalText(node: ASTNode | undefined): string | null {
  return node?.op === 'value' && typeof node.args === 'string' ? node.args : null;
}
