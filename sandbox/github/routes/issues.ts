import { z } from 'zod';
import { issueOf, pathNumber } from '../call.ts';
import type { RepositoryCall, RepositoryHandler } from '../call.ts';
import { notFound, refused } from '../errors.ts';
import { demandModelled } from '../modelled.ts';
import { fullIssue } from '../shapes/issue.ts';
import { fullPullIssue } from '../shapes/pull.ts';
import { assign, closeIssue, editIssue, openIssue, reopenIssue, unassign } from '../state/issues.ts';
import { replaceLabels } from '../state/labels.ts';
import { roleOf } from '../state/world.ts';

/** A pull request is an issue as well. */
export const getIssue: RepositoryHandler = (call) => {
  const { world, repository } = call;
  const wanted = pathNumber(call, 'issue_number');
  const pull = repository.pullRequests.find(({ number }) => number === wanted);
  const body = pull ? fullPullIssue(world, repository, pull) : fullIssue(world, repository, issueOf(call));
  return { status: 200, body };
};

const named = (field: 'name' | 'login') =>
  z.union([z.string(), z.object({ [field]: z.string() }).transform((value) => String(value[field]))]);

const newIssue = z.object({
  title: z.union([z.string(), z.number()]).transform(String),
  body: z.string().default(''),
  labels: z.array(named('name')).default([]),
  assignees: z.array(z.string()).default([]),
});

/** GitHub drops labels and assignees of a person who may not set them, and says nothing. */
function demandTriage({ repository, author }: RepositoryCall): void {
  if (author.viaApp || ['triage', 'write', 'maintain', 'admin'].includes(roleOf(repository, author.login)))
    return;
  throw refused(
    422,
    'labels and assignees would be dropped',
    `${author.login} may set neither labels nor assignees: GitHub would drop them silently`,
  );
}

export const createIssue: RepositoryHandler = (call) => {
  const { world, repository, author } = call;
  const sent = z.record(z.string(), z.unknown()).parse(call.body);
  demandModelled(Object.keys(sent), Object.keys(newIssue.shape));
  const { title, body, labels, assignees: logins } = newIssue.parse(sent);
  if (labels.length + logins.length > 0) demandTriage(call);
  const { issue } = openIssue(world, repository, author, { title, body, labels });
  assign(world, repository, issue, author, logins);
  const shaped = fullIssue(world, repository, issue);
  return { status: 201, body: shaped, headers: { location: String(shaped['url']) } };
};

const issueChange = z.object({
  title: z.union([z.string(), z.number()]).transform(String).optional(),
  body: z.string().nullable().optional(),
  state: z.enum(['open', 'closed']).optional(),
  state_reason: z.string().nullable().optional(),
  labels: z.array(named('name')).optional(),
  assignees: z.array(named('login')).optional(),
});

const changeable = Object.keys(issueChange.shape);

/** GitHub ignores a reason that does not belong to the state, or that comes without one. */
function demandReason(state: 'open' | 'closed' | undefined, reason: string | null | undefined): void {
  if (reason === undefined || reason === null) return;
  if (state !== undefined && (reason === 'reopened') === (state === 'open')) return;
  const message = `state_reason ${reason} does not go with ${state ?? 'no'} state`;
  throw refused(422, message, `${message}: GitHub ignores it`);
}

export const updateIssue: RepositoryHandler = (call) => {
  const { world, repository, author } = call;
  const issue = issueOf(call);
  const sent = z.record(z.string(), z.unknown()).parse(call.body ?? {});
  demandModelled(Object.keys(sent), changeable);
  const change = issueChange.parse(sent);
  demandReason(change.state, change.state_reason);
  editIssue(world, repository, issue, author, change);
  if (change.labels) replaceLabels(world, repository, issue, author, change.labels);
  if (change.assignees) {
    const wanted = new Set(change.assignees.map((login) => login.toLowerCase()));
    const leaving = issue.assignees.filter((login) => !wanted.has(login.toLowerCase()));
    unassign(world, repository, issue, author, leaving);
    assign(world, repository, issue, author, change.assignees);
  }
  if (change.state === 'closed')
    closeIssue(world, repository, issue, author, change.state_reason ?? 'completed');
  if (change.state === 'open') reopenIssue(world, repository, issue, author);
  return { status: 200, body: fullIssue(world, repository, issue) };
};

/** 404 of who may not be assigned, in the ordinary course. */
export const checkAssignee: RepositoryHandler = ({ repository, path }) => {
  if (roleOf(repository, path['assignee'] ?? '') === 'none') throw notFound();
  return { status: 204 };
};

const assignees = z.object({ assignees: z.array(named('login')).default([]) });

export const addAssignees: RepositoryHandler = (call) => {
  const issue = issueOf(call);
  assign(call.world, call.repository, issue, call.author, assignees.parse(call.body ?? {}).assignees);
  return { status: 201, body: fullIssue(call.world, call.repository, issue) };
};

export const removeAssignees: RepositoryHandler = (call) => {
  const issue = issueOf(call);
  unassign(call.world, call.repository, issue, call.author, assignees.parse(call.body).assignees);
  return { status: 200, body: fullIssue(call.world, call.repository, issue) };
};
