import { EvaluationError, serialize } from '@marcbachmann/cel-js';
import type { ASTNode } from '@marcbachmann/cel-js';
import { cel } from './cel.ts';
import { celContext } from './context.ts';
import type { Assumed, Only } from './context.ts';
import type { Facts } from './facts.ts';
import { createLedger, Unreadable } from './ledger.ts';
import type { Read } from './ledger.ts';
import { elementReaders } from './readings.ts';
import { macroOf } from './syntax.ts';

/** What the operands of an expression read, each for itself. */
interface Operands {
  reads: Read[];
  /** The elements that decided a condition over a list or map, by its name. */
  decisive: Map<string, Set<string>>;
}

/**
 * Reads every operand of an expression that can be read. CEL stops at the first one that decides, so the reasons
 * of the others are asked for one by one; of a condition over all or some elements, element by element.
 */
export function readOperands(ast: ASTNode, facts: Facts, assumed: Assumed): Operands {
  const reads: Read[] = [];
  const decisive = new Map<string, Set<string>>();
  for (const operand of operandsOf(ast)) {
    const whole = readOne(operand, facts, assumed, null);
    if (whole === null) continue;
    reads.push(...whole.reads);
    for (const only of elementsOver(operand, facts)) {
      const one = readOne(operand, facts, assumed, only);
      if (one === null) continue;
      reads.push(...one.reads);
      if (one.value === whole.value && decides(operand, one.value)) {
        decisive.set(only.name, (decisive.get(only.name) ?? new Set()).add(only.element));
      }
    }
  }
  return { reads, decisive };
}

/** What `&&`, `||` and `!` join: conditions that are true or false for themselves. */
function operandsOf(node: ASTNode): ASTNode[] {
  if (node.op === '&&' || node.op === '||') return node.args.flatMap(operandsOf);
  return node.op === '!_' ? operandsOf(node.args) : [node];
}

/** Value and readings of one operand; null where it cannot be read. */
function readOne(
  operand: ASTNode,
  facts: Facts,
  assumed: Assumed,
  only: Only | null,
): { value: unknown; reads: readonly Read[] } | null {
  const ledger = createLedger();
  try {
    const value: unknown = cel.parse(serialize(operand))(celContext(facts, ledger, assumed, only));
    return { value, reads: ledger.reads };
  } catch (error) {
    if (error instanceof Unreadable || error instanceof EvaluationError) return null;
    throw error;
  }
}

/** The elements that `all` or `exists` asks, where it is asked of a list or map of the table itself. */
function elementsOver(operand: ASTNode, facts: Facts): Only[] {
  const macro = macroOf(operand);
  if (!macro || !['all', 'exists'].includes(macro.macro) || macro.receiver.op !== 'id') return [];
  const name = macro.receiver.args;
  return (elementReaders[name]?.(facts) ?? []).map(({ id }) => ({ name, element: id }));
}

/** One no decides `all`, one yes decides `exists`. */
function decides(operand: ASTNode, value: unknown): boolean {
  return macroOf(operand)?.macro === 'exists' ? value === true : value === false;
}
