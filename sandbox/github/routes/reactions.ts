import { z } from 'zod';
import { demandUnlocked, pathNumber, placeOf } from '../call.ts';
import type { RepositoryHandler } from '../call.ts';
import { forbidden, notAccessible, notFound } from '../errors.ts';
import { page } from '../paging.ts';
import { reaction } from '../shapes/comment.ts';
import { react } from '../state/comments.ts';

const sentContent = z.object({ content: z.string() });

export const listReactions: RepositoryHandler = (call) => {
  const wanted = call.query.get('content');
  const reactions = placeOf(call).comment.reactions.filter(
    ({ content }) => wanted === null || content === wanted,
  );
  return page(call, reactions, (source) => reaction(call.world, source));
};

export const addReaction: RepositoryHandler = (call) => {
  const { content } = sentContent.parse(call.body);
  const { comment, issue } = placeOf(call);
  demandUnlocked(call, issue, 'create reaction');
  const made = react(call.world, comment, call.author.login, content);
  return { status: made.isNew ? 201 : 200, body: reaction(call.world, made.reaction) };
};

/** A reaction is taken back by the account that gave it. */
export const removeReaction: RepositoryHandler = (call) => {
  const { comment } = placeOf(call);
  const found = comment.reactions.find(({ id }) => id === pathNumber(call, 'reaction_id'));
  if (!found) throw notFound();
  if (found.by !== call.author.login) {
    if (call.caller.kind === 'person') throw forbidden('Must have admin rights to Repository.');
    throw notAccessible(`reaction ${found.id} is ${found.by}'s: only they can take it back`);
  }
  comment.reactions = comment.reactions.filter((other) => other !== found);
  return { status: 204 };
};
