import { openGitHubAnswers, type GitHubAnswers } from '../collectors/github-answers.ts';
import { changesSince } from '../core/changes-since.ts';
import type { GitHubRequest, RepositoryName } from '../core/github-request.ts';
import type { IncidentState } from '../core/incident/state.ts';
import type { Invocation } from '../core/invocation.ts';

/** Comments asked for at first, and those that may have changed since the update before. */
const commentsAtFirst = 100;
const commentsSince = 20;

/** What the record holds of the issue, as far as the question hangs on it. */
interface Known {
  state: Pick<IncidentState, 'declared' | 'regression'>;
  /** null before the first update. */
  update: object | null;
}

/** Asks, once, all that an update needs to know of its repository and of the incident's issue. */
export function askGitHub(
  { request, now }: { request: GitHubRequest; now: () => Date },
  {
    repository,
    issue,
  }: { repository: RepositoryName; issue: Pick<Invocation['issue'], 'number' | 'url' | 'openedAt'> },
  { state, update }: Known,
): GitHubAnswers {
  return openGitHubAnswers(request, {
    owner: repository.owner,
    name: repository.name,
    page: issue.url.replace(/\/issues\/\d+$/u, ''),
    issue: issue.number,
    since: changesSince(now(), state.declared?.at ?? issue.openedAt),
    earlier: state.regression === null ? [] : [state.regression.of],
    comments: update === null ? commentsAtFirst : commentsSince,
  });
}
