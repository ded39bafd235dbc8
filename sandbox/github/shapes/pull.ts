import { branchNamed } from '../state/branches.ts';
import type { Opened, PullRequest } from '../state/code.ts';
import { pullAsIssue } from '../state/pulls.ts';
import { accountOf, stamp } from '../state/world.ts';
import type { Repository, World } from '../state/world.ts';
import { authorAssociation, fullIssue, issueUrl } from './issue.ts';
import { repositoryPage, repositoryUrl, simpleRepository } from './repository.ts';
import { nodeId, simpleUser } from './user.ts';
import type { Json } from './user.ts';

function side(world: World, repository: Repository, branch: string): Json {
  return {
    label: `${repository.owner.login}:${branch}`,
    ref: branch,
    sha: branchNamed(world, repository, branch)?.commits[0]?.sha,
    user: simpleUser(world.links, repository.owner),
    repo: simpleRepository(world, repository),
  };
}

/** Schema `issue`, of a pull request. */
export function fullPullIssue(world: World, repository: Repository, pull: PullRequest): Json {
  const { number, mergedAt } = pull;
  const page = `${repositoryPage(world, repository)}/pull/${String(number)}`;
  const merged = mergedAt !== null && mergedAt <= world.clock.now();
  return {
    ...fullIssue(world, repository, pullAsIssue(world, repository, pull)),
    html_url: page,
    pull_request: {
      url: `${repositoryUrl(world, repository)}/pulls/${String(number)}`,
      html_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      merged_at: merged ? stamp(mergedAt) : null,
    },
  };
}

/** Schema `pull-request-simple`. */
export function simplePull(world: World, repository: Repository, pull: Opened): Json {
  const { number, opened } = pull;
  const url = `${repositoryUrl(world, repository)}/pulls/${String(number)}`;
  const page = `${repositoryPage(world, repository)}/pull/${String(number)}`;
  const issue = issueUrl(world, repository, number);
  const head = side(world, repository, opened.head);
  const places = {
    self: url,
    html: page,
    issue,
    comments: `${issue}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${repositoryUrl(world, repository)}/pulls/comments{/number}`,
    commits: `${url}/commits`,
    statuses: `${repositoryUrl(world, repository)}/statuses/${String(head['sha'])}`,
  };
  return {
    id: opened.id,
    node_id: nodeId('PR', opened.id),
    number,
    url,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issue,
    comments_url: places.comments,
    review_comments_url: places.review_comments,
    review_comment_url: places.review_comment,
    commits_url: places.commits,
    statuses_url: places.statuses,
    _links: Object.fromEntries(Object.entries(places).map(([name, href]) => [name, { href }])),
    state: 'open',
    locked: false,
    title: pull.title,
    body: opened.body,
    user: simpleUser(world.links, accountOf(world, pull.by)),
    labels: [],
    milestone: null,
    active_lock_reason: null,
    created_at: stamp(opened.at),
    updated_at: stamp(opened.at),
    closed_at: null,
    merged_at: null,
    merge_commit_sha: null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    head,
    base: side(world, repository, opened.base),
    author_association: authorAssociation(repository, pull.by),
    auto_merge: null,
    draft: opened.draft,
  };
}

/** Schema `pull-request`. A scenario tells which files changed, not how: the line counts are 0. */
export function fullPull(world: World, repository: Repository, pull: Opened): Json {
  const { head, base } = pull.opened;
  const known = branchNamed(world, repository, base)?.commits ?? [];
  const commits = (branchNamed(world, repository, head)?.commits ?? []).filter(
    (commit) => !known.includes(commit),
  );
  return {
    ...simplePull(world, repository, pull),
    merged: false,
    mergeable: null,
    rebaseable: null,
    mergeable_state: 'unknown',
    merged_by: null,
    comments: 0,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: commits.length,
    additions: 0,
    deletions: 0,
    changed_files: new Set(commits.flatMap(({ files }) => files)).size,
  };
}
