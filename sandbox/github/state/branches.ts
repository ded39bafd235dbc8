import { sha1 } from '../shapes/user.ts';
import type { Branch, Commit } from './code.ts';
import type { Author, Repository, World } from './world.ts';

/** The branch of this name, its commits as of now; undefined where there is none. */
export function branchNamed(world: World, repository: Repository, name: string): Branch | undefined {
  if (name !== repository.defaultBranch) return repository.branches.get(name);
  // A scenario's commits are known before they are made.
  const commits = repository.commits.filter(({ at }) => at <= world.clock.now());
  return { commits, files: repository.files };
}

/** A branch that begins at a commit of another one, with the files of that branch as they are now. */
export function createBranch(repository: Repository, name: string, from: Branch, head: Commit): Branch {
  const branch = {
    commits: from.commits.slice(from.commits.indexOf(head)),
    files: new Map(from.files),
  };
  repository.branches.set(name, branch);
  return branch;
}

/** Commits a file's new text to a branch. */
export function commitFile(
  world: World,
  repository: Repository,
  name: string,
  author: Author,
  change: { path: string; text: string; message: string },
): Commit {
  const { path, text, message } = change;
  const commit: Commit = {
    sha: sha1(`commit ${String(world.nextId())} ${name} ${path}`),
    at: world.clock.now(),
    by: author.login,
    message,
    files: [path],
  };
  const branch = repository.branches.get(name) ?? repository;
  // What comes later in the scenario stays before it: the newest is first.
  const place = branch.commits.findIndex(({ at }) => at <= commit.at);
  branch.commits.splice(place < 0 ? branch.commits.length : place, 0, commit);
  branch.files.set(path, text);
  return commit;
}
