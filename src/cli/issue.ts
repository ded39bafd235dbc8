import { z } from 'zod';
import type { Configuration } from '../config/repository.schema.ts';
import type { GitHubRequest, RepositoryName } from '../core/github-request.ts';
import { severityOf } from '../core/severity.ts';
import type { IncidentFacts } from '../core/snapshot.ts';
import { answered } from './github.ts';
import { InputError } from './io.ts';

/** An issue, as far as an update needs it. */
export interface Issue {
  repository: RepositoryName;
  number: number;
  title: string;
  url: string;
  openedAt: string;
  comments: number;
  labels: string[];
  /** Whether everybody can read it. */
  public: boolean;
}

const issueAnswer = z.object({
  title: z.string(),
  html_url: z.string(),
  created_at: z.string(),
  comments: z.int(),
  labels: z.array(z.union([z.string(), z.object({ name: z.string() })])),
  pull_request: z.unknown().optional(),
});
const repositoryAnswer = z.object({ private: z.boolean() });

/** Reads an issue. @throws InputError where there is none, or where it is a pull request. */
export async function readIssue(
  { request, api }: { request: GitHubRequest; api: string },
  repository: RepositoryName,
  number: number,
): Promise<Issue> {
  const name = `${repository.owner}/${repository.name}`;
  const place = { owner: repository.owner, repo: repository.name };
  const isPublic = await answered(
    request('GET /repos/{owner}/{repo}', place).then(({ data }) => !repositoryAnswer.parse(data).private),
    {
      api,
      repository,
      missing: `there is no repository ${name}, or the token in GITHUB_TOKEN may not see it`,
    },
  );
  const issue = await answered(
    request('GET /repos/{owner}/{repo}/issues/{issue_number}', { ...place, issue_number: number }).then(
      ({ data }) => issueAnswer.parse(data),
    ),
    { api, repository, missing: `there is no issue ${String(number)} in ${name}` },
  );
  if (issue.pull_request !== undefined && issue.pull_request !== null)
    throw new InputError(`${name}#${String(number)} is a pull request; name the issue of the incident`);
  return {
    repository,
    number,
    title: issue.title,
    url: issue.html_url,
    openedAt: new Date(issue.created_at).toISOString(),
    comments: issue.comments,
    labels: issue.labels.map((label) => (typeof label === 'string' ? label : label.name)),
    public: isPublic,
  };
}

/** What the issue alone says of the incident; the record of the server is not at hand here. */
export function factsOf(issue: Issue, configuration: Configuration): IncidentFacts {
  return {
    repository: `${issue.repository.owner}/${issue.repository.name}`,
    public: issue.public,
    issue: issue.number,
    url: issue.url,
    title: issue.title,
    severity: severityOf(issue.labels, configuration),
    stage: 'investigating',
    declaredAt: issue.openedAt,
    lead: null,
    regressionOf: 0,
  };
}
