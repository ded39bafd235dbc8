import { isPerson, isSameLogin } from '../core/accounts.ts';
import { commandLines } from '../core/command-lines.ts';
import { isInstallationEvent } from '../core/installation-event.ts';
import { issueCommentEvent, type IssueCommentEvent } from '../core/issue-comment-event.ts';
import { isIssueAction, issueEvent } from '../core/issue-event.ts';
import { wasPosting } from '../core/posting-marker.ts';
import type { WebhookOfIssue } from '../core/webhook-parts.ts';
import { ofInstallation } from './installation.ts';
import { trimmed, trimmedEdit, trimmedIssue } from './trim.ts';
import type { AcceptedDelivery } from './webhook.ts';

/**
 * Is a verified payload for us? The signature does not cover the headers, so the payload must fit the event that
 * the header names; and what no handler would act on is let go before anything is stored.
 */

type Recognised =
  | { kind: 'misfit'; why: string }
  | { kind: 'ignored'; why: string }
  | {
      kind: 'ours';
      delivery: Omit<AcceptedDelivery, 'guid' | 'event'>;
      /** GitHub's time of what it tells; null where a second time could have no effect, however late it comes. */
      happenedAt: string | null;
    };

/** Whether a fork, `owner/name`, is served like another repository; decided by the operator. */
export type ServesFork = (repository: string) => boolean;

/** What a delivery is to us; never throws, whatever the payload. */
export function recognise(event: string, payload: unknown, servesFork: ServesFork = () => false): Recognised {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    return { kind: 'misfit', why: 'the body is not a JSON object' };
  }
  switch (event) {
    case 'issue_comment':
      return recogniseComment(payload, servesFork);
    case 'issues':
      return recogniseIssue(payload, servesFork);
    case 'installation':
    case 'installation_repositories':
    case 'repository':
      return recogniseInstallation(event, payload);
    default:
      return ignored('no handler for this event');
  }
}

/** The App was removed, or a repository taken from it. Whoever did it, bots included. */
function recogniseInstallation(event: string, payload: object): Recognised {
  const delivery = ofInstallation(event, payload);
  if (delivery === null) return misfit;
  return isInstallationEvent(event, delivery.action)
    ? { kind: 'ours', happenedAt: null, delivery }
    : ignored('no handler for this action');
}

const misfit: Recognised = { kind: 'misfit', why: 'the payload does not fit the event in its header' };

function ignored(why: string): Recognised {
  return { kind: 'ignored', why };
}

/** Bots close issues, and a merge by one does: what that means for an incident does not hang on who it was. */
const alsoByBots: ReadonlySet<string> = new Set(['issues.closed', 'issues.reopened']);

/** What is ignored whatever the event. */
function obstacle(
  { issue, sender, repository }: WebhookOfIssue,
  event: string,
  servesFork: ServesFork,
): string | null {
  if (issue.pull_request !== undefined) return 'a pull request is no incident';
  // A fork carries a copy of the configuration, and may be anybody's.
  if (repository.fork === true && !servesFork(repository.full_name)) return 'the repository is a fork';
  return isPerson(sender) || alsoByBots.has(event) ? null : 'not done by a person';
}

/** A new comment with a command, or the App's own comment that a person edited. */
function recogniseComment(payload: object, servesFork: ServesFork): Recognised {
  const parsed = issueCommentEvent.safeParse(payload);
  if (!parsed.success) return misfit;
  const { action, comment } = parsed.data;
  if (action !== 'created' && action !== 'edited') return ignored('only new comments count');
  const reason = obstacle(parsed.data, `issue_comment.${action}`, servesFork);
  if (reason !== null) return ignored(reason);
  const isBots = comment.user?.type === 'Bot';
  const happenedAt = comment.updated_at;
  const about = {
    ...placeOf(parsed.data),
    comment: { id: comment.id, updatedAt: comment.updated_at },
    subject: null,
  };
  if (action === 'edited') {
    // Boxes are ticked so. Commands count in new comments only.
    if (!isBots || !wasPosting(comment.body)) return ignored('of edits only those of our own comments count');
    return { kind: 'ours', happenedAt, delivery: { ...about, payload: trimmedEdit(parsed.data) } };
  }
  const author = authorProblem(parsed.data);
  if (author !== null) return ignored(author);
  const commands = commandLines(comment.body);
  if (commands.length === 0) return ignored('no command in it');
  return { kind: 'ours', happenedAt, delivery: { ...about, payload: trimmed(parsed.data, commands) } };
}

/** Why the author of a new comment gives no commands; null where they may. The sender is a person by now. */
function authorProblem({ comment: { user }, sender }: IssueCommentEvent): string | null {
  if (user === null) return 'its author is gone';
  if (!isPerson(user)) return 'not written by a person';
  return isSameLogin(user.login, sender.login) ? null : 'written by one account and sent by another';
}
/**
 * An issue does not come back from there under its number. Whether its `updated_at` tells when it went is not documented,
 * and an incident that was quiet for days must be stood down all the same.
 */
const gone: ReadonlySet<string> = new Set(['transferred', 'deleted']);

/** What a person did with an issue, its comments apart. */
function recogniseIssue(payload: object, servesFork: ServesFork): Recognised {
  const parsed = issueEvent.safeParse(payload);
  if (!parsed.success) return misfit;
  const { action, issue } = parsed.data;
  if (!isIssueAction(action)) return ignored('no handler for this action');
  const reason = obstacle(parsed.data, `issues.${action}`, servesFork);
  if (reason !== null) return ignored(reason);
  if (action === 'opened' && issue.labels.length === 0) return ignored('a new issue without labels');
  const trimmedPayload = trimmedIssue(parsed.data);
  return {
    kind: 'ours',
    happenedAt: gone.has(action) ? null : issue.updated_at,
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
