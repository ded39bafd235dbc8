import { demandCommentBody } from './limits.ts';
import { accountOf } from './world.ts';
import type { Author, Comment, Happening, Issue, Reaction, Repository, World } from './world.ts';
import type { Delivery } from '../types.ts';

function announce(
  world: World,
  name: Happening['name'],
  at: Place,
  sender: Author,
  changes?: Happening['changes'],
) {
  const { repository, issue, comment } = at;
  return world.announce({ name, repository, issue, comment, sender, ...(changes && { changes }) });
}

/** A comment, with the issue and the repository that hold it. */
export interface Place {
  repository: Repository;
  issue: Issue;
  comment: Comment;
}

export function createComment(
  world: World,
  repository: Repository,
  issue: Issue,
  author: Author,
  body: string,
): { comment: Comment; delivery: Delivery | null } {
  demandCommentBody(body);
  const now = world.clock.now();
  const comment: Comment = {
    id: world.nextId(),
    issue: issue.number,
    author,
    body,
    at: now,
    madeAt: world.machine(),
    updatedAt: now,
    edited: false,
    reactions: [],
    minimized: null,
    pin: null,
  };
  repository.comments.set(comment.id, comment);
  issue.updatedAt = now;
  return {
    comment,
    delivery: announce(world, 'issue_comment.created', { repository, issue, comment }, author),
  };
}

/** An edit to the same text is answered, and told to nobody. */
export function editComment(world: World, at: Place, sender: Author, body: string): Delivery | null {
  demandCommentBody(body);
  const { comment, issue } = at;
  if (comment.body === body) return null;
  const from = comment.body;
  const now = world.clock.now();
  comment.body = body;
  comment.updatedAt = now;
  comment.edited = true;
  issue.updatedAt = now;
  return announce(world, 'issue_comment.edited', at, sender, { body: { from } });
}

export function deleteComment(world: World, at: Place, sender: Author): Delivery | null {
  at.repository.comments.delete(at.comment.id);
  at.issue.updatedAt = world.clock.now();
  return announce(world, 'issue_comment.deleted', at, sender);
}

/** One comment of an issue is pinned at a time. */
export function pinComment(world: World, at: Place, sender: Author): Delivery | null {
  if (at.comment.pin) return null;
  for (const other of at.repository.comments.values()) {
    if (other.issue === at.issue.number) other.pin = null;
  }
  at.comment.pin = { at: world.clock.now(), by: sender.login };
  return announce(world, 'issue_comment.pinned', at, sender);
}

export function unpinComment(world: World, at: Place, sender: Author): Delivery | null {
  if (!at.comment.pin) return null;
  at.comment.pin = null;
  return announce(world, 'issue_comment.unpinned', at, sender);
}

/** The same reaction of the same account is there once; GitHub tells no webhook of reactions. */
export function react(
  world: World,
  comment: Comment,
  by: string,
  content: string,
): { reaction: Reaction; isNew: boolean } {
  const { login } = accountOf(world, by);
  const known = comment.reactions.find((reaction) => reaction.by === login && reaction.content === content);
  if (known) return { reaction: known, isNew: false };
  const reaction: Reaction = { id: world.nextId(), by: login, content, at: world.clock.now() };
  comment.reactions.push(reaction);
  return { reaction, isNew: true };
}
