import type { CauseId } from '../causes.ts';
import type { Finding, Verdict } from '../diagnosis.ts';
import { componentOf } from '../graph.ts';
import { compareText, sortedIds } from '../observations.ts';
import { evidenceTable, priorOf, weightOf } from '../rules/evidence-table.ts';
import { rules } from '../rules/list.ts';
import type { Indication, Item, NoIndication, Rule } from '../rules/rule.ts';
import type { Case } from './case.ts';
import { resourceTwins } from './identities.ts';
import { beganBefore, onsetOf } from './onset.ts';
import type { Onset } from './onset.ts';
import { connectionFailures, sufficientShare } from './traversal.ts';
import { shareOfSymptom, usersOf } from './walk.ts';
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

/** Examines every failing component with every rule that applies to its type, and weighs what they find. */
export function examine(found: Case, way: Walk, components: readonly string[]): Examination {
  const notIndicated: NotIndicated[] = [];
  const weighed: Weighed[] = [];
  for (const component of components) {
    const type = componentOf(found.configuration, component)?.type;
    for (const rule of rules.filter(({ appliesTo }) => type !== undefined && appliesTo.includes(type))) {
      const onset = onsetOf(found, component);
      const failures = connectionFailures(found, component);
      const outcome = rule.examine({ found, component, onset, connectionFailures: failures });
      if (outcome.role === 'none') notIndicated.push({ rule, component, outcome });
      else weighed.push(weigh(found, way, rule, component, outcome, onset));
    }
  }
  const rivals = [...weighed, ...unexplainedDependencies(found, way)];
  const isTwin = twinsIn(found);
  return {
    hypotheses: weighed.map((one) => ({
      ...one,
      verdict: verdictOf(
        one,
        rivals.filter((rival) => !isTwin(rival, one)),
      ),
    })),
    notIndicated,
  };
}

/** The same cause in the same resource under another name is no rival. */
function twinsIn(found: Case): (rival: Rival, one: Weighed) => boolean {
  const isOne = resourceTwins(found);
  return ({ rule, component }, one) =>
    rule?.id === one.rule.id && component !== undefined && isOne(component, one.component);
}

/** Prior and evidence of a rule's items in dB; each key counts once. */
function decibansOf(cause: CauseId, items: readonly Item[]): number {
  const added = items.map(({ key, holds }) => {
    const weight = weightOf(cause, key);
    if (!weight || holds === null) return 0;
    return holds ? weight.present : weight.absent;
  });
  return rounded(added.reduce((sum, part) => sum + part, priorOf(cause) ?? 0));
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
      role: indication.role,
      summary: indication.why,
    }))
    .toSorted(
      (a, b) =>
        b.decibans - a.decibans || compareText(a.component, b.component) || compareText(a.cause, b.cause),
    );
}

function weigh(
  found: Case,
  way: Walk,
  rule: Rule,
  component: string,
  indication: Indication,
  onset: Onset | null,
): Weighed {
  const whole = shareOfSymptom(found, way, component);
  const share = whole === null ? indication.share : whole * (indication.share ?? 1);
  const forbidden = new Set(rule.evidence.filter(({ need }) => need === 'forbidden').map(({ key }) => key));
  return {
    rule,
    component,
    indication,
    gates: {
      path: way.reached.includes(component),
      order: beganBefore(indication.onset, onset),
      share: share === null ? null : share >= sufficientShare,
      notForbidden: !indication.items.some(({ key, holds }) => holds === true && forbidden.has(key)),
      leaf: rule.outranksDependencies || (way.links.get(component) ?? []).length === 0 ? true : null,
    },
    share,
    decibans: decibansOf(rule.id, indication.items),
  };
}

/**
 * Confirmed: all that is required is there, all gates are passed, and it is ten times as likely as the next best.
 * Probable: no gate is failed, and it is three times as likely. Everything else stays unknown.
 */
function verdictOf(one: Weighed, rivals: readonly Rival[]): Verdict {
  const { rule, indication, gates } = one;
  const shown = requiredKeys(rule).every((key) =>
    indication.items.some((item) => item.key === key && item.holds === true),
  );
  const all = new Set(Object.values(gates));
  if (indication.role !== 'root' || !shown || all.has(false)) return 'unknown';
  const others = rivals
    .filter((rival) => rival !== one && isRival(rival, one))
    .map(({ decibans }) => decibans);
  const margin = one.decibans - Math.max(0, ...others);
  if (margin >= evidenceTable.margins.confirmed && !all.has(null)) return 'confirmed';
  return margin >= evidenceTable.margins.probable ? 'probable' : 'unknown';
}

type Rival = Pick<Hypothesis, 'gates' | 'decibans'> & Partial<Weighed>;

/**
 * A hypothesis that failed a gate, or is no root, takes nothing from another one; nor do two that are one story: a
 * setting that went missing, and the start that fails for it.
 */
function isRival(rival: Rival, one: Weighed): boolean {
  if (Object.values(rival.gates).includes(false)) return false;
  const { rule, component, indication } = rival;
  if (!rule || component === undefined || !indication) return true;
  const other = { rule, component, indication };
  return indication.role === 'root' && !isBehind(one, other) && !isBehind(other, one);
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
