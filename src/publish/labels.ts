import { z } from 'zod';
import { failureStatus, type GitHubRequest, type RepositoryName } from '../core/github-request.ts';
import { labelSteps, type KeptLabel, type LabelState } from '../core/kept-labels.ts';
import { RetryLater } from '../core/retry-later.ts';

/** How a label looks that the repository does not have yet. GitHub allows 100 characters of description. */
const look = { color: '5319e7', description: 'Set and taken away by Sitrep, from what it finds' };

/** Labels of an issue at most (docs.github.com, "Managing labels"), and a page. */
const most = 100;

const namedLabels = z.array(z.object({ name: z.string() }));

export interface LabelPlace {
  repository: RepositoryName;
  issue: number;
}

/** The record of the labels that are kept on one issue. */
export interface LabelRecord {
  kept(): Promise<KeptLabel[]>;
  note(name: string, state: LabelState): Promise<void>;
}

/**
 * Brings the labels of an issue to what is wanted: reads them, compares, and writes only what differs. A second call
 * writes nothing, also after one that was broken off. One request where nothing is to be done, none where nothing is kept.
 *
 * @throws where a later try may succeed.
 */
export async function keepLabels(
  request: GitHubRequest,
  { repository, issue }: LabelPlace,
  record: LabelRecord,
): Promise<void> {
  const kept = await record.kept();
  if (kept.every(({ wanted, state }) => !wanted && state === 'absent')) return;
  const place = { owner: repository.owner, repo: repository.name };
  const { data } = await request('GET /repos/{owner}/{repo}/issues/{issue_number}/labels', {
    ...place,
    issue_number: issue,
    per_page: most,
  });
  const steps = labelSteps(kept, namesIn(data));
  const added = steps.filter((step) => step.do === 'add').map(({ name }) => name);
  if (added.length > 0) {
    // Noted before they are sent: what is there afterwards is ours, also where the answer is lost.
    for (const name of added) await record.note(name, 'setting');
    await addLabels(request, place, issue, added);
  }
  for (const step of steps) {
    if (step.do === 'remove') await removeLabel(request, place, issue, step.name);
    if (kept.some(({ name, state }) => name === step.name && state !== step.after))
      await record.note(step.name, step.after);
  }
}

interface Place {
  owner: string;
  repo: string;
}

async function addLabels(
  request: GitHubRequest,
  place: Place,
  issue: number,
  names: string[],
): Promise<void> {
  const { data } = await request('GET /repos/{owner}/{repo}/labels', { ...place, per_page: most });
  const known = new Set(namesIn(data).map((name) => name.toLowerCase()));
  // GitHub would make a missing label itself, grey and without a word about where it comes from. What is beyond the
  // first page is answered with 422, as one that somebody else makes at the same time.
  for (const name of names.filter((one) => !known.has(one.toLowerCase())))
    await unless(422, request('POST /repos/{owner}/{repo}/labels', { ...place, name, ...look }));
  await request('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', {
    ...place,
    issue_number: issue,
    labels: names,
  });
}

function namesIn(data: unknown): string[] {
  return namedLabels.parse(data).map(({ name }) => name);
}

/** Taken away already is as good. */
async function removeLabel(request: GitHubRequest, place: Place, issue: number, name: string): Promise<void> {
  const route = 'DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}';
  await unless(404, request(route, { ...place, issue_number: issue, name }));
}

async function unless(status: number, answer: Promise<unknown>): Promise<void> {
  try {
    await answer;
  } catch (error) {
    if (error instanceof RetryLater || failureStatus(error) !== status) throw error;
  }
}
