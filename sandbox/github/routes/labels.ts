import { z } from 'zod';
import { issueOf } from '../call.ts';
import type { RepositoryCall, RepositoryHandler } from '../call.ts';
import { notFound, validationFailed } from '../errors.ts';
import { page } from '../paging.ts';
import { label } from '../shapes/issue.ts';
import { addLabels, createLabel, removeLabel } from '../state/labels.ts';
import { findLabel } from '../state/world.ts';
import type { Label } from '../state/world.ts';

function shaped(call: RepositoryCall): (source: Label) => unknown {
  return (source) => label(call.world, call.repository, source);
}

export const listRepositoryLabels: RepositoryHandler = (call) =>
  page(call, call.repository.labels, shaped(call));

export const getLabel: RepositoryHandler = (call) => {
  const found = findLabel(call.repository.labels, call.path['name'] ?? '');
  if (!found) throw notFound();
  return { status: 200, body: shaped(call)(found) };
};

const sentLabel = z.object({
  name: z.string(),
  color: z.string().default('ededed'),
  description: z.string().default(''),
});

/** Creating a label that is there already is answered so in the ordinary course: two may race for it. */
export const addRepositoryLabel: RepositoryHandler = (call) => {
  const wanted = sentLabel.parse(call.body);
  if (findLabel(call.repository.labels, wanted.name)) {
    throw validationFailed([{ resource: 'Label', code: 'already_exists', field: 'name' }], null);
  }
  const made = createLabel(call.world, call.repository, wanted);
  return { status: 201, body: shaped(call)(made) };
};

export const listIssueLabels: RepositoryHandler = (call) => page(call, issueOf(call).labels, shaped(call));

const sentNames = z.object({
  labels: z
    .array(z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]))
    .default([]),
});

export const addIssueLabels: RepositoryHandler = (call) => {
  const issue = issueOf(call);
  addLabels(call.world, call.repository, issue, call.author, sentNames.parse(call.body ?? {}).labels);
  return { status: 200, body: issue.labels.map(shaped(call)) };
};

/** 404 where the issue does not carry the label: in the ordinary course, since somebody else may have been first. */
export const removeIssueLabel: RepositoryHandler = (call) => {
  const issue = issueOf(call);
  if (!removeLabel(call.world, call.repository, issue, call.author, call.path['name'] ?? ''))
    throw notFound();
  return { status: 200, body: issue.labels.map(shaped(call)) };
};
