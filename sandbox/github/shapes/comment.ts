import { accountOf, stamp } from '../state/world.ts';
import type { Comment, Reaction, Repository, World } from '../state/world.ts';
import { integration } from './app.ts';
import { authorAssociation, issuePage, issueUrl, reactionRollup } from './issue.ts';
import { repositoryUrl } from './repository.ts';
import { nodeId, simpleUser } from './user.ts';
import type { Json } from './user.ts';

export function commentNodeId(comment: Comment): string {
  return nodeId('IC', comment.id);
}

/** Schemas `issue-comment` and `webhooks_issue_comment`. */
export function issueComment(world: World, repository: Repository, comment: Comment): Json {
  const url = `${repositoryUrl(world, repository)}/issues/comments/${comment.id}`;
  const user = (login: string) => simpleUser(world.links, accountOf(world, login));
  return {
    id: comment.id,
    node_id: commentNodeId(comment),
    url,
    html_url: `${issuePage(world, repository, comment.issue)}#issuecomment-${comment.id}`,
    issue_url: issueUrl(world, repository, comment.issue),
    user: user(comment.author.login),
    created_at: stamp(comment.at),
    updated_at: stamp(comment.updatedAt),
    body: comment.body,
    author_association: authorAssociation(repository, comment.author.login),
    performed_via_github_app: comment.author.viaApp ? integration(world) : null,
    reactions: reactionRollup(url, comment.reactions),
    pin: comment.pin && { pinned_at: stamp(comment.pin.at), pinned_by: user(comment.pin.by) },
    minimized: comment.minimized === null ? null : { reason: comment.minimized },
  };
}

/** Schema `reaction`. */
export function reaction(world: World, source: Reaction): Json {
  return {
    id: source.id,
    node_id: nodeId('REA', source.id),
    user: simpleUser(world.links, accountOf(world, source.by)),
    content: source.content,
    created_at: stamp(source.at),
  };
}
