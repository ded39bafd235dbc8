import { z } from 'zod';
import { failureStatus, type GitHubRequest, type RepositoryName } from '../core/github-request.ts';
import { RetryLater } from '../core/retry-later.ts';

/** A file that is proposed to a repository as a pull request. */
export interface ProposedFile {
  /** Made where it is not there yet; a file on it is replaced. */
  branch: string;
  path: string;
  text: string;
  /** Of the commit. */
  message: string;
  title: string;
  /** Markdown. */
  body: string;
}

/** How it ended: the pull request, or why there is none. */
export type Proposal = { pull: { number: number; url: string } } | { failure: string };

const repositoryAnswer = z.object({ default_branch: z.string() });
const refAnswer = z.object({ object: z.object({ sha: z.string() }) });
const fileAnswer = z.object({ sha: z.string(), content: z.string().optional() });
const pullAnswer = z.object({ number: z.int().positive(), html_url: z.string() });

/**
 * Proposes a file as a pull request. A second time it brings the file of the same branch up to date, and finds the pull
 * request that is open. What GitHub refuses is told and never thrown: a document that cannot be proposed is no reason for
 * anything else to fail. The App needs write access to contents and pull requests.
 *
 * @throws RetryLater where GitHub asks for a pause: it certainly can be done later.
 */
export async function proposeFile(
  request: GitHubRequest,
  { owner, name: repo }: RepositoryName,
  file: ProposedFile,
): Promise<Proposal> {
  const place = { owner, repo };
  let step = 'the repository was asked for';
  try {
    const { default_branch: base } = repositoryAnswer.parse(
      (await request('GET /repos/{owner}/{repo}', place)).data,
    );
    step = 'the branch was made';
    await makeBranch(request, place, file.branch, base);
    step = 'the file was written';
    await writeFile(request, place, file);
    step = 'the pull request was opened';
    return { pull: await openPull(request, place, file, base) };
  } catch (error) {
    if (error instanceof RetryLater) throw error;
    return { failure: reasonOf(error, step) };
  }
}

type Place = { owner: string; repo: string };

async function makeBranch(request: GitHubRequest, place: Place, branch: string, base: string): Promise<void> {
  const known = await unless404(
    request('GET /repos/{owner}/{repo}/git/ref/{ref}', { ...place, ref: `heads/${branch}` }),
  );
  if (known !== null) return;
  const { data } = await request('GET /repos/{owner}/{repo}/git/ref/{ref}', {
    ...place,
    ref: `heads/${base}`,
  });
  const { sha } = refAnswer.parse(data).object;
  try {
    await request('POST /repos/{owner}/{repo}/git/refs', { ...place, ref: `refs/heads/${branch}`, sha });
  } catch (error) {
    // Somebody, or an attempt whose answer was lost, made it meanwhile.
    if (failureStatus(error) !== 422) throw error;
  }
}

/** Writes the file; one that is there with the same text is left alone. */
async function writeFile(
  request: GitHubRequest,
  place: Place,
  { branch, path, text, message }: ProposedFile,
): Promise<void> {
  const content = Buffer.from(text).toString('base64');
  const found = await unless404(
    request('GET /repos/{owner}/{repo}/contents/{path}', { ...place, path, ref: branch }),
  );
  const before = found === null ? null : fileAnswer.parse(found.data);
  if (before?.content?.replaceAll('\n', '') === content) return;
  await request('PUT /repos/{owner}/{repo}/contents/{path}', {
    ...place,
    path,
    branch,
    message,
    content,
    ...(before === null ? {} : { sha: before.sha }),
  });
}

async function openPull(
  request: GitHubRequest,
  place: Place,
  { branch, title, body }: ProposedFile,
  base: string,
): Promise<{ number: number; url: string }> {
  const { data } = await request('GET /repos/{owner}/{repo}/pulls', {
    ...place,
    state: 'open',
    head: `${place.owner}:${branch}`,
  });
  const [open] = z.array(pullAnswer).parse(data);
  const pull =
    open ??
    pullAnswer.parse(
      (await request('POST /repos/{owner}/{repo}/pulls', { ...place, title, body, head: branch, base })).data,
    );
  return { number: pull.number, url: pull.html_url };
}

async function unless404<Answer>(answer: Promise<Answer>): Promise<Answer | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof RetryLater || failureStatus(error) !== 404) throw error;
    return null;
  }
}

/** One line for people; only a missing permission is something that they can change. */
function reasonOf(error: unknown, step: string): string {
  const status = failureStatus(error);
  if (status === null) return `GitHub gave no answer that could be used when ${step}.`;
  const remedy =
    status === 403
      ? ' The App needs write access to contents and pull requests; docs/postmortems.md says how to grant it.'
      : '';
  return `GitHub answered ${String(status)} when ${step}.${remedy}`;
}
