import type { Probot } from 'probot';
import { carryOutChange } from '../commands/issue-changed.ts';
import type { CommandDeps } from '../commands/deps.ts';
import { runCommands, tellGivenUp } from '../commands/run.ts';
import { ticked } from '../commands/ticked.ts';
import { issueCommentEvent } from '../core/issue-comment-event.ts';
import { installationEvents } from '../core/installation-event.ts';
import { issueActions, issueEvent } from '../core/issue-event.ts';
import { installationChanged, type InstallationChanges } from './installation-changed.ts';
import { issueChanged } from './issue-changed.ts';
import { issueCommentCreated } from './issue-comment-created.ts';
import { issueCommentEdited } from './issue-comment-edited.ts';

/** Wires the commands for one installation. */
export type DepsFor = (installationId: number) => CommandDeps;

const ofIssues = issueActions.map((action) => `issues.${action}` as const);

/**
 * The webhook events that have a handler; `app.yml` subscribes to these and no others, but for those of installations,
 * which GitHub sends to every App.
 */
export const handledEvents = [
  'issue_comment.created',
  'issue_comment.edited',
  ...ofIssues,
  ...installationEvents,
] as const;

/** Whether an event has a handler here. */
export function isHandled(name: string, payload: object): boolean {
  return 'action' in payload && handledEvents.some((known) => known === `${name}.${String(payload.action)}`);
}

/**
 * The Probot app: one dispatcher for all events, since Probot builds a client for each handler and event. That client
 * is not used: the commands have one of their own for each installation, which keeps to its budget.
 */
export function sitrepApp(depsFor: DepsFor, installations: InstallationChanges): (app: Probot) => void {
  return (app) => {
    app.on([...handledEvents], async ({ id, name, payload }) => {
      if (name === 'issues') return await ofIssue(depsFor, id, payload);
      if (name === 'issue_comment') return await ofComment(depsFor, id, payload);
      await installationChanged(installations, id, name, payload);
    });
  };
}

async function ofComment(depsFor: DepsFor, id: string, payload: object): Promise<void> {
  const event = issueCommentEvent.parse(payload);
  const deps = depsFor(event.installation.id);
  if (event.action === 'edited') await ticked(deps, issueCommentEdited(id, event));
  else await runCommands(deps, issueCommentCreated(id, event));
}

async function ofIssue(depsFor: DepsFor, id: string, payload: object): Promise<void> {
  const event = issueEvent.parse(payload);
  const change = issueChanged(id, event);
  if (change !== null) await carryOutChange(depsFor(event.installation.id), change);
}

/** Tells the author of commands that they were given up. Of all else the log tells: nobody waits for an answer. */
export async function deliveryGivenUp(depsFor: DepsFor, id: string, payload: object): Promise<void> {
  const { success, data: event } = issueCommentEvent.safeParse(payload);
  if (success && event.action === 'created')
    await tellGivenUp(depsFor(event.installation.id), issueCommentCreated(id, event));
}
