import { z } from 'zod';
import type { RepositoryHandler } from '../call.ts';
import { notFound, refused } from '../errors.ts';
import { repositoryUrl } from '../shapes/repository.ts';
import { nodeId } from '../shapes/user.ts';
import type { Json } from '../shapes/user.ts';
import { branchNamed, createBranch } from '../state/branches.ts';
import type { Branch, Commit } from '../state/code.ts';
import type { Repository, World } from '../state/world.ts';

/** References of git: branches alone, tags are not modelled. */

const prefix = 'heads/';

/** Schema `git-ref`. */
function gitRef(world: World, repository: Repository, branch: string, { sha }: Commit): Json {
  const url = `${repositoryUrl(world, repository)}/git`;
  return {
    ref: `refs/heads/${branch}`,
    node_id: nodeId('REF', repository.id),
    url: `${url}/refs/heads/${branch.split('/').map(encodeURIComponent).join('/')}`,
    object: { type: 'commit', sha, url: `${url}/commits/${sha}` },
  };
}

export const getRef: RepositoryHandler = ({ world, repository, path }) => {
  const ref = path['ref'] ?? '';
  if (ref.startsWith('refs/')) throw refused(404, 'Not Found', `git/ref/${ref}: the path begins after refs/`);
  if (!ref.startsWith(prefix)) throw refused(404, 'Not Found', `git/ref/${ref}: branches only are modelled`);
  const name = ref.slice(prefix.length);
  const branch = branchNamed(world, repository, name);
  if (!branch) throw notFound();
  const [head] = branch.commits;
  if (!head) throw refused(409, 'Git Repository is empty.', `git/ref/${ref}: no commit is there yet`);
  return { status: 200, body: gitRef(world, repository, name, head) };
};

/** The commit of this id, with a branch that holds it. */
function commitOf(
  world: World,
  repository: Repository,
  sha: string,
): { branch: Branch; commit: Commit } | undefined {
  for (const name of [repository.defaultBranch, ...repository.branches.keys()]) {
    const branch = branchNamed(world, repository, name);
    const commit = branch?.commits.find((other) => other.sha === sha);
    if (branch && commit) return { branch, commit };
  }
  return undefined;
}

/** Characters that git allows in no name of a branch, or that GitHub's own rules exclude. */
const badName = /^[-/.]|[\s~^:?*[\\\p{Cc}]|\.\.|@\{|\/\/|\/\.|[/.]$|\.lock(?:\/|$)/u;

const sentRef = z.object({ ref: z.string(), sha: z.string() });

/** That a branch is there already is answered in the ordinary course: a second try finds what the first one made. */
export const createRef: RepositoryHandler = ({ world, repository, body }) => {
  const { ref, sha } = sentRef.parse(body);
  if (!ref.startsWith(`refs/${prefix}`))
    throw refused(422, 'Reference name must start with refs/heads/ here', `ref ${ref}: it is no branch`);
  const name = ref.slice(`refs/${prefix}`.length);
  if (name === '' || badName.test(name))
    throw refused(422, `${ref} is not a valid ref name.`, `ref ${ref}: git allows no such name`);
  const found = commitOf(world, repository, sha);
  if (!found) throw refused(422, 'Object does not exist', `sha ${sha}: no branch has this commit`);
  if (branchNamed(world, repository, name)) throw refused(422, 'Reference already exists', null);
  createBranch(repository, name, found.branch, found.commit);
  return { status: 201, body: gitRef(world, repository, name, found.commit) };
};
