import { accountOf, commentsOf, stamp, stampOrNull } from '../state/world.ts';
import type { Issue, Label, Reaction, Repository, World } from '../state/world.ts';
import { integrationOfIssue } from './app.ts';
import { repositoryPage, repositoryUrl } from './repository.ts';
import { nodeId, simpleUser } from './user.ts';
import type { Json } from './user.ts';

/** Schema `label`. */
export function label(world: World, repository: Repository, source: Label): Json {
  return {
    id: source.id,
    node_id: nodeId('LA', source.id),
    url: `${repositoryUrl(world, repository)}/labels/${encodeURIComponent(source.name)}`,
    name: source.name,
    color: source.color,
    default: false,
    description: source.description,
  };
}

/** Schema `reaction-rollup`. */
export function reactionRollup(url: string, reactions: readonly Reaction[]): Json {
  const contents = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'];
  return {
    url: `${url}/reactions`,
    total_count: reactions.length,
    ...Object.fromEntries(
      contents.map((content) => [
        content,
        reactions.filter((reaction) => reaction.content === content).length,
      ]),
    ),
  };
}

/**
 * Never to be relied on for rights: whoever belongs to the organisation without showing it publicly stands there
 * as CONTRIBUTOR or NONE, so that is what everybody but the owner is here.
 */
export function authorAssociation(repository: Repository, login: string): string {
  if (repository.owner.login.toLowerCase() === login.toLowerCase()) return 'OWNER';
  return repository.commits.some(({ by }) => by.toLowerCase() === login.toLowerCase())
    ? 'CONTRIBUTOR'
    : 'NONE';
}

export function issueUrl(world: World, repository: Repository, number: number): string {
  return `${repositoryUrl(world, repository)}/issues/${number}`;
}

export function issuePage(world: World, repository: Repository, number: number): string {
  return `${repositoryPage(world, repository)}/issues/${number}`;
}

/** An issue as webhooks carry it; in the API it has `closed_by` besides. */
export function webhookIssue(world: World, repository: Repository, issue: Issue): Json {
  const url = issueUrl(world, repository, issue.number);
  const user = (login: string) => simpleUser(world.links, accountOf(world, login));
  const [first] = issue.assignees;
  return {
    id: issue.id,
    node_id: nodeId('I', issue.id),
    number: issue.number,
    title: issue.title,
    body: issue.body,
    user: user(issue.author.login),
    state: issue.state,
    state_reason: issue.stateReason,
    labels: issue.labels.map((source) => label(world, repository, source)),
    assignee: first === undefined ? null : user(first),
    assignees: issue.assignees.map(user),
    milestone: null,
    locked: issue.locked,
    active_lock_reason: null,
    comments: commentsOf(repository, issue.number).length,
    created_at: stamp(issue.at),
    updated_at: stamp(issue.updatedAt),
    closed_at: stampOrNull(issue.closedAt),
    author_association: authorAssociation(repository, issue.author.login),
    performed_via_github_app: issue.author.viaApp ? integrationOfIssue(world) : null,
    reactions: reactionRollup(url, []),
    url,
    repository_url: repositoryUrl(world, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: issuePage(world, repository, issue.number),
  };
}

/** Schema `issue`. */
export function fullIssue(world: World, repository: Repository, issue: Issue): Json {
  return {
    ...webhookIssue(world, repository, issue),
    closed_by: issue.closedBy === null ? null : simpleUser(world.links, accountOf(world, issue.closedBy)),
  };
}
