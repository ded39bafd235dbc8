import type { Verdict } from '../diagnosis.ts';
import { componentOf } from '../graph.ts';
import { evidenceTable } from '../rules/evidence-table.ts';
import { rules } from '../rules/list.ts';
import type { NoIndication, Rule } from '../rules/rule.ts';
import type { Case } from './case.ts';
import { resourceTwins } from './identities.ts';
import { onsetOf } from './onset.ts';
import { isRival, requiredKeys, unexplainedDependencies } from './rivals.ts';
import type { Rival } from './rivals.ts';
import { connectionFailures } from './traversal.ts';
import type { Walk } from './walk.ts';
import { weigh } from './weighing.ts';
import type { Hypothesis, Weighed } from './weighing.ts';

/** A rule that found nothing in a component. */
interface NotIndicated {
  rule: Rule;
  component: string;
  outcome: NoIndication;
}

export interface Examination {
  hypotheses: readonly Hypothesis[];
  notIndicated: readonly NotIndicated[];
}

/** Examines components with every rule that applies to their type, and weighs what the rules find. */
export function examine(found: Case, way: Walk, components: readonly string[]): Examination {
  const notIndicated: NotIndicated[] = [];
  const weighed: Weighed[] = [];
  const incoming = Map.groupBy([...way.links.values()].flat(), (link) => link.edge.to);
  for (const component of components) {
    const type = componentOf(found.configuration, component)?.type;
    const context = {
      found,
      component,
      onset: onsetOf(found, component),
      connectionFailures: connectionFailures(found, component),
      incoming: incoming.get(component) ?? [],
    };
    for (const rule of rules) {
      if (type === undefined || !rule.appliesTo.includes(type)) continue;
      if (rule.concerns?.(found, component) === false) continue;
      const outcome = rule.examine(context);
      if (outcome.role === 'none') notIndicated.push({ rule, component, outcome });
      else weighed.push(weigh(way, rule, context, outcome));
    }
  }
  const rivals = [...weighed, ...unexplainedDependencies(found, way)].toSorted(
    (a, b) => b.decibans - a.decibans,
  );
  const isOne = resourceTwins(found);
  const isRivalOf = (rival: Rival, one: Weighed): boolean =>
    !(rival.rule?.id === one.rule.id && isOne(rival.component, one.component)) && isRival(rival, one, way);
  return {
    hypotheses: weighed.map((one) => ({ ...one, verdict: verdictOf(one, rivals, isRivalOf) })),
    notIndicated,
  };
}

/**
 * The rivals come weightiest first. Confirmed: all that is required is there, all gates are passed, and it is ten
 * times as likely as the next best. Probable: no gate is failed, and it is three times as likely. Everything else
 * stays unknown.
 */
function verdictOf(
  one: Weighed,
  rivals: readonly Rival[],
  isRivalOf: (rival: Rival, one: Weighed) => boolean,
): Verdict {
  const { rule, indication, gates } = one;
  const shown = requiredKeys(rule).every((key) =>
    indication.items.some((item) => item.key === key && item.holds === true),
  );
  const all = new Set(Object.values(gates));
  if (indication.role !== 'root' || !shown || all.has(false)) return 'unknown';
  const next = rivals.find((rival) => rival !== one && isRivalOf(rival, one));
  const margin = one.decibans - Math.max(0, next?.decibans ?? 0);
  if (margin >= evidenceTable.margins.confirmed && !all.has(null) && indication.atMost === undefined) {
    return 'confirmed';
  }
  return margin >= evidenceTable.margins.probable ? 'probable' : 'unknown';
}
