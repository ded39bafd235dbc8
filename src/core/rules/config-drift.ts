import { changesOf } from '../diagnose/case.ts';
import { beganBefore, changeOnset, errorOnsetOf } from '../diagnose/onset.ts';
import { revisionsQuery } from '../diagnose/queries.ts';
import { clock, code, list, span } from '../diagnose/wording.ts';
import { number } from '../figures.ts';
import { inUse } from '../graph.ts';
import { driftOf, lastHealthy } from '../last-healthy.ts';
import type { LastHealthy } from '../last-healthy.ts';
import { compareText, current, evidenceIds, latest, sortedIds, time } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Change } from '../snapshot.ts';
import { olderRevision } from './drift-contrast.ts';
import { mechanismsOf } from './drift-mechanisms.ts';
import type { Mechanism } from './drift-mechanisms.ts';
import { reasonOf, revisionOf, stepOf } from './drift-wording.ts';
import type { Item, Rule, RuleContext, RuleOutcome } from './rule.ts';

/** Minutes after a change in which what it breaks is mostly seen. Expert setting. */
const soonMinutes = 30;

/**
 * A setting of the serving revision differs from the revision before, and that is why the service fails. A
 * change is a cause only with a mechanism and a contrast; where the failure is older than the change, or the old
 * setting fails as well, the change at most makes it worse.
 */
export const configDrift: Rule = {
  id: 'config-drift',
  appliesTo: ['cloud-run'],
  question: 'Which setting of {component} changed before it failed?',
  mechanism:
    'A revision with another setting serves, and the setting makes requests or starts fail that came about before.',
  decides: 'whether a setting of {component} changed before the failure',
  query: (found, component) => revisionsQuery(found.configuration, component),
  evidence: [
    {
      key: 'difference',
      need: 'required',
      text: 'a setting (environment, egress, connector, limits, service account; not the image) differs between the serving revision and the last healthy one (proven by its requests of 24 hours), or the one before where none is proven',
    },
    {
      key: 'mechanism',
      need: 'required',
      telling: true,
      text: 'a reading that ties the changed key to the failure; see below',
    },
    {
      key: 'after',
      need: 'required',
      text: 'the failure began no earlier than the revision, within the resolution of the data',
    },
    {
      key: 'contrast',
      need: 'required',
      text: 'the revision before, with the old value, served without the failure',
    },
    { key: 'soon', need: 'expected', text: 'the failure began at most 30 minutes after the revision' },
    {
      key: 'failed-before',
      need: 'forbidden',
      text: 'the revision before, with the old value, fails as well',
    },
  ],
  limits:
    'Only keys with a mechanism of the table below are judged; a value that lies in Secret Manager, or that is redacted, cannot be compared. What a flag of the application does is not known.',
  outranksDependencies: false,
  goesBehind: [
    'crash-on-start',
    'egress-misrouted',
    'cloudsql-permission',
    'out-of-memory',
    'startup-timeout',
    'max-instances-reached',
    'request-timeout',
  ],
  examine,
};

function examine(context: RuleContext): RuleOutcome {
  const change = changeToServing(context);
  if (!change) return withoutChange(context);
  const [mechanism] = mechanismsOf(context, change);
  if (!mechanism) return correlated(context, change);
  const items = itemsOf(context, change, mechanism);
  const holds = (key: string) => items.find((item) => item.key === key)?.holds;
  const older = holds('after') === false || holds('failed-before') === true;
  const worsens = mechanism.holds === true || mechanism.amplifies;
  const amplifier = worsens && (older || mechanism.holds !== true);
  // A revision's own log cannot begin before it: only its requests tell whether the failure is older.
  const isDated = errorOnsetOf(context.found, context.component) !== null;
  return {
    role: amplifier ? 'amplifier' : 'root',
    ...(isDated ? {} : { atMost: 'probable' as const }),
    items,
    onset: changeOnset(change),
    share: null,
    steps: [stepOf(context, change, mechanism, items)],
    why: reasonOf(context, change, mechanism, items),
    decidedBy: sortedIds([
      change.id,
      ...(older ? [...(context.onset?.evidence ?? []), ...evidenceFor(items, 'failed-before')] : []),
      ...mechanism.evidence,
    ]),
    missing: mechanism.missing,
  };
}

/** A change that nothing ties to the failure: timing alone is no cause, and a change of long ago has not even that. */
function correlated(context: RuleContext, change: Change): RuleOutcome {
  const { found, component, onset } = context;
  const keys = change.diff.map(({ key }) => key).toSorted(compareText);
  const changed = `${revisionOf(change)} changed ${list(keys.slice(0, 3))} at ${clock(change.at, found.index.takenAt)} UTC`;
  const old = onset !== null && onset.earliest - time(change.at) > 86_400_000;
  return {
    role: 'none',
    verdict: old ? 'refuted' : 'weaker',
    why: old
      ? `${changed} and served for ${span(onset.earliest - time(change.at))} before the failure`
      : `${changed}, but nothing ties that to the failure: timing alone is no cause`,
    decidedBy: sortedIds([change.id, ...(old ? onset.evidence : [])]),
    missing: [{ wouldDecide: `what changed in ${code(component)}`, command: revisionsQueryOf(context) }],
  };
}

/** The last change of a setting that made the serving revision. The image is no setting: a new program is another cause. */
function changeToServing(context: RuleContext): Change | undefined {
  const changes = changesToServing(context)
    .map((change) => ({ ...change, diff: change.diff.filter(({ key }) => key !== signal.image) }))
    .filter((change) => change.diff.length > 0);
  return changes.reduce<Change | undefined>(
    (last, next) => (last === undefined || time(next.at) > time(last.at) ? next : last),
    undefined,
  );
}

/**
 * The changes that made the serving revision, as far as it is known which one serves: against the last healthy one
 * where that is not the one before it, for what came between may have failed as well.
 */
function changesToServing({ found, component }: RuleContext): Change[] {
  const serving = latest(found.index, component, signal.servingRevision)?.value;
  const drift = driftOf(changesOf(found, component), component, serving);
  if (drift) return drift.diff.length > 0 ? [drift] : [];
  return changesOf(found, component)
    .filter((change) => change.kind === 'revision' && change.diff.length > 0)
    .filter(
      (change) => serving === undefined || change.revision === undefined || change.revision === serving,
    );
}

function itemsOf(context: RuleContext, change: Change, mechanism: Mechanism): Item[] {
  const order = beganBefore(changeOnset(change), context.onset);
  const lag = (context.onset?.at ?? Number.NaN) - time(change.at);
  const when = context.onset?.evidence ?? [];
  const older = olderRevision(context.found, context.component, change);
  return [
    { key: 'difference', holds: true, evidence: [change.id] },
    { key: 'mechanism', holds: mechanism.holds, evidence: mechanism.evidence },
    { key: 'after', holds: order, evidence: order === null ? [] : when },
    { key: 'contrast', holds: older.served, evidence: older.evidence },
    {
      key: 'soon',
      holds: order === true ? lag <= soonMinutes * 60_000 : null,
      evidence: order === true ? when : [],
    },
    { key: 'failed-before', holds: older.failed, evidence: older.failed === true ? older.evidence : [] },
  ];
}

/** Settings live in revisions, and a revision never changes: an old one that failed today did not drift. */
function withoutChange(context: RuleContext): RuleOutcome {
  const { found, component, onset } = context;
  const missing = [
    {
      wouldDecide: `whether a setting of ${code(component)} changed before the failure`,
      command: revisionsQueryOf(context),
    },
  ];
  const [imageOnly] = changesToServing(context);
  if (imageOnly) {
    const why = `${revisionOf(imageOnly)} changed the image and no setting`;
    return { role: 'none', verdict: 'refuted', why, decidedBy: [imageOnly.id], missing };
  }
  const proven = withoutDifference(context);
  if (proven) return { role: 'none', verdict: 'refuted', ...proven, missing };
  const deployed = inUse(found.index, component, signal.deployedAt).filter(
    (seen) => !Number.isNaN(time(seen.value)),
  );
  const since = Math.max(...deployed.map((seen) => time(seen.value)));
  const settled = onset !== null && deployed.length > 0 && onset.earliest - since > 86_400_000;
  const changes = current(found.index, component, signal.servingRevision).length;
  const refuted = settled && changes > 0;
  return {
    role: 'none',
    verdict: refuted ? 'refuted' : 'untested',
    why: refuted
      ? `the serving revision dates from ${span(onset.earliest - since)} before the failure, and a revision's settings never change`
      : 'no difference to the revision before could be read',
    decidedBy: refuted ? evidenceIds(deployed) : [],
    missing,
  };
}

/** The same settings are proven to have served: those of the serving revision itself, or of another one. */
function withoutDifference({ found, component }: RuleContext): { why: string; decidedBy: string[] } | null {
  const serving = latest(found.index, component, signal.servingRevision);
  const healthy = lastHealthy(found.index, component);
  if (!serving || !healthy) return null;
  const served = servedClause(healthy, found.index.takenAt);
  if (healthy.revision === serving.value) {
    return {
      why: `the serving revision itself ${served}, and a revision's settings never change`,
      decidedBy: sortedIds([serving.id, ...healthy.evidence]),
    };
  }
  const drift = driftOf(changesOf(found, component), component, serving.value);
  if (!drift || drift.diff.length > 0) return null;
  return {
    why: `${revisionOf(drift)} has no other setting than ${code(healthy.revision)}, which ${served}`,
    decidedBy: sortedIds([drift.id, ...healthy.evidence]),
  };
}

function servedClause({ requests, errors, until }: LastHealthy, now: string): string {
  const when = until === null ? '' : ` until ${clock(until, now)} UTC`;
  return `served ${number(requests)} requests with ${number(errors)} 5xx${when}`;
}

function revisionsQueryOf({ found, component }: RuleContext): string {
  return revisionsQuery(found.configuration, component);
}

function evidenceFor(items: readonly Item[], key: string): readonly string[] {
  return items.find((item) => item.key === key)?.evidence ?? [];
}
