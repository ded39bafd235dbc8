import { accountOf, stamp } from '../state/world.ts';
import type { Commit, Deployment } from '../state/code.ts';
import type { Account, Repository, World } from '../state/world.ts';
import { repositoryPage, repositoryUrl } from './repository.ts';
import { nodeId, sha1, simpleUser } from './user.ts';
import type { Json } from './user.ts';

function gitUser(account: Account, date: string): Json {
  return { name: account.name ?? account.login, email: `${account.login}@users.noreply.github.com`, date };
}

const verification = {
  verified: false,
  reason: 'unsigned',
  payload: null,
  signature: null,
  verified_at: null,
};

function treeOf(world: World, repository: Repository, { sha }: Commit): Json {
  const tree = sha1(`tree ${sha}`);
  return { sha: tree, url: `${repositoryUrl(world, repository)}/git/trees/${tree}` };
}

/** Schema `commit`, without the files; `branch` are the commits of its branch, newest first. */
export function commit(
  world: World,
  repository: Repository,
  source: Commit,
  branch: readonly Commit[] = repository.commits,
): Json {
  const url = repositoryUrl(world, repository);
  const page = repositoryPage(world, repository);
  const account = accountOf(world, source.by);
  const person = gitUser(account, stamp(source.at));
  const parent = branch[branch.indexOf(source) + 1];
  return {
    sha: source.sha,
    node_id: nodeId('C', repository.id),
    url: `${url}/commits/${source.sha}`,
    html_url: `${page}/commit/${source.sha}`,
    comments_url: `${url}/commits/${source.sha}/comments`,
    commit: {
      url: `${url}/git/commits/${source.sha}`,
      author: person,
      committer: person,
      message: source.message,
      comment_count: 0,
      tree: treeOf(world, repository, source),
      verification,
    },
    author: simpleUser(world.links, account),
    committer: simpleUser(world.links, account),
    parents: parent
      ? [{ sha: parent.sha, url: `${url}/commits/${parent.sha}`, html_url: `${page}/commit/${parent.sha}` }]
      : [],
  };
}

/** The commit of schema `file-commit`: as git knows it, without accounts. */
export function fileCommit(
  world: World,
  repository: Repository,
  source: Commit,
  branch: readonly Commit[],
): Json {
  const url = `${repositoryUrl(world, repository)}/git/commits/${source.sha}`;
  const page = `${repositoryPage(world, repository)}/commit/${source.sha}`;
  const person = gitUser(accountOf(world, source.by), stamp(source.at));
  const { parents, ...whole } = commit(world, repository, source, branch);
  return {
    sha: source.sha,
    node_id: whole['node_id'],
    url,
    html_url: page,
    author: person,
    committer: person,
    message: source.message,
    tree: treeOf(world, repository, source),
    parents,
    verification,
  };
}

/** Schema `commit` with its files. A scenario tells which files changed, not how: the line counts are 0. */
export function fullCommit(
  world: World,
  repository: Repository,
  source: Commit,
  branch: readonly Commit[],
): Json {
  const page = repositoryPage(world, repository);
  return {
    ...commit(world, repository, source, branch),
    stats: { total: 0, additions: 0, deletions: 0 },
    files: source.files.map((filename) => {
      const path = filename.split('/').map(encodeURIComponent).join('/');
      return {
        sha: sha1(`${source.sha} ${filename}`),
        filename,
        status: 'modified',
        additions: 0,
        deletions: 0,
        changes: 0,
        blob_url: `${page}/blob/${source.sha}/${path}`,
        raw_url: `${page}/raw/${source.sha}/${path}`,
        contents_url: `${repositoryUrl(world, repository)}/contents/${path}?ref=${source.sha}`,
      };
    }),
  };
}

/** Schema `deployment`. */
export function deployment(world: World, repository: Repository, source: Deployment): Json {
  const url = `${repositoryUrl(world, repository)}/deployments/${source.id}`;
  return {
    url,
    id: source.id,
    node_id: nodeId('DE', source.id),
    sha: source.sha,
    ref: repository.defaultBranch,
    task: 'deploy',
    payload: {},
    original_environment: source.environment,
    environment: source.environment,
    description: null,
    creator: simpleUser(world.links, accountOf(world, source.by)),
    created_at: stamp(source.at),
    updated_at: stamp(source.at),
    statuses_url: `${url}/statuses`,
    repository_url: repositoryUrl(world, repository),
    transient_environment: false,
    production_environment: source.environment === 'production',
    performed_via_github_app: null,
  };
}

/** Schema `deployment-status`. */
export function deploymentStatus(world: World, repository: Repository, source: Deployment): Json {
  const url = `${repositoryUrl(world, repository)}/deployments/${source.id}`;
  return {
    url: `${url}/statuses/${source.statusId}`,
    id: source.statusId,
    node_id: nodeId('DES', source.statusId),
    state: source.state,
    creator: simpleUser(world.links, accountOf(world, source.by)),
    description: '',
    environment: source.environment,
    target_url: `${repositoryPage(world, repository)}/actions`,
    created_at: stamp(source.at),
    updated_at: stamp(source.at),
    deployment_url: url,
    repository_url: repositoryUrl(world, repository),
    performed_via_github_app: null,
  };
}
