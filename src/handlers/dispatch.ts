import type { Probot } from 'probot';
import type { CommandDeps } from '../commands/deps.ts';
import { runCommands, tellGivenUp } from '../commands/run.ts';
import type { Invocation } from '../core/invocation.ts';
import { issueCommentEvent } from '../core/issue-comment-event.ts';
import { issueCommentCreated } from './issue-comment-created.ts';

/** Wires the commands for one installation. */
export type DepsFor = (installationId: number) => CommandDeps;

/** The webhook events that have a handler; `app.yml` subscribes to these and no others. */
export const handledEvents = ['issue_comment.created'] as const;

/**
 * The Probot app: one dispatcher for all events, since Probot builds a client for each handler and event. That client
 * is not used: the commands have one of their own for each installation, which keeps to its budget.
 */
export function sitrepApp(depsFor: DepsFor): (app: Probot) => void {
  return (app) => {
    app.on([...handledEvents], async ({ id, payload }) => {
      await runCommands(...callOf(depsFor, id, payload));
    });
  };
}

/** Tells the author of a delivery that it was given up. */
export async function deliveryGivenUp(depsFor: DepsFor, id: string, payload: object): Promise<void> {
  await tellGivenUp(...callOf(depsFor, id, payload));
}

function callOf(depsFor: DepsFor, id: string, payload: object): [CommandDeps, Invocation] {
  const event = issueCommentEvent.parse(payload);
  return [depsFor(event.installation.id), issueCommentCreated(id, event)];
}
