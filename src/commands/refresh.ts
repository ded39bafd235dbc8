import { compareWithPrevious, type Delta } from '../core/delta.ts';
import { redactedDelta } from '../core/redacted/input.ts';
import { newsIn } from '../core/compose/news.ts';
import { refreshMs } from '../core/incident/refresh.ts';
import { componentStates } from '../core/states.ts';
import type { CommandDeps } from './deps.ts';
import { issueInvocation, type RecordedIssue } from './issue-invocation.ts';
import { look, readBeforehand, type Looked, type Made } from './look.ts';
import { postingId } from './posting-id.ts';
import { statusOf } from './status.ts';
import { lackOf, obstacleTo } from './unasked.ts';

/** The refresh of a living comment that is due. */
export interface DueRefresh extends Omit<RecordedIssue, 'id'> {
  /** UTC, ISO 8601. */
  dueAt: string;
  /** The environment of the updates before; null for the configuration's own. */
  environment: string | null;
}

/** How a refresh ended: the look is recorded, or this one came to nothing, or no other will come, for a reason. */
export type RefreshEnd = { looked: true } | { looked: false; reason: string; over: boolean };

/**
 * Looks again for the living comment, which is written from what is recorded. A comment comes of it where something
 * material has changed since the last one, and people did not ask for quiet.
 *
 * @throws where GitHub or the store fails.
 */
export async function refreshIncident(deps: CommandDeps, due: DueRefresh): Promise<RefreshEnd> {
  const call = `board ${String(due.repositoryId)}#${String(due.issue)} ${due.dueAt}`;
  const invocation = await issueInvocation(deps.request, { ...due, id: call });
  if ('reason' in invocation) return { looked: false, reason: invocation.reason, over: true };
  const obstacle = await obstacleTo(deps, invocation);
  if (obstacle !== null) return { looked: false, reason: obstacle, over: true };
  const read = await readBeforehand(deps, invocation, due.environment ?? undefined);
  const lack = lackOf(read);
  if (lack !== null) return { looked: false, reason: lack, over: true };
  if (read.configuration.kind === 'unusable')
    return { looked: false, reason: 'the configuration has errors', over: false };
  if (!read.recollection.state.watched) return { looked: false, reason: 'the incident is over', over: true };
  const id = postingId(call, 'change');
  const make = (looked: Looked): Made => changeIn(looked, id, deps.version);
  await look(deps, invocation, { id, promisesCheckpoints: false, make }, read);
  return { looked: true };
}

/** A figure that doubled is no news where no figure may be shown. */
function deltaOf({ configuration, snapshot, diagnosis, disclosure }: Looked): Delta | null {
  const delta = compareWithPrevious(snapshot, componentStates(configuration, snapshot), diagnosis);
  return disclosure === 'full' || delta === null ? delta : redactedDelta(delta);
}

function changeIn(looked: Looked, id: string, version: string): Made {
  const { configuration, snapshot, state } = looked;
  const seen = snapshot.takenAt;
  const isQuiet = state.snoozedUntil !== null && Date.parse(state.snoozedUntil) > Date.parse(seen);
  const told = isQuiet
    ? []
    : newsIn({
        delta: deltaOf(looked),
        record: snapshot.record ?? [],
        seen,
        everyMs: refreshMs(configuration, state.severity),
      });
  if (told.length === 0) return { said: [], events: [] };
  return {
    said: [{ id, update: statusOf(looked, version), kind: 'change', asked: false }],
    events: [{ kind: 'updated', update: 'change', posting: id, told }],
  };
}
