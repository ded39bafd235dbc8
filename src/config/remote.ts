import { failureStatus, type GitHubRequest, type RepositoryName } from '../core/github-request.ts';

/** Where a repository keeps its configuration. */
export const configurationPath = '.github/sitrep.yml';

/** Remembers the last answer by URL, so that an unchanged file costs a 304. */
export interface EtagCache {
  get(key: string): { etag: string; body: string } | undefined;
  set(key: string, entry: { etag: string; body: string }): void;
}

/** The newest `limit` entries, in memory. */
export function createEtagCache(limit: number): EtagCache {
  const entries = new Map<string, { etag: string; body: string }>();
  return {
    get: (key) => entries.get(key),
    set: (key, entry) => {
      entries.delete(key);
      entries.set(key, entry);
      const oldest = entries.keys().next();
      if (entries.size > limit && oldest.done !== true) entries.delete(oldest.value);
    },
  };
}

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
  const key = `${repository.owner}/${repository.name}`.toLowerCase();
  const known = cache.get(key);
  try {
    const { data, headers } = await request('GET /repos/{owner}/{repo}/contents/{path}', {
      owner: repository.owner,
      repo: repository.name,
      path: configurationPath,
      headers: {
        accept: 'application/vnd.github.raw+json',
        ...(known === undefined ? {} : { 'if-none-match': known.etag }),
      },
    });
    const body = String(data);
    if (typeof headers['etag'] === 'string') cache.set(key, { etag: headers['etag'], body });
    return body;
  } catch (error) {
    const status = failureStatus(error);
    if (status === 304 && known !== undefined) return known.body;
    if (status === 404) return null;
    throw error;
  }
}
