import type { Configuration } from '../config/repository.schema.ts';
import { disagreementsOf } from './contradictions.ts';
import { labelsThatHold } from './criteria.ts';
import { alternativesOf } from './diagnose/alternatives.ts';
import { besideChain } from './diagnose/beside-chain.ts';
import { openCase } from './diagnose/case.ts';
import type { Case } from './diagnose/case.ts';
import { conclude } from './diagnose/conclude.ts';
import type { Conclusion } from './diagnose/conclude.ts';
import { findingsOf } from './diagnose/findings.ts';
import { missingStates } from './diagnose/missing.ts';
import { concludeOnRest, unexplainedBy } from './diagnose/second-root.ts';
import { whysSaid, withRefutations } from './diagnose/stated-whys.ts';
import type { WhySaid } from './diagnose/stated-whys.ts';
import { walk } from './diagnose/walk.ts';
import type { Walk } from './diagnose/walk.ts';
import type { Diagnosis, Finding } from './diagnosis.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Diagnoses a snapshot: from what users miss along proven edges to a cause, or to the component where the evidence
 * ends and the query that would decide. Pure: the same snapshot gives the same diagnosis, whatever the order of
 * its observations, and none makes it throw.
 */
export function diagnose(configuration: Configuration, snapshot: Snapshot): Diagnosis {
  const found = openCase(configuration, snapshot);
  const causes = causesOf(found, snapshot);
  const diagnosis = { ...causes, ...disagreementsOf(found, snapshot), labels: [] };
  const { index, states } = found;
  const journeys = Object.fromEntries(found.journeys.map((journey) => [journey.id, journey]));
  const labels = labelsThatHold({ configuration, snapshot, index, states, journeys, diagnosis });
  return { ...diagnosis, labels };
}

/** What makes things fail, and what stands beside the chain of it. */
type Causes = Omit<Diagnosis, 'contradictions' | 'differences' | 'labels'>;

function causesOf(found: Case, snapshot: Snapshot): Causes {
  const said = whysSaid(snapshot.statements);
  const way = walk(found);
  if (way.entries.length === 0) return nothingFails(found, way, said, snapshot);
  const first = conclude(found, way, said);
  const second = concludeOnRest(found, first, said);
  const roots = [first.root, ...(second ? [second.root] : [])];
  const { root, examination, measured } = first;
  const findings = second ? withFindingsOf(first, second) : findingsOf(examination.hypotheses);
  const all = alternativesOf(found, way, examination, roots);
  const alternatives = withRefutations(all, said, snapshot.takenAt);
  return {
    verdict: root.verdict,
    root,
    chain: first.chain,
    second: second ? { root: second.root, chain: second.chain } : null,
    unexplained: unexplainedBy(found, second ? [first, second] : [first]),
    findings,
    alternatives,
    missing: first.missing,
    ...besideChain(found, way, { root, findings, alternatives, examination, said, measured }, snapshot),
  };
}

/** The findings of the first walk, and what the second concluded on its own root. */
function withFindingsOf(first: Conclusion, second: Conclusion): Finding[] {
  const { cause, component } = second.root;
  const isOfSecond = (one: Finding): boolean => one.cause === cause && one.component === component;
  return [
    ...findingsOf(first.examination.hypotheses).filter((one) => !isOfSecond(one)),
    ...findingsOf(second.examination.hypotheses).filter(isOfSecond),
  ];
}

/** Nothing is known to fail. That is no statement that all works: what could not be read is named. */
function nothingFails(found: Case, way: Walk, said: readonly WhySaid[], snapshot: Snapshot): Causes {
  const open = found.journeys.find((journey) => journey.blocked === null)?.at;
  const root = { cause: 'unknown', component: open ?? '', verdict: 'unknown' as const };
  const nothing = { findings: [], alternatives: [] };
  const examination = { hypotheses: [], notIndicated: [] };
  return {
    verdict: 'unknown',
    root,
    chain: [],
    second: null,
    unexplained: [],
    ...nothing,
    missing: missingStates(found),
    ...besideChain(found, way, { root, ...nothing, examination, said, measured: null }, snapshot),
  };
}
