import { symptomQuestion, symptomSignal } from '../diagnose/symptom.ts';
import { code } from '../diagnose/wording.ts';
import type { Missing, Verdict, WhyStep } from '../diagnosis.ts';
import { evidenceIds, sortedIds } from '../observations.ts';
import type { Refutation } from './refutations.ts';
import type { Item, NoIndication, Rule, RuleContext } from './rule.ts';

type Seen = readonly { readonly id: string }[];

/** What was found of one of a rule's observations; without `holds`, it is there where something shows it. */
export function item(key: string, seen: Seen, holds: boolean | null = seen.length > 0): Item {
  return { key, holds, evidence: evidenceIds(seen) };
}

/** The readings behind the items that hold, in order. */
export function holding(items: readonly Item[]): string[] {
  return sortedIds(items.filter(({ holds }) => holds === true).flatMap(({ evidence }) => evidence));
}

/** A clause with what is not shown of it, or speaks against it. */
export function doubted(clause: string, doubts: readonly string[]): string {
  const told = doubts.filter((doubt) => doubt !== '');
  return told.length === 0 ? clause : `${clause}, but ${told.join(', ')}`;
}

/** Why a share of a service's failures is not enough: it is smaller than a half, or was not counted; empty where it is. */
export function doubtOfShare(share: number | null, of = '5xx'): string {
  if (share === null) return `its ${of} were not counted`;
  return share < 0.5 ? `most of its ${of} have another reason` : '';
}

/** What would settle a rule's question about a component. */
export function toDecide(rule: Pick<Rule, 'decides' | 'query'>, { found, component }: RuleContext): Missing {
  return { wouldDecide: decidesFor(rule, component), command: rule.query(found, component) };
}

/** What would decide on a cause of a component, in words. */
function decidesFor({ decides }: Pick<Rule, 'decides'>, component: string): string {
  return decides.replaceAll('{component}', code(component));
}

/** Nothing points to the cause: refuted or made less likely by an observation, or not told by what was read. */
export function notIndicated(
  rule: Pick<Rule, 'decides' | 'query'>,
  context: RuleContext,
  refutation: Refutation | null = null,
): NoIndication {
  return {
    role: 'none',
    ...(refutation ?? {
      verdict: 'untested',
      why: `not tested; this would decide: ${decidesFor(rule, context.component)}`,
      decidedBy: [],
    }),
    // Asked of every rule and component, and shown of a few: made when it is read.
    get missing() {
      return [toDecide(rule, context)];
    },
  };
}

/** What a why within a component answers. */
interface Because {
  /** Without `Because` and the full stop. */
  because: string;
  cause: WhyStep['cause'];
  evidence: readonly string[];
  edge?: 'same' | 'change';
  share?: number | null;
  confidence?: Verdict;
  question?: string;
  effect?: WhyStep['effect'];
}

/** A why within a component, asked of what is seen of its failure unless said otherwise. */
export function whyOf({ found, component }: RuleContext, step: Because): WhyStep {
  return {
    question: step.question ?? symptomQuestion(found, component),
    answer: `Because ${step.because}.`,
    effect: step.effect ?? { component, signal: symptomSignal(found, component) },
    cause: step.cause,
    edge: step.edge ?? 'same',
    evidence: sortedIds(step.evidence),
    share: step.share ?? null,
    confidence: step.confidence ?? 'confirmed',
  };
}
