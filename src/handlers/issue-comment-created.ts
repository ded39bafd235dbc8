import type { WrittenInvocation } from '../core/invocation.ts';
import type { IssueCommentEvent } from '../core/issue-comment-event.ts';
import { invocationOf } from './invocation-of.ts';

/** `issue_comment.created` → the call of the commands in the comment. */
export function issueCommentCreated(delivery: string, event: IssueCommentEvent): WrittenInvocation {
  const { id, html_url: url, body } = event.comment;
  return { ...invocationOf(delivery, event), comment: { id, url, body } };
}
