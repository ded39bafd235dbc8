import { composeStoodDown } from '../core/compose/declaration-notices.ts';
import type { IncidentEvent, NewEvent } from '../core/incident/events.ts';
import { after, type IncidentState } from '../core/incident/state.ts';
import { labelsAfterStandDown } from '../core/incident/state-labels.ts';
import type { IssueChange } from '../core/invocation.ts';
import { knownOf, type ReadConfiguration } from './configuration.ts';
import type { CommandDeps } from './deps.ts';
import { postingId } from './posting-id.ts';

/**
 * A person took the last incident label away: Sitrep looks after the incident no more, says so in one line, and takes
 * away the labels that it had set. The record stays. One that is resolved is over already, and nothing is said.
 */
export async function standDown(
  deps: CommandDeps,
  change: IssueChange,
  { state, read }: { state: IncidentState; read: ReadConfiguration },
): Promise<void> {
  const why = `@${change.actor} removed the label ${change.label ?? ''}`.trimEnd();
  const event = standDownEvent(change, why);
  const configuration = knownOf(read);
  const { incident } = configuration.labels;
  const update = composeStoodDown({ by: change.actor, labels: incident, version: deps.version });
  const id = postingId(change.id, 'stood-down');
  await deps.record(change, {
    title: await deps.redact(change.issue.title),
    postings: state.resolution === null ? [{ id, kind: update.kind, update, outcome: 'done' }] : [],
    events: [event],
    labels: labelsAfterStandDown(configuration, after(state, recorded(event))),
  });
}

/** The issue is where Sitrep cannot follow: nobody can be told there, so nothing is said. */
export async function standDownSilently(deps: CommandDeps, change: IssueChange, why: string): Promise<void> {
  const { state } = await deps.recall(change);
  if (state.declared === null || state.stoodDown !== null) return;
  await deps.record(change, {
    title: await deps.redact(change.issue.title),
    postings: [],
    events: [standDownEvent(change, why)],
  });
  deps.log.info({ repository: change.repository, issue: change.issue.number, why }, 'stood down');
}

function standDownEvent({ id, actor, changedAt }: IssueChange, why: string): NewEvent {
  return { key: `${id}:0`, at: changedAt, by: actor, url: null, body: { kind: 'stood-down', why } };
}

function recorded(event: NewEvent): IncidentEvent {
  return { ...event, recordedAt: event.at };
}
