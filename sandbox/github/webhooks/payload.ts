import { accountOf } from '../state/world.ts';
import type { Happening, World } from '../state/world.ts';
import { issueComment } from '../shapes/comment.ts';
import { label, webhookIssue } from '../shapes/issue.ts';
import { simpleRepository } from '../shapes/repository.ts';
import { nodeId, simpleUser, webhookOrganization } from '../shapes/user.ts';
import type { Json } from '../shapes/user.ts';

/** What changed: texts as they were, or where an issue went or came from in a transfer. */
function changesOf(world: World, { changes, movedTo, movedFrom }: Happening): Json | undefined {
  if (movedTo)
    return {
      new_issue: webhookIssue(world, movedTo.repository, movedTo.issue),
      new_repository: simpleRepository(world, movedTo.repository),
    };
  if (movedFrom)
    return {
      old_issue: webhookIssue(world, movedFrom.repository, movedFrom.issue),
      old_repository: simpleRepository(world, movedFrom.repository),
    };
  return changes;
}

/** The payload of a webhook to the App, as things stand now. */
export function webhookPayload(world: World, happening: Happening): Json {
  const { name, repository, sender, issue, comment, assignee } = happening;
  const changes = changesOf(world, happening);
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
