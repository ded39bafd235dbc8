import {
  current,
  currentWithPrefix,
  evidenceIds,
  latest,
  numberOf,
  sortedIds,
  sumOf,
} from '../observations.ts';
import type { Observations } from '../observations.ts';
import type { Observation } from '../snapshot.ts';
import { signal } from '../signals.ts';
import { atLeast } from '../figures.ts';
import { errorsOf, failingShare, isLongAgo } from './errors.ts';
import type { ErrorReading } from './errors.ts';
import { reading, unread } from './reading.ts';
import type { StateReading } from './reading.ts';

/** What a service's own readings show against it. */
export interface Troubles {
  state: 'failing' | 'degraded';
  said: string[];
  observations: Observation[];
}

/**
 * A Cloud Run service. Its 5xx share decides, and 5xx that stopped count until the clean stretch tells enough; a
 * ready condition alone does not show that it answers, so without requests it is healthy only if an endpoint that
 * needs nothing else answers as expected (`answers`). Containers of a revision in use that exit, are killed or
 * exceed their memory, and a revision that did not become ready make it degraded, or failing where nothing serves;
 * an endpoint that fails while the metrics are still silent (they come minutes late) makes it degraded.
 */
export function cloudRunState(
  id: string,
  index: Observations,
  answers: readonly StateReading[],
): StateReading {
  const own = troublesOf(id, index);
  if (own?.state === 'failing') return reading('failing', own.said.join(', '), own.observations);
  const refused = answers.filter(({ state }) => state === 'failing');
  if (!own && refused.length === 0) return withoutTrouble(id, index, answers);
  const said = [...(own?.said ?? []), ...refused.map(({ why }) => `an endpoint of it answers ${why}`)];
  const seen = own?.observations ?? errorsOf(id, index)?.observations ?? [];
  const evidence = [...evidenceIds(seen), ...refused.flatMap((answer) => answer.evidence)];
  return { state: 'degraded', evidence: sortedIds(evidence), why: said.join(', ') };
}

/** What a service's own condition, requests and log of exits show against it; null where nothing does. */
export function troublesOf(id: string, index: Observations): Troubles | null {
  const ready = latest(index, id, signal.ready);
  const errors = errorsOf(id, index);
  const isRecent = ({ last }: Observation): boolean =>
    !errors || last === undefined || !isLongAgo(index, last);
  const exits = exitsInUse(id, index).filter(isRecent);
  const killed = killsInUse(id, index).filter(isRecent);
  const notReady = ready && /FAILED|FALSE/i.test(ready.value) ? ready : null;
  const goesOn = errors !== null && errors.material && errors.recovery?.complete !== true;
  const share = errors && errors.recovery === null ? errors.share : 0;
  const refused = notReady !== null && !olderRevisionServes(id, index, errors);
  const said = [
    notReady ? (refused ? 'not ready' : 'the latest revision is not ready') : '',
    errors && (goesOn || refused) ? errorFigure(errors) : '',
    exitFigure(exits),
    ...killed.map(killFigure),
  ].filter((part) => part !== '');
  if (said.length === 0) return null;
  return {
    state: share >= failingShare || refused ? 'failing' : 'degraded',
    said,
    observations: [...(notReady ? [notReady] : []), ...(errors?.observations ?? []), ...exits, ...killed],
  };
}

function withoutTrouble(id: string, index: Observations, answers: readonly StateReading[]): StateReading {
  const ready = latest(index, id, signal.ready);
  const errors = errorsOf(id, index);
  const settled = ready !== undefined && /SUCCEEDED|TRUE/i.test(ready.value);
  if (!ready || !settled) {
    return unread(index, id, [signal.ready], ready ? [ready] : [], ready ? `condition ${ready.value}` : '');
  }
  if (errors) {
    const { recovery, why } = errors;
    const since = recovery
      ? `last 5xx ${recovery.lastError.slice(11, 16)} UTC, ${recovery.minutes} min ago, `
      : '';
    return reading('healthy', `ready, ${since}${why}`, [ready], errors.observations);
  }
  const answer = answers.find(({ state }) => state === 'healthy');
  if (answer) {
    const evidence = sortedIds([ready.id, ...answer.evidence]);
    return { state: 'healthy', evidence, why: `ready, an endpoint of it answers ${answer.why}` };
  }
  return unread(index, id, [signal.requests, signal.errorShare], [ready], 'ready, no request seen');
}

/** Container exits with an error in the revisions that serve, were created last, or still run. */
export function exitsInUse(id: string, index: Observations): Observation[] {
  return ofRevisionsInUse(id, index, currentWithPrefix(index, id, signal.exit)).filter(
    (found) => found.signal !== `${signal.exit}0`,
  );
}

/** Containers of these revisions that used more memory than they may. */
export function memoryInUse(id: string, index: Observations): Observation[] {
  return ofRevisionsInUse(id, index, current(index, id, signal.memoryExceeded));
}

/** Containers of these revisions that a signal ended, by its number. */
export function terminationsInUse(id: string, index: Observations, number: string): Observation[] {
  return ofRevisionsInUse(id, index, current(index, id, `${signal.terminated}${number}`));
}

/** SIGTERM: with it Cloud Run itself ends an instance that it needs no longer. */
const orderly = `${signal.terminated}15`;

/** Containers of these revisions that a signal ended, an orderly end excepted, or that used more memory than they may. */
function killsInUse(id: string, index: Observations): Observation[] {
  return ofRevisionsInUse(id, index, [
    ...current(index, id, signal.memoryExceeded),
    ...currentWithPrefix(index, id, signal.terminated).filter((found) => found.signal !== orderly),
  ]);
}

/** Counts that are above zero and belong to a revision that serves, was created last, or still runs, or to none. */
export function ofRevisionsInUse(
  id: string,
  index: Observations,
  all: readonly Observation[],
): Observation[] {
  const inUse = new Set(
    [
      latest(index, id, signal.servingRevision)?.value,
      latest(index, id, signal.createdRevision)?.value,
      ...current(index, id, signal.activeInstances)
        .filter((found) => (numberOf(found) ?? 0) > 0)
        .map((found) => found.revision),
    ].filter((name) => name !== undefined),
  );
  return all.filter((found) => {
    const named = found.revision === undefined || inUse.size === 0 || inUse.has(found.revision);
    return named && (numberOf(found) ?? 0) > 0;
  });
}

/** The 5xx of the window, and since when there were none where they stopped. */
function errorFigure({ why, recovery }: ErrorReading): string {
  return recovery
    ? `recovering: no 5xx since ${recovery.lastError.slice(11, 16)} UTC, ${why} in the window`
    : why;
}

/** Whether traffic stays with an older, working revision while the latest one is not ready. */
function olderRevisionServes(id: string, index: Observations, errors: ErrorReading | null): boolean {
  const serving = latest(index, id, signal.servingRevision);
  const created = latest(index, id, signal.createdRevision);
  return Boolean(errors && serving && created && serving.value !== created.value);
}

function exitFigure(exits: readonly Observation[]): string {
  const count = sumOf(exits);
  if (count === null) return '';
  const codes = [...new Set(exits.map((found) => found.signal.slice(signal.exit.length)))].join(', ');
  const some = exits.some(({ partial }) => partial);
  return `${atLeast(String(count), some)} ${count === 1 ? 'exit' : 'exits'} with code ${codes}`;
}

/** `5 ended by signal 9`, `memory limit exceeded 5 times`. */
function killFigure({ signal: name, value, partial }: Observation): string {
  const count = atLeast(value, partial);
  if (name === signal.memoryExceeded)
    return `memory limit exceeded ${count} ${value === '1' ? 'time' : 'times'}`;
  return `${count} ended by signal ${name.slice(signal.terminated.length)}`;
}
