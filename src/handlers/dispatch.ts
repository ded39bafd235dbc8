import type { Probot } from 'probot';
import type { CommandDeps } from '../commands/deps.ts';
import { runCommands, tellGivenUp } from '../commands/run.ts';
import type { GitHubRequest } from '../core/github-request.ts';
import type { WrittenInvocation } from '../core/invocation.ts';
import { issueCommentEvent } from '../core/issue-comment-event.ts';
import { issueCommentCreated } from './issue-comment-created.ts';

/** Wires the commands for one installation's client. */
export type DepsFor = (request: GitHubRequest) => CommandDeps;

/** The webhook events that have a handler; `app.yml` subscribes to these and no others. */
export const handledEvents = ['issue_comment.created'] as const;

/**
 * The Probot app: one dispatcher for all events, since Probot builds a client for each handler and event. Each
 * installation has a client of its own, so that one tenant's writes never queue behind another's.
 */
export function sitrepApp(depsFor: DepsFor): (app: Probot) => void {
  return (app) => {
    app.on([...handledEvents], async ({ id, payload }) => {
      await runCommands(...(await callOf(app, depsFor, id, payload)));
    });
  };
}

/** Tells the author of a delivery that it was given up. */
export async function deliveryGivenUp(
  app: Probot,
  depsFor: DepsFor,
  id: string,
  payload: object,
): Promise<void> {
  await tellGivenUp(...(await callOf(app, depsFor, id, payload)));
}

async function callOf(
  app: Probot,
  depsFor: DepsFor,
  id: string,
  payload: object,
): Promise<[CommandDeps, WrittenInvocation]> {
  const event = issueCommentEvent.parse(payload);
  const octokit = await app.auth(event.installation.id);
  return [depsFor(octokit.request), issueCommentCreated(id, event)];
}
