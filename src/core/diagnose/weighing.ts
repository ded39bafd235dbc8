import type { CauseId } from '../causes.ts';
import type { Verdict } from '../diagnosis.ts';
import { componentOf, dependenciesOf } from '../graph.ts';
import { priorOf, weightOf } from '../rules/evidence-table.ts';
import type { Indication, Item, Rule, RuleContext } from '../rules/rule.ts';
import { isAbnormal } from './case.ts';
import { beganBefore, earliestOf, onsetOf } from './onset.ts';
import type { Onset } from './onset.ts';
import { sufficientShare } from './traversal.ts';
import { shareOfSymptom } from './walk.ts';
import type { Walk } from './walk.ts';

/** The gates that every cause must pass: true, false, or null where the readings do not tell. */
interface Gates {
  path: boolean;
  order: boolean | null;
  share: boolean | null;
  notForbidden: boolean;
  /** Null where an abnormal dependency may be behind it, unless the rule outranks those. */
  leaf: boolean | null;
}

/** A cause that something in a component points to, weighed. */
export interface Hypothesis {
  rule: Rule;
  component: string;
  indication: Indication;
  gates: Gates;
  /** Part of the whole symptom that it accounts for. */
  share: number | null;
  decibans: number;
  verdict: Verdict;
}

/** A hypothesis before it is compared with the others. */
export type Weighed = Omit<Hypothesis, 'verdict'>;

/** Weighs what a rule found in a component: its gates, its part of the symptom, its evidence in dB. */
export function weigh(way: Walk, rule: Rule, context: RuleContext, indication: Indication): Weighed {
  const { component } = context;
  const whole = shareOfSymptom(way, component);
  const share = whole === null ? indication.share : whole * (indication.share ?? 1);
  const forbidden = new Set(rule.evidence.filter(({ need }) => need === 'forbidden').map(({ key }) => key));
  return {
    rule,
    component,
    indication,
    gates: {
      path: way.reached.includes(component),
      order: orderOf(context, indication.onset),
      share: share === null ? null : share >= sufficientShare,
      notForbidden: !indication.items.some(({ key, holds }) => holds === true && forbidden.has(key)),
      leaf: rule.outranksDependencies || (way.links.get(component) ?? []).length === 0 ? true : null,
    },
    share,
    decibans: decibansOf(rule.id, indication.items),
  };
}

/** Whether the cause began no later than what it makes fail; a link is only drawn to what it may have made fail. */
function orderOf(context: RuleContext, cause: Onset | null): boolean | null {
  const { found, component, incoming } = context;
  const order = beganBefore(cause, effectOnset(context));
  if (order !== null || incoming.length > 0) return order;
  const failing = Object.keys(found.configuration.components).filter(
    (id) => isAbnormal(found, id) && dependenciesOf(found.graph, id).some(({ to }) => to === component),
  );
  const all = failing.map((id) => beganBefore(cause, onsetOf(found, id)));
  return all.length > 0 && all.every((one) => one === false) ? false : null;
}

/** When what the component makes fail began: itself, or the first of those that fail towards it. */
function effectOnset({ found, onset, incoming, component }: RuleContext): Onset | null {
  if (componentOf(found.configuration, component)?.type === 'cloud-run') return onset;
  return earliestOf(incoming.map(({ edge }) => onsetOf(found, edge.from)));
}

/** Prior and evidence of a rule's items in dB; each key counts once. */
export function decibansOf(cause: CauseId, items: readonly Item[]): number {
  const added = items.map(({ key, holds }) => {
    const weight = weightOf(cause, key);
    if (!weight || holds === null) return 0;
    return holds ? weight.present : weight.absent;
  });
  return rounded(added.reduce((sum, part) => sum + part, priorOf(cause)));
}

/** Sums of tenths, without the binary digits that they leave behind. */
function rounded(decibans: number): number {
  return Math.round(decibans * 10) / 10;
}
