import { EvaluationError } from '@marcbachmann/cel-js';
import type { ASTNode } from '@marcbachmann/cel-js';
import { sortedIds } from '../observations.ts';
import { cel } from './cel.ts';
import { checkExpression } from './check.ts';
import { celContext } from './context.ts';
import type { Assumed } from './context.ts';
import type { Facts } from './facts.ts';
import type { Known } from './figure.ts';
import { createLedger, Unreadable } from './ledger.ts';
import type { Ledger, Place, Read } from './ledger.ts';
import { limitsOf } from './limits.ts';
import { readOperands } from './operands.ts';
import { possibleRecoveries } from './recovery.ts';
import { possibleConnectTimes } from './starts.ts';
import type { Evaluation, Result } from './types.ts';
import { figuresMissing, figuresRead } from './why.ts';

/** Evaluates one expression over a snapshot; an expression with a fault is unknown. */
export function evaluateOver(facts: Facts, expression: string): Evaluation {
  const [problem] = checkExpression(expression, facts.configuration);
  if (problem)
    return { result: 'unknown', evidence: [], why: `the expression has a fault: ${problem.message}` };
  const run = cel.parse(expression);
  const decided = decide(run, facts);
  const { ledger, result, fault } = decided;
  const operands = readOperands(run.ast, facts, decided.assumed);
  const reads = withoutDoubles([...ledger.reads, ...operands.reads]);
  const evidence = sortedIds([...reads, ...ledger.gaps].flatMap((one) => one.evidence));
  const limits = limitsOf(run.ast);
  if (fault !== null) return { result, evidence, why: fault };
  if (result === 'unknown' && ledger.gaps.length > 0) {
    const known = withoutDoubles(operands.reads);
    const rest = known.length > 0 ? `; ${figuresRead(known, limits, operands.decisive)}` : '';
    return { result, evidence, why: figuresMissing(ledger.gaps) + rest };
  }
  return { result, evidence, why: figuresRead(reads, limits, operands.decisive) };
}

/** As `evaluateOver` for many snapshots, of an expression without a fault: only what it comes to. */
export function judge(expression: string): (facts: Facts) => Result {
  const run = cel.parse(expression);
  return (facts) => decide(run, facts).result;
}

/** What an expression comes to, and the names of which a figure could not be read. */
export function judgeAndMiss(facts: Facts, expression: string): { result: Result; missed: string[] } {
  if (checkExpression(expression, facts.configuration).length > 0) return { result: 'unknown', missed: [] };
  const { result, ledger } = decide(cel.parse(expression), facts);
  return { result, missed: [...new Set(ledger.gaps.map(({ name }) => name))] };
}

function decide(run: Parsed, facts: Facts): Run {
  const first = runOnce(run, facts, new Map());
  return first.result === 'unknown' ? (overPossible(run, facts, first) ?? first) : first;
}

/** The first reading of each figure. */
function withoutDoubles(reads: readonly Read[]): Read[] {
  const byPlace = Map.groupBy(reads, ({ name, element, field }) => JSON.stringify([name, element, field]));
  return [...byPlace.values()].flatMap(([first]) => (first ? [first] : []));
}

interface Run {
  result: Result;
  ledger: Ledger;
  assumed: Assumed;
  /** What went wrong in computing; null where nothing did. */
  fault: string | null;
}

type Parsed = ReturnType<typeof cel.parse>;

function runOnce(run: Parsed, facts: Facts, assumed: Assumed): Run {
  const ledger = createLedger();
  try {
    const value: unknown = run(celContext(facts, ledger, assumed));
    return { result: value === true ? 'met' : 'failed', ledger, assumed, fault: null };
  } catch (error) {
    if (error instanceof Unreadable) return { result: 'unknown', ledger, assumed, fault: null };
    // Too deep, or too large, for the machine: an expression that passed the limits and is over them all the same.
    const isTooMuch = error instanceof RangeError;
    if (!isTooMuch && !(error instanceof EvaluationError)) throw error;
    const why = isTooMuch ? error.message : error.summary;
    return { result: 'unknown', ledger, assumed, fault: `the expression cannot be computed: ${why}` };
  }
}

/** Figures of which the snapshot tells between which values they lie, though not the value. */
const boundedFigures: Readonly<Record<string, (facts: Facts, ast: ASTNode) => Known[]>> = {
  recovery: possibleRecoveries,
  'connect.p95': possibleConnectTimes,
};

/**
 * While some states are unknown, `recovery` lies between two bounds; while connections time out, `connect.p95` lies
 * above that of the others. Where the expression comes out the same for all values, what was read decides it.
 */
function overPossible(run: Parsed, facts: Facts, first: Run): Run | null {
  const missed = new Set(first.ledger.gaps.map(pathOf));
  const bounded = Object.entries(boundedFigures).filter(([path]) => missed.has(path));
  if (bounded.length === 0) return null;
  const combinations = bounded.reduce<Assumed[]>(
    (all, [path, possible]) =>
      all.flatMap((assumed) => possible(facts, run.ast).map((value) => new Map(assumed).set(path, value))),
    [new Map()],
  );
  const runs = combinations.map((assumed) => runOnce(run, facts, assumed));
  const [one] = runs;
  if (!one || one.result === 'unknown' || runs.some(({ result }) => result !== one.result)) return null;
  return one;
}

function pathOf({ name, field }: Place): string {
  return field === null ? name : `${name}.${field}`;
}
