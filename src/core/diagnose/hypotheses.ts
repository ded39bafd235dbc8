import type { CauseId } from '../causes.ts';
import type { Finding, Verdict } from '../diagnosis.ts';
import { componentOf, dependenciesOf } from '../graph.ts';
import { compareText, sortedIds } from '../observations.ts';
import { evidenceTable, priorOf, weightOf } from '../rules/evidence-table.ts';
import { rules } from '../rules/list.ts';
import type { Indication, Item, NoIndication, Rule, RuleContext } from '../rules/rule.ts';
import { isAbnormal } from './case.ts';
import type { Case } from './case.ts';
import { resourceTwins } from './identities.ts';
import { beganBefore, earliestOf, onsetOf } from './onset.ts';
import type { Onset } from './onset.ts';
import { connectionFailures, sufficientShare } from './traversal.ts';
import { pathTo, shareOfSymptom, usersOf } from './walk.ts';
import type { Walk } from './walk.ts';
import { code } from './wording.ts';

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
type Weighed = Omit<Hypothesis, 'verdict'>;

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

/** Prior and evidence of a rule's items in dB; each key counts once. */
function decibansOf(cause: CauseId, items: readonly Item[]): number {
  const added = items.map(({ key, holds }) => {
    const weight = weightOf(cause, key);
    if (!weight || holds === null) return 0;
    return holds ? weight.present : weight.absent;
  });
  return rounded(added.reduce((sum, part) => sum + part, priorOf(cause)));
}

/** The findings of a diagnosis: the weightiest first. */
export function findingsOf(hypotheses: readonly Hypothesis[]): Finding[] {
  return hypotheses
    .map(({ rule, component, indication, decibans, verdict }): Finding => ({
      cause: rule.id,
      component,
      verdict,
      decibans,
      mechanism: rule.mechanism,
      evidence: sortedIds([...indication.items.flatMap((item) => item.evidence), ...indication.decidedBy]),
      onset: instantOf(indication.onset),
      items: rule.evidence.map(({ key, need }) => itemOf(indication, key, need)),
      role: indication.role,
      summary: summaryOf(rule, component, indication),
    }))
    .toSorted(
      (a, b) =>
        b.decibans - a.decibans || compareText(a.component, b.component) || compareText(a.cause, b.cause),
    );
}

function summaryOf({ headline }: Rule, component: string, { why }: Indication): string {
  return headline === undefined ? why : `${headline.replaceAll('{component}', code(component))}: ${why}`;
}

function itemOf(
  { items }: Indication,
  key: string,
  need: Finding['items'][number]['need'],
): Finding['items'][number] {
  const item = items.find((one) => one.key === key);
  return { key, need, holds: item?.holds ?? null, evidence: sortedIds(item?.evidence ?? []) };
}

function weigh(way: Walk, rule: Rule, context: RuleContext, indication: Indication): Weighed {
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

type Rival = Pick<Hypothesis, 'gates' | 'decibans' | 'component'> & Partial<Weighed>;

/**
 * A hypothesis that failed a gate, lacks what it requires, or is no root, takes nothing from another one; nor do two
 * that are one story: a setting that went missing, and the start that fails for it; requests that run into their
 * timeout, and the database behind them that keeps them waiting.
 */
function isRival(rival: Rival, one: Weighed, way: Walk): boolean {
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

function requiredKeys(rule: Rule): string[] {
  return rule.evidence.filter(({ need }) => need === 'required').map(({ key }) => key);
}

/** A dependency that is abnormal, without a rule that says why, may still be the cause: it counts as a rival. */
function unexplainedDependencies(found: Case, way: Walk): Rival[] {
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

function instantOf(onset: Onset | null): string | null {
  return onset && Number.isFinite(onset.at) ? new Date(onset.at).toISOString() : null;
}

/** Sums of tenths, without the binary digits that they leave behind. */
function rounded(decibans: number): number {
  return Math.round(decibans * 10) / 10;
}
