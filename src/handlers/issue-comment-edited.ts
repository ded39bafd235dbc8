import type { WrittenInvocation } from '../core/invocation.ts';
import type { IssueCommentEvent } from '../core/issue-comment-event.ts';
import { invocationOf } from './invocation-of.ts';

/** `issue_comment.edited` → a person changed a comment of ours; of its text only the task boxes are there. */
export function issueCommentEdited(delivery: string, event: IssueCommentEvent): WrittenInvocation {
  const { id, html_url: url, body } = event.comment;
  return { ...invocationOf(delivery, event), comment: { id, url, body } };
}
