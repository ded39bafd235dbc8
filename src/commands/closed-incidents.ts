import { z } from 'zod';
import type { GitHubRequest, RepositoryName } from '../core/github-request.ts';
import type { IssueComment, IssueToRead } from '../core/regression/read-issue.ts';

/** An issue in a list of GitHub's. */
export interface ListedIssue {
  issue: number;
  title: string;
  url: string;
  openedAt: string;
  /** Null while it is open. */
  closedAt: string | null;
  updatedAt: Date;
  labels: string[];
  body: string;
  comments: number;
}

const listedAnswer = z.array(
  z.object({
    number: z.int(),
    title: z.string(),
    html_url: z.string(),
    created_at: z.string(),
    closed_at: z.string().nullable(),
    updated_at: z.string(),
    body: z.string().nullish(),
    comments: z.int(),
    labels: z.array(z.union([z.string(), z.object({ name: z.string() })])),
    pull_request: z.unknown().optional(),
  }),
);
const commentsAnswer = z.array(z.object({ body: z.string().nullish(), created_at: z.string() }));

/** What is listed: issues with one label, those first that changed last. GitHub's filter by several labels asks for all of them. */
export interface IssueList {
  label: string;
  /** From 1. */
  page: number;
  perPage: number;
  /** Only what changed since, closed or opened again; null for all that are closed. */
  since: Date | null;
}

/** A page of issues, without pull requests; `last` says that there is no other. @throws where GitHub does not answer. */
export async function listIncidentIssues(
  request: GitHubRequest,
  { owner, name }: RepositoryName,
  { label, page, perPage, since }: IssueList,
): Promise<{ issues: ListedIssue[]; last: boolean }> {
  const { data } = await request('GET /repos/{owner}/{repo}/issues', {
    owner,
    repo: name,
    labels: label,
    sort: 'updated',
    direction: 'desc',
    per_page: perPage,
    page,
    ...(since === null ? { state: 'closed' } : { state: 'all', since: since.toISOString() }),
  });
  const listed = listedAnswer.parse(data);
  const issues = listed.filter(({ pull_request: pull }) => pull === undefined || pull === null);
  return { issues: issues.map(listedIssue), last: listed.length < perPage };
}

function listedIssue(found: z.infer<typeof listedAnswer>[number]): ListedIssue {
  return {
    issue: found.number,
    title: found.title,
    url: found.html_url,
    openedAt: new Date(found.created_at).toISOString(),
    closedAt: found.closed_at === null ? null : new Date(found.closed_at).toISOString(),
    updatedAt: new Date(found.updated_at),
    labels: found.labels.map((label) => (typeof label === 'string' ? label : label.name)),
    body: found.body ?? '',
    comments: found.comments,
  };
}

/** Comments read of an issue: what went wrong is told in the first ones. */
const mostComments = 100;

/** Our own comments hold what was measured then, and lines of other incidents that were alike. */
const ours = /<!-- sitrep:[\da-f-]{36} -->\s*$/;

/** The issue with its first comments, redacted, without our own. @throws where GitHub does not answer. */
export async function readListedIssue(
  request: GitHubRequest,
  { owner, name }: RepositoryName,
  listed: ListedIssue,
  redact: (text: string) => Promise<string>,
): Promise<IssueToRead> {
  const { issue, title, body, url, openedAt, closedAt, labels, comments } = listed;
  const said = comments === 0 ? [] : await commentsOf(request, { owner, name }, issue);
  return {
    issue,
    url,
    openedAt,
    closedAt,
    labels,
    title: await redact(title),
    body: await redact(body),
    comments: await Promise.all(said.map(async ({ at, text }) => ({ at, text: await redact(text) }))),
  };
}

async function commentsOf(
  request: GitHubRequest,
  { owner, name }: RepositoryName,
  issue: number,
): Promise<IssueComment[]> {
  const { data } = await request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    owner,
    repo: name,
    issue_number: issue,
    per_page: mostComments,
  });
  return commentsAnswer
    .parse(data)
    .flatMap(({ body, created_at: at }) =>
      body && !ours.test(body) ? [{ at: new Date(at).toISOString(), text: body }] : [],
    );
}
