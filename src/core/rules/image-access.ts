import { changeOnset } from '../diagnose/onset.ts';
import { revisionsQuery } from '../diagnose/queries.ts';
import { symptomQuestion, symptomSignal } from '../diagnose/symptom.ts';
import { code } from '../diagnose/wording.ts';
import { current, evidenceIds, latest, sortedIds } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { changeOf } from './crash-readings.ts';
import { deployedClause, deployStep } from './crash-whys.ts';
import { olderRevision } from './drift-contrast.ts';
import type { RuleContext, RuleOutcome } from './rule.ts';

/** Reasons of a condition by which Cloud Run says that it cannot fetch a container's image (Cloud Run Admin API v2). */
export const imageReasons: readonly string[] = [
  'CONTAINER_MISSING',
  'CONTAINER_PERMISSION_DENIED',
  'CONTAINER_IMAGE_UNAUTHORIZED',
];

/** The conditions of the service and of the revision created last that name such a reason. */
export function imageRefusals({ found, component }: RuleContext): Observation[] {
  const created = latest(found.index, component, signal.createdRevision)?.value;
  const states = current(found.index, component, signal.revisionState).filter(
    (seen) => created !== undefined && seen.revision === created && isFailed(seen),
  );
  const failed = current(found.index, component, signal.ready).some(isFailed);
  const reasons = failed ? current(found.index, component, signal.readyReason) : [];
  return [...reasons, ...states].filter((seen) => reasonOf(seen) !== null);
}

/** An image that cannot be fetched ends every start of its revision: Cloud Run says so itself. */
export function imageOutcome(context: RuleContext, refusals: readonly Observation[]): RuleOutcome {
  const { found, component } = context;
  const revision = latest(found.index, component, signal.createdRevision)?.value;
  const change = changeOf(found, component, revision);
  const older = change ? olderRevision(found, component, change) : null;
  const shown = evidenceIds(refusals);
  const reason = refusals.map(reasonOf).find((one) => one !== null) ?? 'unknown';
  const says = `its image cannot be fetched (${code(reason)})`;
  return {
    role: 'root',
    items: [
      { key: 'exit', holds: true, evidence: shown },
      { key: 'traceback', holds: true, evidence: shown },
      { key: 'not-ready', holds: true, evidence: shown },
      { key: 'contrast', holds: older?.served ?? null, evidence: older?.served ? older.evidence : [] },
      { key: 'connection-failure', holds: false, evidence: [] },
    ],
    onset: change ? changeOnset(change) : null,
    share: null,
    steps: [
      {
        question: symptomQuestion(found, component),
        answer: `Because ${says}, so no container of ${revision ? code(revision) : 'the new revision'} starts.`,
        effect: { component, signal: symptomSignal(found, component) },
        cause: { component, signal: signal.readyReason },
        edge: 'same',
        evidence: shown,
        share: null,
        confidence: 'confirmed',
      },
      ...(change ? [deployStep(context, change, signal.readyReason)] : []),
    ],
    why: `${deployedClause(context, revision, change)} does not start: ${says}`,
    decidedBy: sortedIds([...shown, ...(change ? [change.id] : [])]),
    missing: [
      {
        wouldDecide: `whether the image of ${code(component)} exists and may be read`,
        command: revisionsQuery(found.configuration, component),
      },
    ],
  };
}

/** The reason is the value of the service's condition, and begins the text of a revision's. */
function reasonOf({ value, text = '' }: Observation): string | null {
  return (
    imageReasons.find((reason) => value === reason || text === reason || text.startsWith(`${reason}:`)) ??
    null
  );
}

function isFailed({ value }: Observation): boolean {
  return /FAILED|FALSE/i.test(value);
}
