import { z } from 'zod';
import { failureStatus, type GitHubRequest, type RepositoryName } from '../core/github-request.ts';
import { labelSteps, type KeptLabel, type LabelMeaning, type LabelState } from '../core/kept-labels.ts';
import { RetryLater } from '../core/retry-later.ts';

/** How labels look that the repository does not have yet. GitHub allows 100 characters of description. */
const looks: Record<LabelMeaning, { color: string; description: string }> = {
  incident: { color: 'd93f0b', description: 'An incident that Sitrep looks after' },
  P0: { color: 'b60205', description: 'Severity of the incident: the gravest' },
  P1: { color: 'd93f0b', description: 'Severity of the incident: the second of four' },
  P2: { color: 'fbca04', description: 'Severity of the incident: the third of four' },
  P3: { color: 'fef2c0', description: 'Severity of the incident: the least' },
  stage: { color: '0052cc', description: 'How far the incident is; Sitrep keeps it true' },
  regression: { color: 'd93f0b', description: 'An earlier incident that has come back' },
  escalated: { color: 'b60205', description: 'The incident was escalated' },
  'closed-unresolved': {
    color: 'e99695',
    description: 'Closed while its success criteria do not hold',
  },
  finding: { color: '5319e7', description: 'Set and taken away by Sitrep, from what it finds' },
};

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
  /** GitHub does not take the label there. */
  refused(name: string, reason: string): void;
}

/**
 * Brings the labels of an issue to what is wanted: reads them, compares, and writes only what differs. A second call
 * writes nothing, also after one that was broken off. One request where nothing is to be done, none where nothing is kept.
 * A label that GitHub does not take, since its name is too long or the issue has a hundred, is handed to `refused`.
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
  const place = { owner: repository.owner, repo: repository.name, issue_number: issue };
  const { data } = await request('GET /repos/{owner}/{repo}/issues/{issue_number}/labels', {
    ...place,
    per_page: most,
  });
  const steps = labelSteps(kept, namesIn(data));
  // First, since an issue that is full has room then.
  for (const { name } of steps.filter((step) => step.do === 'remove'))
    await removeLabel(request, place, name);
  const added = new Set(steps.filter((step) => step.do === 'add').map(({ name }) => name));
  const toAdd = kept.filter(({ name }) => added.has(name));
  const taken = await addLabels(request, place, toAdd, record);
  for (const { name, after, do: done } of steps) {
    const now = done === 'add' && !taken.has(name) ? 'absent' : after;
    // What was added is noted as being set by now.
    const was = done === 'add' ? 'setting' : kept.find((label) => label.name === name)?.state;
    if (was !== now) await record.note(name, now);
  }
}

interface Place {
  owner: string;
  repo: string;
  issue_number: number;
}

/** Adds what GitHub takes; gives the names of that. */
async function addLabels(
  request: GitHubRequest,
  place: Place,
  labels: readonly KeptLabel[],
  record: LabelRecord,
): Promise<Set<string>> {
  if (labels.length === 0) return new Set();
  // Noted before they are sent: what is there afterwards is ours, also where the answer is lost.
  for (const { name } of labels) await record.note(name, 'setting');
  await makeMissing(request, place, labels);
  const names = labels.map(({ name }) => name);
  if (await isTaken(setLabels(request, place, names))) return new Set(names);
  // One of them is not taken, or there is room for some only.
  const taken = new Set<string>();
  for (const name of names) {
    if (names.length > 1 && (await isTaken(setLabels(request, place, [name])))) taken.add(name);
    else record.refused(name, 'GitHub answered 422');
  }
  return taken;
}

/** GitHub would make a missing label itself, grey and without a word about where it comes from. */
async function makeMissing(
  request: GitHubRequest,
  { owner, repo }: Place,
  labels: readonly KeptLabel[],
): Promise<void> {
  const { data } = await request('GET /repos/{owner}/{repo}/labels', { owner, repo, per_page: most });
  const known = new Set(namesIn(data).map((name) => name.toLowerCase()));
  // What is beyond the first page is answered with 422, as one that somebody else makes at the same time.
  for (const { name, meaning } of labels.filter((label) => !known.has(label.name.toLowerCase())))
    await isTaken(request('POST /repos/{owner}/{repo}/labels', { owner, repo, name, ...looks[meaning] }));
}

async function setLabels(request: GitHubRequest, place: Place, labels: string[]): Promise<void> {
  await request('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', { ...place, labels });
}

function namesIn(data: unknown): string[] {
  return namedLabels.parse(data).map(({ name }) => name);
}

/** Taken away already is as good. */
async function removeLabel(request: GitHubRequest, place: Place, name: string): Promise<void> {
  const route = 'DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}';
  await isTaken(request(route, { ...place, name }), 404);
}

/** False where GitHub answers that it cannot be. */
async function isTaken(answer: Promise<unknown>, otherwise = 422): Promise<boolean> {
  try {
    await answer;
    return true;
  } catch (error) {
    if (error instanceof RetryLater || failureStatus(error) !== otherwise) throw error;
    return false;
  }
}
