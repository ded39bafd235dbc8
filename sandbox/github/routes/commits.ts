import type { RepositoryCall, RepositoryHandler } from '../call.ts';
import { notFound, refused } from '../errors.ts';
import { page } from '../paging.ts';
import { commit, fullCommit } from '../shapes/commit.ts';
import type { Commit } from '../state/code.ts';
import type { Repository } from '../state/world.ts';

/** A commit, with those of its branch, newest first. */
interface Found {
  head: Commit;
  branch: readonly Commit[];
}

/** The commit that a branch or a (shortened) SHA stands for. */
function resolve(repository: Repository, ref: string): Found | undefined {
  const { commits, branches, defaultBranch } = repository;
  const name = ref === 'HEAD' ? defaultBranch : ref.replace(/^(?:refs\/)?heads\//u, '');
  const branch = name === defaultBranch ? commits : branches.get(name)?.commits;
  if (branch) return branch[0] && { head: branch[0], branch };
  if (ref.length < 7) return undefined;
  for (const holder of [commits, ...[...branches.values()].map((other) => other.commits)]) {
    const head = holder.find(({ sha }) => sha.startsWith(ref));
    if (head) return { head, branch: holder };
  }
  return undefined;
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

/** The commits from where the list begins, and those of the branch. */
function history({ repository, query }: RepositoryCall): { listed: Commit[]; branch: readonly Commit[] } {
  const ref = query.get('sha') ?? repository.defaultBranch;
  const found = resolve(repository, ref);
  if (!found && query.has('sha') && ref !== repository.defaultBranch) throw notFound();
  if (!found) return { listed: [], branch: [] };
  const { head, branch } = found;
  return { listed: branch.slice(branch.indexOf(head)), branch };
}

export const listCommits: RepositoryHandler = (call) => {
  if (call.query.has('committer')) {
    throw refused(422, 'committer is not modelled', 'The stand-in does not model committer');
  }
  const { listed, branch } = history(call);
  const commits = listed.filter((source) => fits(source, call.query));
  return page(call, commits, (source) => commit(call.world, call.repository, source, branch));
};

export const getCommit: RepositoryHandler = (call) => {
  const ref = call.path['ref'] ?? '';
  const found = resolve(call.repository, ref);
  if (!found) throw refused(422, `No commit found for SHA: ${ref}`, `commit ${ref}: there is none`);
  return { status: 200, body: fullCommit(call.world, call.repository, found.head, found.branch) };
};
