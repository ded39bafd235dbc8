import { isAbnormal } from '../diagnose/case.ts';
import { isConnectionFailure, isLostOnTheWay, isPoolWait } from '../diagnose/log-signatures.ts';
import { beganBefore, earliestOf, logOnset, onsetOf } from '../diagnose/onset.ts';
import type { Onset } from '../diagnose/onset.ts';
import { list } from '../diagnose/wording.ts';
import { dependenciesOf } from '../graph.ts';
import { sumOf, time } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import type { Item, RuleContext } from './rule.ts';

/** The lines and conditions by which the users of a component say that they fail towards it. */
export function saidByUsers({ incoming }: RuleContext, pattern?: RegExp): Observation[] {
  return incoming
    .flatMap(({ signature }) => signature)
    .filter(({ text = '' }) => pattern === undefined || pattern.test(text));
}

/** Part of what users say that some of it makes up, 0 to 1; null where nothing is counted. */
export function partOfSaid(context: RuleContext, some: readonly Observation[]): number | null {
  const [part, whole] = [sumOf(some), sumOf(saidByUsers(context))];
  return part === null || whole === null || whole === 0 ? null : part / whole;
}

/** The components that fail towards it, in the order of the walk. */
export function users({ incoming }: RuleContext): string[] {
  return [...new Set(incoming.map(({ edge }) => edge.from))];
}

/** The names of the users, as a subject: `` `auth` and `backend` ``. */
export function usersList(context: RuleContext): string {
  return list(users(context));
}

/** Whether more than one service fails towards the component; one alone says little of where the failure lies. */
export function sharedItem(context: RuleContext, key = 'shared'): Item {
  const many = users(context).length > 1;
  return { key, holds: many, evidence: many ? saidByUsers(context).map(({ id }) => id) : [] };
}

/** When lines of logs began; conditions have no time of their own. */
export function onsetOfLines({ found }: RuleContext, seen: readonly Observation[]): Onset | null {
  return earliestOf(
    seen.filter(({ signal: name }) => name === signal.logError).map((line) => logOnset(found, line)),
  );
}

/**
 * Whether the failure began within the window, so that the hour before it shows how it was without. Before anything
 * dates it, the comparison counts too.
 */
export function beganInWindow({ found, onset, incoming }: RuleContext): boolean {
  const { index } = found;
  const effects = incoming.map(({ edge }) => onsetOf(found, edge.from)).filter((one) => one !== null);
  const began = Math.min(
    ...[...(onset === null || effects.length > 0 ? [] : [onset]), ...effects].map(({ at }) => at),
  );
  return !Number.isFinite(began) || began >= time(index.window.from);
}

/** When counted entries of logs began, whatever they count: lines, exits, ends. */
export function onsetOfLogs({ found }: RuleContext, seen: readonly Observation[]): Onset | null {
  return earliestOf(seen.map((one) => logOnset(found, one)));
}

/** Of what users say, the connections that did not come about. */
export function connectionsOfUsers(context: RuleContext): Observation[] {
  return saidByUsers(context).filter(({ text = '' }) => isConnectionFailure(text));
}

/** Part of all that users say that lost connections make up at least, to tell why a pool runs empty. Expert setting. */
const leastLost = 0.1;

/**
 * Of these, the connections that got no answer, where they are at least half of what users say; none otherwise. Waits
 * for a pool count for neither side: it runs empty because connections do not come about, or because queries are slow.
 */
export function lostConnections(context: RuleContext): Observation[] {
  const said = saidByUsers(context);
  const lost = said.filter(({ text = '' }) => isLostOnTheWay(text));
  const telling = said.filter(({ text = '' }) => !isPoolWait(text));
  const [count, whole] = [sumOf(lost) ?? 0, sumOf(telling) ?? 0];
  const isEnough = count >= whole / 2 && (partOfSaid(context, lost) ?? 0) >= leastLost;
  return count > 0 && isEnough ? lost : [];
}

/** Why the failures of those that need a component are not laid to it, as the end of `…, but `. */
export function notPointedTo({ found, component }: RuleContext, onset: Onset | null): string {
  const failing = Object.keys(found.configuration.components).filter(
    (id) => isAbnormal(found, id) && dependenciesOf(found.graph, id).some(({ to }) => to === component),
  );
  const began = failing.map((id) => onsetOf(found, id));
  const late = failing.length > 0 && began.every((effect) => beganBefore(onset, effect) === false);
  return late ? `it began after ${list(failing)} failed` : 'the errors of nothing that fails point to it';
}

/** That the failures of its users are older than it, as the end of a sentence; empty where they are not. */
export function lateClause(context: RuleContext, onset: Onset | null): string {
  const failing = users(context);
  const began = earliestOf(failing.map((id) => onsetOf(context.found, id)));
  return beganBefore(onset, began) === false ? `, but only after ${list(failing)} failed` : '';
}
