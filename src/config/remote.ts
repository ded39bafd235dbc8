import { failureStatus, type GitHubRequest, type RepositoryName } from '../core/github-request.ts';

/** Where a repository keeps its configuration. */
export const configurationPath = '.github/sitrep.yml';

/** Remembers the last answer by key, so that an unchanged file costs a 304. */
export interface EtagCache {
  get(key: string): Promise<TaggedAnswer | null>;
  set(key: string, answer: TaggedAnswer): Promise<void>;
}

/** An answer of GitHub, with the tag by which it says that nothing changed. */
interface TaggedAnswer {
  etag: string;
  body: string;
}

/** Where the cache keeps the configuration of a repository. */
export function configurationKey({ owner, name }: RepositoryName): string {
  return `${owner}/${name}/${configurationPath}`.toLowerCase();
}

/** Remembers nothing: for who asks once. */
export const noEtagCache: EtagCache = { get: () => Promise.resolve(null), set: () => Promise.resolve() };

/**
 * The text of the repository's configuration on its default branch, never from a fork or another branch; null
 * where there is no such file.
 *
 * @throws where GitHub does not answer or refuses.
 */
export async function readRemoteConfiguration(
  request: GitHubRequest,
  repository: RepositoryName,
  cache: EtagCache,
): Promise<string | null> {
  const key = configurationKey(repository);
  const known = await cache.get(key);
  try {
    const { data, headers } = await request('GET /repos/{owner}/{repo}/contents/{path}', {
      owner: repository.owner,
      repo: repository.name,
      path: configurationPath,
      headers: {
        accept: 'application/vnd.github.raw+json',
        ...(known === null ? {} : { 'if-none-match': known.etag }),
      },
    });
    const body = String(data);
    if (typeof headers['etag'] === 'string') await cache.set(key, { etag: headers['etag'], body });
    return body;
  } catch (error) {
    const status = failureStatus(error);
    if (status === 304 && known !== null) return known.body;
    if (status === 404) return null;
    throw error;
  }
}
