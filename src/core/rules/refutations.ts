import { changesOf } from '../diagnose/case.ts';
import type { Case } from '../diagnose/case.ts';
import { beganBefore, changeOnset, onsetOf } from '../diagnose/onset.ts';
import { takesInstanceAway } from '../diagnose/operations.ts';
import { code, span } from '../diagnose/wording.ts';
import { privateAddress } from '../diagnose/log-signatures.ts';
import { connectionFailures } from '../diagnose/traversal.ts';
import { componentOf, dependenciesOf, inUse } from '../graph.ts';
import { current, evidenceIds, latest, numberOf, sortedIds, sumOf, time } from '../observations.ts';
import { signal } from '../signals.ts';
import { exitsInUse } from '../states/cloud-run.ts';

/** An observation that speaks against a cause, whether or not there is a rule for it. */
export interface Refutation {
  verdict: 'refuted' | 'weaker';
  why: string;
  decidedBy: string[];
}

/** Share of the limit below which connections were plainly not exhausted. Expert setting. */
const fewConnections = 0.5;

/** A connector that, as far as all of it was read, never used all its instances in the window was not at its limit. */
export function connectorHasRoom({ index }: Case, id: string): Refutation | null {
  const highest = latest(index, id, signal.instancesHighest);
  const max = latest(index, id, signal.instancesMax);
  const used = numberOf(highest);
  const limit = numberOf(max);
  if (!highest || !max || used === null || limit === null || used >= limit) return null;
  if (highest.partial) return null;
  return refuted(`at most ${highest.value} of ${max.value} instances in the window`, [highest, max]);
}

/** A connector that is READY exists and may be used. */
export function connectorIsReady({ index }: Case, id: string): Refutation | null {
  const state = latest(index, id, signal.state);
  return state?.value === 'READY' ? refuted('it is READY', [state]) : null;
}

/** A service behind a connector that times out towards a private address does send its traffic there. */
export function privatePathTaken(found: Case, id: string): Refutation | null {
  const attached = dependenciesOf(found.graph, id).filter(
    ({ to, evidence }) =>
      componentOf(found.configuration, to)?.type === 'vpc-connector' && evidence.length > 0,
  );
  const lines = connectionFailures(found, id).filter((line) => privateAddress.test(line.text ?? ''));
  if (attached.length === 0 || lines.length === 0) return null;
  const edges = attached.flatMap(({ evidence }) => evidence.map((evidenceId) => ({ id: evidenceId })));
  return refuted('it is attached to its connector, and its connections go to a private address', [
    ...edges,
    ...lines,
  ]);
}

/** A database that runs, with no operation in the last day that takes it away. */
export function databaseRuns({ index }: Case, id: string): Refutation | null {
  const state = latest(index, id, signal.state);
  const operations = current(index, id, signal.operation);
  const up = latest(index, id, signal.up);
  const isRead = operations.length > 0 && operations.every(({ partial }) => partial !== true);
  if (state?.value !== 'RUNNABLE' || numberOf(up) === 0 || !isRead) return null;
  if (operations.some(({ value }) => takesInstanceAway(value))) return null;
  const kind = operations.every(({ value }) => value === 'none') ? '' : ' that takes it away';
  return refuted(`RUNNABLE, with no operation in the last 24 hours${kind}`, [
    state,
    ...operations,
    ...(up ? [up] : []),
  ]);
}

/** A database whose connections stayed well below its limit all the time. */
export function connectionsAreFew({ index }: Case, id: string): Refutation | null {
  const highest = latest(index, id, signal.backendsMax);
  const limit = latest(index, id, `${signal.flag}max_connections`);
  const open = numberOf(highest);
  const allowed = numberOf(limit);
  if (!highest || !limit || open === null || allowed === null || open >= allowed * fewConnections)
    return null;
  if (highest.partial) return null;
  return refuted(`at most ${highest.value} of ${limit.value} connections in the window`, [highest, limit]);
}

/** A container that ends by itself did not run into the time that its startup probe allows. */
export function exitsByItself({ index }: Case, id: string): Refutation | null {
  const exits = exitsInUse(id, index);
  return exits.length > 0 ? refuted('its container exits by itself', exits) : null;
}

/** Every revision stayed below the maximum that it may have, and all together below that of the service. */
export function instancesBelowMaximum({ index }: Case, id: string): Refutation | null {
  const highest = current(index, id, signal.activeInstancesMax);
  const pairs = highest.map((seen) => ({
    seen,
    limit: current(index, id, signal.scalingMax).find((max) => max.revision === seen.revision),
  }));
  const below = pairs.flatMap(({ seen, limit }) => {
    const [count, most] = [numberOf(seen), numberOf(limit)];
    return limit && !seen.partial && count !== null && most !== null && count < most ? [seen, limit] : [];
  });
  if (pairs.length === 0 || below.length < 2 * pairs.length) return null;
  const ofService = latest(index, id, signal.serviceScalingMax);
  const [all, most] = [sumOf(highest), numberOf(ofService)];
  if (all !== null && most !== null && all >= most) return null;
  return refuted('its instances stayed below the maximum in the window', [
    ...below,
    ...(ofService ? [ofService] : []),
  ]);
}

/**
 * An enabled version can be read by who may. Whether its users may is told by their own logs: where these were read
 * and none was refused, it is not the cause.
 */
export function secretIsEnabled(found: Case, id: string): Refutation | null {
  const { configuration, graph, index } = found;
  const state = latest(index, id, signal.state);
  const version = latest(index, id, signal.secretVersion);
  if (state?.value !== 'ENABLED') return null;
  const enabled = `version ${version?.value ?? 'in use'} is ENABLED`;
  const seen = [state, ...(version ? [version] : [])];
  const users = Object.keys(configuration.components).filter((user) =>
    dependenciesOf(graph, user).some(({ to }) => to === id),
  );
  const logs = users.flatMap((user) => logHasNone(found, user, '')?.decidedBy ?? []);
  if (users.length > 0 && logs.length >= users.length) {
    return {
      verdict: 'refuted',
      why: `${enabled}, and no service that needs it logs that it was refused`,
      decidedBy: sortedIds([...evidenceIds(seen), ...logs]),
    };
  }
  const why = `${enabled}; whether its users may read it is not shown by that`;
  return { verdict: 'weaker', why, decidedBy: evidenceIds(seen) };
}

/** Google tells of no event of the last day that concerns what is used; it may not tell of it yet. */
function noEventIsTold({ index }: Case, id: string): Refutation | null {
  const active = latest(index, id, signal.activeEvents);
  if (!active || numberOf(active) !== 0 || current(index, id, signal.event).length > 0) return null;
  const why = 'Google reports no event of the last 24 hours for the products in use';
  return { verdict: 'weaker', why, decidedBy: evidenceIds([active]) };
}

/** What speaks against an incident of the region: what Google says, and what works there. */
export function regionWorks(found: Case, id: string): Refutation | null {
  const [told, seen] = [noEventIsTold(found, id), peersAreHealthy(found)];
  if (told === null || seen === null) return told ?? seen;
  return {
    verdict: 'refuted',
    why: `${seen.why}; ${told.why}`,
    decidedBy: sortedIds([...seen.decidedBy, ...told.decidedBy]),
  };
}

/** Services of the same region that work do not fit an incident of the region; one product may still fail. */
function peersAreHealthy({ configuration, states }: Case): Refutation | null {
  const healthy = Object.keys(configuration.components).find(
    (id) => componentOf(configuration, id)?.type === 'cloud-run' && states[id]?.state === 'healthy',
  );
  if (healthy === undefined) return null;
  return {
    verdict: 'weaker',
    why: `${code(healthy)} works in the same region`,
    decidedBy: sortedIds(states[healthy]?.evidence ?? []),
  };
}

/** The errors of the window were read in full, and none of them says it. */
export function logHasNone({ index }: Case, id: string, what: string): Refutation | null {
  const read = current(index, id, signal.logErrors).filter((seen) => seen.partial !== true);
  const rest = current(index, id, signal.logErrorRest).filter((seen) => (numberOf(seen) ?? 0) > 0);
  if (read.length === 0 || rest.length > 0) return null;
  return refuted(`${what} in the log of the window`, read);
}

/** The failure is older than the serving revision, or the revision worked for more than a day before it. */
export function revisionIsNotNew(found: Case, id: string): Refutation | null {
  const onset = onsetOf(found, id);
  if (!onset) return null;
  const serving = latest(found.index, id, signal.servingRevision)?.value;
  const change = changesOf(found, id).find(
    (one) => one.kind === 'revision' && one.revision !== undefined && one.revision === serving,
  );
  if (change && beganBefore(changeOnset(change), onset) === false) {
    const decidedBy = sortedIds([change.id, ...onset.evidence]);
    return {
      verdict: 'refuted',
      why: `the failures began ${span(time(change.at) - onset.at)} before its revision`,
      decidedBy,
    };
  }
  const deployed = inUse(found.index, id, signal.deployedAt).find((seen) => seen.revision === serving);
  const age = onset.earliest - time(deployed?.value ?? '');
  if (!deployed || !(age > 86_400_000) || age === Infinity) return null;
  return refuted(`its revision had served for ${span(age)} when the failures began`, [deployed]);
}

function refuted(why: string, observations: readonly { id: string }[]): Refutation {
  return { verdict: 'refuted', why, decidedBy: evidenceIds(observations) };
}
