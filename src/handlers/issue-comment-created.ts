import type { Invocation } from '../core/invocation.ts';
import type { IssueCommentEvent } from '../core/issue-comment-event.ts';

/** `issue_comment.created` → the call of the commands in the comment. */
export function issueCommentCreated(delivery: string, event: IssueCommentEvent): Invocation {
  return {
    id: delivery,
    installationId: event.installation.id,
    repository: {
      id: event.repository.id,
      owner: event.repository.owner.login,
      name: event.repository.name,
      private: event.repository.private,
    },
    issue: {
      number: event.issue.number,
      title: event.issue.title,
      url: event.issue.html_url,
      labels: event.issue.labels.map((label) => label.name),
      openedAt: new Date(event.issue.created_at).toISOString(),
      comments: event.issue.comments,
    },
    actor: event.sender.login,
    receivedAt: event.received_at ?? null,
    comment: { id: event.comment.id, url: event.comment.html_url, body: event.comment.body },
  };
}
