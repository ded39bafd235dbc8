import { commandLines } from '../core/command-lines.ts';
import { issueCommentEvent } from '../core/issue-comment-event.ts';
import { isIssueAction, issueEvent } from '../core/issue-event.ts';
import { wasPosting } from '../core/posting-marker.ts';
import type { WebhookOfIssue } from '../core/webhook-parts.ts';
import { trimmed, trimmedEdit, trimmedIssue } from './trim.ts';
import type { AcceptedDelivery } from './webhook.ts';

/**
 * Is a verified payload for us? The signature does not cover the headers, so the payload must fit the event that
 * the header names; and what no handler would act on is let go before anything is stored.
 */

type Recognised =
  | { kind: 'misfit'; why: string }
  | { kind: 'ignored'; why: string }
  | { kind: 'ours'; delivery: Omit<AcceptedDelivery, 'guid' | 'event'> };

/** What a delivery is to us; never throws, whatever the payload. */
export function recognise(event: string, payload: unknown): Recognised {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    return { kind: 'misfit', why: 'the body is not a JSON object' };
  }
  switch (event) {
    case 'issue_comment':
      return recogniseComment(payload);
    case 'issues':
      return recogniseIssue(payload);
    default:
      return ignored('no handler for this event');
  }
}

const misfit: Recognised = { kind: 'misfit', why: 'the payload does not fit the event in its header' };

function ignored(why: string): Recognised {
  return { kind: 'ignored', why };
}

/** Bots close issues, and a merge by one does: what that means for an incident does not hang on who it was. */
const alsoByBots: ReadonlySet<string> = new Set(['issues.closed', 'issues.reopened']);

/** What is ignored whatever the event. */
function obstacle({ issue, sender }: WebhookOfIssue, event: string): string | null {
  if (issue.pull_request !== undefined) return 'a pull request is no incident';
  return sender.type === 'Bot' && !alsoByBots.has(event) ? 'done by a bot' : null;
}

/** A new comment with a command, or the App's own comment that a person edited. */
function recogniseComment(payload: object): Recognised {
  const parsed = issueCommentEvent.safeParse(payload);
  if (!parsed.success) return misfit;
  const { action, comment } = parsed.data;
  if (action !== 'created' && action !== 'edited') return ignored('only new comments count');
  const reason = obstacle(parsed.data, `issue_comment.${action}`);
  if (reason !== null) return ignored(reason);
  const isBots = comment.user?.type === 'Bot';
  const about = {
    ...placeOf(parsed.data),
    comment: { id: comment.id, updatedAt: comment.updated_at },
    subject: null,
  };
  if (action === 'edited') {
    // Boxes are ticked so. Commands count in new comments only.
    if (!isBots || !wasPosting(comment.body)) return ignored('of edits only those of our own comments count');
    return { kind: 'ours', delivery: { ...about, payload: trimmedEdit(parsed.data) } };
  }
  if (isBots) return ignored('written by a bot');
  const commands = commandLines(comment.body);
  if (commands.length === 0) return ignored('no command in it');
  return { kind: 'ours', delivery: { ...about, payload: trimmed(parsed.data, commands) } };
}

/** What a person did with an issue, its comments apart. */
function recogniseIssue(payload: object): Recognised {
  const parsed = issueEvent.safeParse(payload);
  if (!parsed.success) return misfit;
  const { action, issue } = parsed.data;
  if (!isIssueAction(action)) return ignored('no handler for this action');
  const reason = obstacle(parsed.data, `issues.${action}`);
  if (reason !== null) return ignored(reason);
  if (action === 'opened' && issue.labels.length === 0) return ignored('a new issue without labels');
  const trimmedPayload = trimmedIssue(parsed.data);
  return {
    kind: 'ours',
    delivery: {
      ...placeOf(parsed.data),
      comment: null,
      subject: `${String(issue.id)} ${trimmedPayload.label?.name ?? ''} ${issue.updated_at}`,
      payload: trimmedPayload,
    },
  };
}

function placeOf({ action, installation, repository, issue }: WebhookOfIssue) {
  return {
    action,
    installationId: installation.id,
    repositoryId: repository.id,
    repository: repository.full_name,
    issue: issue.number,
  };
}
