import { z } from 'zod';
import { demandUnlocked, issueOf, orderedComments, placeOf } from '../call.ts';
import type { RepositoryCall, RepositoryHandler } from '../call.ts';
import { forbidden } from '../errors.ts';
import { page } from '../paging.ts';
import { issueComment } from '../shapes/comment.ts';
import { createComment, deleteComment, editComment, pinComment, unpinComment } from '../state/comments.ts';
import type { Place } from '../state/comments.ts';
import { roleOf } from '../state/world.ts';

const sentBody = z.object({ body: z.string() });

/** What somebody else has written, people change from the role write on. */
function demandOwn({ caller, repository }: RepositoryCall, { comment }: Place): void {
  if (caller.kind !== 'person' || comment.author.login.toLowerCase() === caller.login.toLowerCase()) return;
  if (!['write', 'maintain', 'admin'].includes(roleOf(repository, caller.login))) {
    throw forbidden('Must have admin rights to Repository.');
  }
}

export const listComments: RepositoryHandler = (call) => {
  const since = call.query.get('since');
  const comments = orderedComments(call, issueOf(call)).filter(
    ({ updatedAt }) => since === null || updatedAt.getTime() >= Date.parse(since),
  );
  return page(call, comments, (comment) => issueComment(call.world, call.repository, comment));
};

export const addComment: RepositoryHandler = (call) => {
  const { world, repository, author } = call;
  const issue = issueOf(call);
  demandUnlocked(call, issue, 'create comment');
  const { comment } = createComment(world, repository, issue, author, sentBody.parse(call.body).body);
  const body = issueComment(world, repository, comment);
  return { status: 201, body, headers: { location: String(body['url']) } };
};

export const getComment: RepositoryHandler = (call) => ({
  status: 200,
  body: issueComment(call.world, call.repository, placeOf(call).comment),
});

export const updateComment: RepositoryHandler = (call) => {
  const place = placeOf(call);
  demandOwn(call, place);
  demandUnlocked(call, place.issue, 'update comment');
  editComment(call.world, place, call.author, sentBody.parse(call.body).body);
  return { status: 200, body: issueComment(call.world, call.repository, place.comment) };
};

export const removeComment: RepositoryHandler = (call) => {
  const place = placeOf(call);
  demandOwn(call, place);
  deleteComment(call.world, place, call.author);
  return { status: 204 };
};

export const pin: RepositoryHandler = (call) => {
  const place = placeOf(call);
  pinComment(call.world, place, call.author);
  return { status: 200, body: issueComment(call.world, call.repository, place.comment) };
};

export const unpin: RepositoryHandler = (call) => {
  unpinComment(call.world, placeOf(call), call.author);
  return { status: 204 };
};
