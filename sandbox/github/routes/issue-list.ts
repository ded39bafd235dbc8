import type { RepositoryCall, RepositoryHandler } from '../call.ts';
import { demandModelled } from '../modelled.ts';
import { page } from '../paging.ts';
import { fullIssue } from '../shapes/issue.ts';
import { fullPullIssue } from '../shapes/pull.ts';
import { pullAsIssue } from '../state/pulls.ts';
import { commentsOf, findLabel } from '../state/world.ts';
import type { Issue } from '../state/world.ts';

const filters = ['state', 'labels', 'assignee', 'creator', 'since', 'sort', 'direction', 'per_page', 'page'];

function fits(issue: Issue, query: URLSearchParams): boolean {
  const state = query.get('state') ?? 'open';
  const labels = query.get('labels')?.split(',') ?? [];
  const assignee = query.get('assignee');
  const creator = query.get('creator')?.toLowerCase();
  const since = query.get('since');
  return (
    (state === 'all' || issue.state === state) &&
    labels.every((name) => findLabel(issue.labels, name.trim())) &&
    (assignee === null ||
      (assignee === 'none' && issue.assignees.length === 0) ||
      (assignee === '*' && issue.assignees.length > 0) ||
      issue.assignees.some((login) => login.toLowerCase() === assignee.toLowerCase())) &&
    (creator === undefined || issue.author.login.toLowerCase() === creator) &&
    (since === null || issue.updatedAt.getTime() >= Date.parse(since))
  );
}

function sortKey(call: RepositoryCall, issue: Issue): number {
  const sort = call.query.get('sort');
  if (sort === 'comments') return commentsOf(call.repository, issue.number).length;
  return (sort === 'updated' ? issue.updatedAt : issue.at).getTime();
}

/** Pull requests are in the list as well, as GitHub has it: who wants issues alone looks for `pull_request`. */
export const listIssues: RepositoryHandler = (call) => {
  const { world, repository, query } = call;
  demandModelled(query.keys(), filters);
  const sign = query.get('direction') === 'asc' ? 1 : -1;
  const pulls = new Map(repository.pullRequests.map((pull) => [pullAsIssue(world, repository, pull), pull]));
  const listed = [...repository.issues.values(), ...pulls.keys()]
    .filter((issue) => fits(issue, query))
    .toSorted((a, b) => sign * (sortKey(call, a) - sortKey(call, b) || a.number - b.number));
  return page(call, listed, (issue) => {
    const pull = pulls.get(issue);
    return pull ? fullPullIssue(world, repository, pull) : fullIssue(world, repository, issue);
  });
};
