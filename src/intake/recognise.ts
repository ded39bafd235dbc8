import { commandLines } from '../core/command-lines.ts';
import { issueCommentEvent, type IssueCommentEvent } from '../core/issue-comment-event.ts';
import { trimmed } from './trim.ts';
import type { AcceptedDelivery } from './webhook.ts';

/**
 * Is a verified payload for us? The signature does not cover the headers, so the payload must fit the event that
 * the header names; and what no handler would act on is let go before anything is stored.
 */

type Recognised =
  | { kind: 'misfit'; why: string }
  | { kind: 'ignored'; why: string }
  | { kind: 'ours'; delivery: Omit<AcceptedDelivery, 'guid' | 'event'> & { payload: IssueCommentEvent } };

/** What a delivery is to us; never throws, whatever the payload. */
export function recognise(event: string, payload: unknown): Recognised {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    return { kind: 'misfit', why: 'the body is not a JSON object' };
  }
  if (event !== 'issue_comment') return { kind: 'ignored', why: 'no handler for this event' };
  const parsed = issueCommentEvent.safeParse(payload);
  if (!parsed.success) return { kind: 'misfit', why: 'the payload does not fit the event in its header' };
  const { action, comment, issue, installation, repository, sender } = parsed.data;
  if (action !== 'created') return { kind: 'ignored', why: 'only new comments count' };
  if (issue.pull_request !== undefined) return { kind: 'ignored', why: 'a pull request is no incident' };
  if (sender.type === 'Bot' || comment.user?.type === 'Bot')
    return { kind: 'ignored', why: 'written by a bot' };
  const commands = commandLines(comment.body);
  if (commands.length === 0) return { kind: 'ignored', why: 'no command in it' };
  return {
    kind: 'ours',
    delivery: {
      action,
      installationId: installation.id,
      repositoryId: repository.id,
      repository: repository.full_name,
      issue: issue.number,
      comment: { id: comment.id, updatedAt: comment.updated_at },
      payload: trimmed(parsed.data, commands),
    },
  };
}
