import type { Configuration } from '../config/repository.schema.ts';
import { contradictionsOf } from './contradictions.ts';
import { labelsThatHold } from './criteria.ts';
import { alternativesOf } from './diagnose/alternatives.ts';
import { openCase } from './diagnose/case.ts';
import type { Case } from './diagnose/case.ts';
import { conclude } from './diagnose/conclude.ts';
import type { Conclusion } from './diagnose/conclude.ts';
import { findingsOf } from './diagnose/hypotheses.ts';
import { missingStates } from './diagnose/missing.ts';
import { concludeOnRest, unexplainedBy } from './diagnose/second-root.ts';
import { walk } from './diagnose/walk.ts';
import type { Diagnosis, Finding } from './diagnosis.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Diagnoses a snapshot: from what users miss along proven edges to a cause, or to the component where the evidence
 * ends and the query that would decide. Pure: the same snapshot gives the same diagnosis, whatever the order of
 * its observations, and none makes it throw.
 */
export function diagnose(configuration: Configuration, snapshot: Snapshot): Diagnosis {
  const found = openCase(configuration, snapshot);
  const diagnosis = { ...causesOf(found), contradictions: contradictionsOf(found, snapshot), labels: [] };
  const { index, states } = found;
  const journeys = Object.fromEntries(found.journeys.map((journey) => [journey.id, journey]));
  const labels = labelsThatHold({ configuration, snapshot, index, states, journeys, diagnosis });
  return { ...diagnosis, labels };
}

/** What makes things fail, without what is said of it. */
type Causes = Omit<Diagnosis, 'contradictions' | 'labels'>;

function causesOf(found: Case): Causes {
  const way = walk(found);
  if (way.entries.length === 0) return nothingFails(found);
  const first = conclude(found, way);
  const second = concludeOnRest(found, first);
  const roots = [first.root, ...(second ? [second.root] : [])];
  return {
    verdict: first.root.verdict,
    root: first.root,
    chain: first.chain,
    second: second ? { root: second.root, chain: second.chain } : null,
    unexplained: unexplainedBy(found, second ? [first, second] : [first]),
    findings: second ? withFindingsOf(first, second) : findingsOf(first.examination.hypotheses),
    alternatives: alternativesOf(found, first.way, first.examination, roots),
    missing: first.missing,
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
function nothingFails(found: Case): Causes {
  const missing = missingStates(found);
  const open = found.journeys.find((journey) => journey.blocked === null)?.at;
  const component = open ?? '';
  const root = { cause: 'unknown', component, verdict: 'unknown' as const };
  return {
    verdict: 'unknown',
    root,
    chain: [],
    second: null,
    unexplained: [],
    findings: [],
    alternatives: [],
    missing,
  };
}
