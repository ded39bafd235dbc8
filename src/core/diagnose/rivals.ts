import { componentOf } from '../graph.ts';
import type { Indication, Rule } from '../rules/rule.ts';
import type { Case } from './case.ts';
import { decibansOf } from './weighing.ts';
import type { Hypothesis, Weighed } from './weighing.ts';
import { pathTo, usersOf } from './walk.ts';
import type { Walk } from './walk.ts';

/** What may take a verdict from a hypothesis: another one, or a dependency that no rule explains. */
export type Rival = Pick<Hypothesis, 'gates' | 'decibans' | 'component'> & Partial<Weighed>;

/**
 * A hypothesis that failed a gate, lacks what it requires, or is no root, takes nothing from another one; nor do two
 * that are one story: a setting that went missing, and the start that fails for it; requests that run into their
 * timeout, and the database behind them that keeps them waiting.
 */
export function isRival(rival: Rival, one: Weighed, way: Walk): boolean {
  if (Object.values(rival.gates).includes(false) || lacksRequired(rival)) return false;
  const { rule, component, indication } = rival;
  if (!rule || !indication) return component !== one.component;
  const other = { rule, component, indication };
  if (explainsOthers(rival.component, one.component, way)) return false;
  if (isExplainedBy(other, one, way)) return false;
  const leadsOn = rival.gates.leaf === null && pathTo(way.links, component, one.component) !== null;
  if (leadsOn && !isContrasted(indication)) return false;
  return indication.role === 'root' && !isBehind(one, other) && !isBehind(other, one);
}

/** What a rule of another type of component goes behind, and leads to it: a database that an incident of its region takes away. */
function isExplainedBy(one: Told, by: Told, way: Walk): boolean {
  const isApart = one.rule.appliesTo.every((type) => !by.rule.appliesTo.includes(type));
  return (
    isApart &&
    by.rule.goesBehind.includes(one.rule.id) &&
    pathTo(way.links, one.component, by.component) !== null
  );
}

/** The revision before it worked beside the same dependencies: then what lies behind does not explain it away. */
function isContrasted({ items }: Indication): boolean {
  return items.some(({ key, holds }) => key === 'contrast' && holds === true);
}

/** Two causes that different services fail by do not compete: both may be true. */
function explainsOthers(component: string, other: string, way: Walk): boolean {
  const [users, others] = [usersOf(way, component), usersOf(way, other)];
  return users.length > 0 && others.length > 0 && !users.some((id) => others.includes(id));
}

/** Something that the cause requires was read, and is not there. */
function lacksRequired({ rule, indication }: Rival): boolean {
  if (!rule || !indication) return false;
  const required = new Set(requiredKeys(rule));
  return indication.items.some(({ key, holds }) => required.has(key) && holds === false);
}

/** Whether a hypothesis goes behind another one of the same component, on the same reading. */
export function isBehind(one: Told, other: Told): boolean {
  if (one.component !== other.component || !one.rule.goesBehind.includes(other.rule.id)) return false;
  const readings = new Set(tellingEvidence(other));
  return tellingEvidence(one).some((id) => readings.has(id));
}

type Told = Pick<Hypothesis, 'rule' | 'component' | 'indication'>;

function tellingEvidence({ rule, indication }: Told): string[] {
  const telling = new Set(rule.evidence.filter((one) => one.telling).map(({ key }) => key));
  return indication.items.filter(({ key }) => telling.has(key)).flatMap(({ evidence }) => evidence);
}

/** The observations without which a rule's cause is not shown. */
export function requiredKeys(rule: Rule): string[] {
  return rule.evidence.filter(({ need }) => need === 'required').map(({ key }) => key);
}

/** A dependency that is abnormal, without a rule that says why, may still be the cause: it counts as a rival. */
export function unexplainedDependencies(found: Case, way: Walk): Rival[] {
  return way.reached
    .filter((component) => !way.entries.includes(component) && (way.links.get(component) ?? []).length === 0)
    .filter((component) => componentOf(found.configuration, component)?.type !== 'cloud-run')
    .map((component) => ({
      component,
      gates: { path: true, order: null, share: null, notForbidden: true, leaf: true },
      decibans: decibansOf('unknown', [
        { key: 'abnormal', holds: true, evidence: [] },
        { key: 'signature', holds: true, evidence: [] },
        { key: 'shared', holds: usersOf(way, component).length > 1, evidence: [] },
      ]),
    }));
}
