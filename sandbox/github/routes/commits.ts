import type { RepositoryCall, RepositoryHandler } from '../call.ts';
import { notFound, refused } from '../errors.ts';
import { page } from '../paging.ts';
import { commit, fullCommit } from '../shapes/commit.ts';
import type { Commit, Repository } from '../state/world.ts';

/** The commit that a branch or a (shortened) SHA stands for. */
function resolve(repository: Repository, ref: string): Commit | undefined {
  const { commits, defaultBranch } = repository;
  if ([defaultBranch, `heads/${defaultBranch}`, `refs/heads/${defaultBranch}`, 'HEAD'].includes(ref))
    return commits[0];
  return ref.length >= 7 ? commits.find(({ sha }) => sha.startsWith(ref)) : undefined;
}

function touches(source: Commit, path: string): boolean {
  const place = path.replace(/\/+$/, '');
  return source.files.some((file) => file === place || file.startsWith(`${place}/`));
}

function fits(source: Commit, query: URLSearchParams): boolean {
  const [path, author, since, until] = ['path', 'author', 'since', 'until'].map((name) => query.get(name));
  const at = source.at.getTime();
  return (
    (!path || touches(source, path)) &&
    (!author || source.by.toLowerCase() === author.toLowerCase()) &&
    (!since || at >= Date.parse(since)) &&
    (!until || at <= Date.parse(until))
  );
}

function history({ repository, query }: RepositoryCall): Commit[] {
  const ref = query.get('sha') ?? repository.defaultBranch;
  const head = resolve(repository, ref);
  if (!head && query.has('sha') && ref !== repository.defaultBranch) throw notFound();
  return head ? repository.commits.slice(repository.commits.indexOf(head)) : [];
}

export const listCommits: RepositoryHandler = (call) => {
  if (call.query.has('committer')) {
    throw refused(422, 'committer is not modelled', 'The stand-in does not model committer');
  }
  const commits = history(call).filter((source) => fits(source, call.query));
  return page(call, commits, (source) => commit(call.world, call.repository, source));
};

export const getCommit: RepositoryHandler = (call) => {
  const ref = call.path['ref'] ?? '';
  const found = resolve(call.repository, ref);
  if (!found) throw refused(422, `No commit found for SHA: ${ref}`, `commit ${ref}: there is none`);
  return { status: 200, body: fullCommit(call.world, call.repository, found) };
};
