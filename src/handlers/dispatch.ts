import type { Probot } from 'probot';
import type { CommandDeps } from '../commands/deps.ts';
import { runCommands } from '../commands/run.ts';
import type { GitHubRequest } from '../core/github-request.ts';
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
      const event = issueCommentEvent.parse(payload);
      const octokit = await app.auth(event.installation.id);
      await runCommands(depsFor(octokit.request), issueCommentCreated(id, event));
    });
  };
}
