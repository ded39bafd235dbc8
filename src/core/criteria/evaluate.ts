import { EvaluationError } from '@marcbachmann/cel-js';
import type { ASTNode } from '@marcbachmann/cel-js';
import { sortedIds } from '../observations.ts';
import { cel } from './cel.ts';
import { checkExpression } from './check.ts';
import { celContext } from './context.ts';
import type { Assumed } from './context.ts';
import type { Facts } from './facts.ts';
import { createLedger, Unreadable } from './ledger.ts';
import type { Ledger } from './ledger.ts';
import { limitsOf } from './limits.ts';
import { possibleRecoveries } from './recovery.ts';
import type { Evaluation, Result } from './types.ts';
import { figuresMissing, figuresRead } from './why.ts';

/** Evaluates one expression over a snapshot; an expression with a fault is unknown. */
export function evaluateOver(facts: Facts, expression: string): Evaluation {
  const [problem] = checkExpression(expression, facts.configuration);
  if (problem)
    return { result: 'unknown', evidence: [], why: `the expression has a fault: ${problem.message}` };
  const run = cel.parse(expression);
  const first = runOnce(run, facts);
  const { ledger, result, fault } =
    first.result === 'unknown' ? (overRecoveries(run, facts, first) ?? first) : first;
  const evidence = sortedIds([...ledger.reads, ...ledger.gaps].flatMap((one) => one.evidence));
  return { result, evidence, why: fault ?? sentence(run.ast, ledger, result) };
}

function sentence(ast: ASTNode, ledger: Ledger, result: Result): string {
  if (result === 'unknown' && ledger.gaps.length > 0) return figuresMissing(ledger.gaps);
  return figuresRead(ledger.reads, limitsOf(ast), result);
}

interface Run {
  result: Result;
  ledger: Ledger;
  /** What went wrong in computing; null where nothing did. */
  fault: string | null;
}

function runOnce(run: (context: object) => unknown, facts: Facts, assumed?: Assumed): Run {
  const ledger = createLedger();
  try {
    const value = run(celContext(facts, ledger, assumed));
    return { result: value === true ? 'met' : 'failed', ledger, fault: null };
  } catch (error) {
    if (error instanceof Unreadable) return { result: 'unknown', ledger, fault: null };
    if (!(error instanceof EvaluationError)) throw error;
    return { result: 'unknown', ledger, fault: `the expression cannot be computed: ${error.summary}` };
  }
}

/**
 * While some states are unknown, `recovery` lies between two bounds. Where the expression comes out the same for
 * every value in between, the components that were read decide it.
 */
function overRecoveries(run: (context: object) => unknown, facts: Facts, first: Run): Run | null {
  if (!first.ledger.gaps.some(({ name }) => name === 'recovery')) return null;
  const runs = possibleRecoveries(facts).map((value) => runOnce(run, facts, new Map([['recovery', value]])));
  const [one] = runs;
  if (!one || one.result === 'unknown' || runs.some(({ result }) => result !== one.result)) return null;
  return one;
}
