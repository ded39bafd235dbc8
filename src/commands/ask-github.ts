import { openGitHubAnswers, type GitHubAnswers } from '../collectors/github-answers.ts';
import { changesSince } from '../core/changes-since.ts';
import type { GitHubRequest, RepositoryName } from '../core/github-request.ts';
import type { Invocation } from '../core/invocation.ts';
import type { Recollection } from './deps.ts';

/** Comments asked for at first, and those that may have changed since the update before. */
const commentsAtFirst = 100;
const commentsSince = 20;

/** What the record holds of the issue, as far as the question hangs on it. */
interface Known {
  incident: Pick<NonNullable<Recollection['incident']>, 'declaredAt' | 'regressionOf'> | null;
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
  { incident, update }: Known,
): GitHubAnswers {
  const regressionOf = incident?.regressionOf ?? 0;
  return openGitHubAnswers(request, {
    owner: repository.owner,
    name: repository.name,
    page: issue.url.replace(/\/issues\/\d+$/u, ''),
    issue: issue.number,
    since: changesSince(now(), incident?.declaredAt.toISOString() ?? issue.openedAt),
    earlier: regressionOf === 0 ? [] : [regressionOf],
    comments: update === null ? commentsAtFirst : commentsSince,
  });
}
