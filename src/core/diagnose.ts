import type { Configuration } from '../config/repository.schema.ts';
import { contradictionsOf } from './contradictions.ts';
import { alternativesOf } from './diagnose/alternatives.ts';
import { isAbnormal, openCase } from './diagnose/case.ts';
import type { Case } from './diagnose/case.ts';
import { chainTo } from './diagnose/chain.ts';
import { examine, findingsOf, isBehind } from './diagnose/hypotheses.ts';
import type { Examination, Hypothesis } from './diagnose/hypotheses.ts';
import { locate } from './diagnose/locate.ts';
import { limited, missingAt, missingOf, missingStates } from './diagnose/missing.ts';
import { serviceOf } from './diagnose/service-links.ts';
import { sufficientShare } from './diagnose/traversal.ts';
import { depthsOf, shareOfSymptom, walk } from './diagnose/walk.ts';
import type { Walk } from './diagnose/walk.ts';
import type { Diagnosis, WhyStep } from './diagnosis.ts';
import { reachableFrom } from './graph.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Diagnoses a snapshot: from what users miss along proven edges to a cause, or to the component where the evidence
 * ends and the query that would decide. Pure: the same snapshot gives the same diagnosis, whatever the order of
 * its observations, and none makes it throw.
 */
export function diagnose(configuration: Configuration, snapshot: Snapshot): Diagnosis {
  const found = openCase(configuration, snapshot);
  const way = walk(found);
  const contradictions = contradictionsOf(found, snapshot);
  if (way.entries.length === 0) return { ...nothingFails(found), contradictions };

  const examination = examine(found, way, abnormalComponents(found, way));
  const best = rootOf(examination.hypotheses);
  const concluded = best ? knownRoot(found, way, best, examination) : unknownRoot(found, way, examination);
  return {
    verdict: concluded.root.verdict,
    ...concluded,
    findings: findingsOf(examination.hypotheses),
    alternatives: alternativesOf(found, way, examination, concluded.root),
    contradictions,
  };
}

type Conclusion = Pick<Diagnosis, 'root' | 'chain' | 'missing'>;

function knownRoot(found: Case, way: Walk, best: Hypothesis, { hypotheses }: Examination): Conclusion {
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

function unknownRoot(found: Case, way: Walk, { hypotheses }: Examination): Conclusion {
  const deepest = deepestReached(way);
  const place = serviceOf(found, deepest) ? locate(found, way) : null;
  const component = place?.component ?? deepest;
  const missing = missingAt(found, component);
  const open = hypotheses.filter(({ gates }) => gates.notForbidden && gates.order !== false);
  return {
    root: { cause: 'unknown', component, verdict: 'unknown', ...(place ? { located: place.located } : {}) },
    chain: chainTo(found, way, component, { missing: missing[0] }),
    missing: limited([...missing, ...missingOf(open)]),
  };
}

/** Nothing is known to fail. That is no statement that all works: what could not be read is named. */
function nothingFails(found: Case): Omit<Diagnosis, 'contradictions'> {
  const missing = missingStates(found);
  const open = found.journeys.find((journey) => journey.blocked === null)?.at;
  const component = open ?? '';
  const root = { cause: 'unknown', component, verdict: 'unknown' as const };
  return { verdict: 'unknown', root, chain: [], findings: [], alternatives: [], missing };
}

/** The components that may hold a cause: all that the entries need and that are known not to work. */
function abnormalComponents(found: Case, way: Walk): string[] {
  return reachableFrom(found.graph, way.entries).filter((id) => isAbnormal(found, id));
}

function rootOf(hypotheses: readonly Hypothesis[]): Hypothesis | undefined {
  const named = hypotheses.filter(({ verdict }) => verdict !== 'unknown');
  const confirmed = named.filter(({ verdict }) => verdict === 'confirmed');
  const choice = confirmed.length > 0 ? confirmed : named;
  const deepest = choice.filter((one) => !choice.some((other) => isBehind(other, one)));
  return deepest.toSorted((a, b) => b.decibans - a.decibans)[0];
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
