import { accountOf } from '../state/world.ts';
import type { Happening, World } from '../state/world.ts';
import { issueComment } from '../shapes/comment.ts';
import { label, webhookIssue } from '../shapes/issue.ts';
import { simpleRepository } from '../shapes/repository.ts';
import { nodeId, simpleUser, webhookOrganization } from '../shapes/user.ts';
import type { Json } from '../shapes/user.ts';

/** The payload of a webhook to the App, as things stand now. */
export function webhookPayload(world: World, happening: Happening): Json {
  const { name, repository, sender, issue, comment, assignee, changes } = happening;
  const { installationId } = repository;
  return {
    action: name.slice(name.indexOf('.') + 1),
    ...(changes && { changes }),
    issue: webhookIssue(world, repository, issue),
    ...(comment && { comment: issueComment(world, repository, comment) }),
    ...(happening.label && { label: label(world, repository, happening.label) }),
    ...(assignee && { assignee: simpleUser(world.links, assignee) }),
    repository: simpleRepository(world, repository),
    ...(repository.owner.type === 'Organization' && {
      organization: webhookOrganization(world.links, repository.owner),
    }),
    sender: simpleUser(world.links, accountOf(world, sender.login)),
    installation: { id: installationId, node_id: nodeId('IN', installationId) },
  };
}
