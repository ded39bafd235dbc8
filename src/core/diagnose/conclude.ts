import type { Diagnosis, WhyStep } from '../diagnosis.ts';
import { dependenciesOf } from '../graph.ts';
import type { Case } from './case.ts';
import { chainTo } from './chain.ts';
import { examine } from './hypotheses.ts';
import { isBehind } from './rivals.ts';
import type { Examination } from './hypotheses.ts';
import type { Hypothesis } from './weighing.ts';
import { locate } from './locate.ts';
import { limited, missingAt, missingOf } from './missing.ts';
import { serviceOf } from './service-links.ts';
import { searched } from './stated-whys.ts';
import type { WhySaid } from './stated-whys.ts';
import { sufficientShare } from './traversal.ts';
import { depthsOf, pathTo, shareOfSymptom } from './walk.ts';
import type { Walk } from './walk.ts';

/** What one walk comes to: a cause with its chain, or where the evidence ends. */
export interface Conclusion extends Pick<Diagnosis, 'root' | 'chain' | 'missing'> {
  way: Walk;
  examination: Examination;
  /** The root as the measurements alone have it, whatever people refuted; null where they have none. */
  measured: Hypothesis | null;
}

/** Examines all that a walk came to, and what that needs, and concludes on one cause that nobody refuted, or on none. */
export function conclude(found: Case, way: Walk, said: readonly WhySaid[]): Conclusion {
  const examination = examine(found, way, suspectsOf(found, way));
  const open = searched(examination, said);
  const best = rootOf(open.hypotheses, way);
  const concluded = best ? knownRoot(found, way, best, open) : unknownRoot(found, way, open);
  return { ...concluded, way, examination, measured: rootOf(examination.hypotheses, way) ?? null };
}

/** What may hold a cause, or be ruled out: the components that the walk came to, and what these need directly. */
function suspectsOf({ graph }: Case, { reached }: Walk): string[] {
  return [...new Set(reached.flatMap((id) => [id, ...dependenciesOf(graph, id).map(({ to }) => to)]))];
}

type Concluded = Pick<Diagnosis, 'root' | 'chain' | 'missing'>;

function knownRoot(found: Case, way: Walk, best: Hypothesis, { hypotheses }: Examination): Concluded {
  const { rule, component, verdict, indication } = best;
  const before = hypotheses.filter((one) => one.verdict !== 'unknown' && isBehind(best, one));
  const steps = before.flatMap((one) => one.indication.steps).filter(({ edge }) => edge !== 'change');
  return {
    root: { cause: rule.id, component, verdict },
    chain: chainTo(found, way, component, {
      steps: [...steps, ...continued(indication.steps, steps.length > 0)],
    }),
    missing: verdict === 'confirmed' ? [] : limited(indication.missing),
  };
}

/** The steps of a cause behind another one ask no more why the component fails. */
function continued(steps: readonly WhyStep[], behind: boolean): WhyStep[] {
  return steps.map((step, at) =>
    behind && at === 0 ? { ...step, question: 'Why did it begin then?' } : step,
  );
}

function unknownRoot(found: Case, way: Walk, examination: Examination): Concluded {
  const { hypotheses } = examination;
  const deepest = deepestReached(way);
  const place = serviceOf(found, deepest) ? locate(found, way) : null;
  const component = place?.component ?? deepest;
  const missing = missingAt(found, component, examination);
  const open = hypotheses.filter(({ gates }) => gates.notForbidden && gates.order !== false);
  return {
    root: { cause: 'unknown', component, verdict: 'unknown', ...(place ? { located: place.located } : {}) },
    chain: chainTo(found, way, component, { missing: missing[0] }),
    missing: limited([...missing, ...missingOf(open)]),
  };
}

function rootOf(hypotheses: readonly Hypothesis[], way: Walk): Hypothesis | undefined {
  const named = hypotheses.filter(({ verdict }) => verdict !== 'unknown');
  const confirmed = named.filter(({ verdict }) => verdict === 'confirmed');
  const choice = confirmed.length > 0 ? confirmed : named;
  const deepest = choice.filter(
    (one) => !choice.some((other) => isBehind(other, one) || isBeyond(other, one, way)),
  );
  return deepest.toSorted((a, b) => b.decibans - a.decibans)[0];
}

/** Whether the failure of a hypothesis that may have something behind it leads on to another one. */
function isBeyond(other: Hypothesis, one: Hypothesis, way: Walk): boolean {
  if (one.gates.leaf !== null || other.component === one.component) return false;
  return pathTo(way.links, one.component, other.component) !== null;
}

/** Where the walk ends: of the components without an onward link the one that accounts for most, then the deepest. */
function deepestReached(way: Walk): string {
  const leaves = way.reached.filter((id) => (way.links.get(id) ?? []).length === 0);
  const ranked = (leaves.length > 0 ? leaves : way.reached).map((id) => {
    const share = shareOfSymptom(way, id) ?? 1;
    return { id, share, sufficient: share >= sufficientShare };
  });
  const sorted = ranked.toSorted((a, b) => Number(b.sufficient) - Number(a.sufficient) || b.share - a.share);
  const best = sorted.filter(({ share }) => share === sorted[0]?.share);
  if (best.length <= 1) return best[0]?.id ?? 'none';
  const depths = depthsOf(way);
  const depthOf = ({ id }: { id: string }): number => depths.get(id) ?? -1;
  return best.toSorted((a, b) => depthOf(b) - depthOf(a))[0]?.id ?? 'none';
}
