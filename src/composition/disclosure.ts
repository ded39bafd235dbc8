import { z } from 'zod';
import type { GitHubAnswers } from '../collectors/github-answers.ts';
import { grantsFor, noGrants } from '../config/policy.ts';
import type { Policy } from '../config/policy.schema.ts';
import type { Disclosure } from '../core/disclosure.ts';
import type { GitHubRequest, RepositoryName } from '../core/github-request.ts';
import type { Invocation } from '../core/invocation.ts';
import type { Visibility } from './visibility.ts';

/**
 * How much updates of this call may show; null for nothing, where a public repository is granted nothing. What a webhook
 * says of a private repository may be old, so GitHub is asked again: by the question of a look where there is one, which
 * costs no further request. Where that has no answer, the repository itself is asked for.
 *
 * @throws where GitHub does not answer: no answer is not a yes.
 */
export async function disclosureOf(
  { policy, request, visibility }: { policy: Policy | null; request: GitHubRequest; visibility: Visibility },
  { repository }: Pick<Invocation, 'repository'>,
  github?: GitHubAnswers,
): Promise<Disclosure | null> {
  const hidden = disclosureInPublic(policy, repository);
  if (hidden === 'full') return hidden;
  if (repository.asked === true) visibility.told(repository.id, repository.private);
  if (!repository.private) return hidden;
  if (repository.asked === true) return 'full';
  const isPrivate = (await toldInAnswer(github)) ?? (await isPrivateNow(request, repository));
  visibility.told(repository.id, isPrivate);
  return isPrivate ? 'full' : hidden;
}

/** How much updates may show while the repository is public; null for nothing. */
export function disclosureInPublic(
  policy: Policy | null,
  { owner, name }: RepositoryName,
): Disclosure | null {
  const grants = grantsFor(policy, `${owner}/${name}`);
  if (grants.public === 'full') return 'full';
  return grants === noGrants ? null : 'redacted';
}

const repositoryAnswer = z.object({ private: z.boolean() });

/** Whether GitHub shows the repository to those alone who have access, as of now. @throws where GitHub does not answer. */
export async function isPrivateNow(
  request: GitHubRequest,
  { owner, name }: RepositoryName,
): Promise<boolean> {
  const { data } = await request('GET /repos/{owner}/{repo}', { owner, repo: name });
  return repositoryAnswer.parse(data).private;
}

const referred = z.object({ isPrivate: z.boolean() });

async function toldInAnswer(github: GitHubAnswers | undefined): Promise<boolean | null> {
  if (github === undefined || github.issue === null) return null;
  try {
    const part = referred.safeParse((await github.answer()).part('referred'));
    return part.success ? part.data.isPrivate : null;
  } catch {
    // Other readers of the answer tell why there is none.
    return null;
  }
}
