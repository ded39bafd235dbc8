import type { Invocation } from '../core/invocation.ts';
import type { WebhookOfIssue } from '../core/webhook-parts.ts';

/** A webhook about an issue → the call that it makes, as yet without a comment. */
export function invocationOf(delivery: string, event: WebhookOfIssue): Invocation {
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
      closed: event.issue.state === 'closed',
    },
    actor: event.sender.login,
    receivedAt: event.received_at ?? null,
    comment: null,
  };
}
