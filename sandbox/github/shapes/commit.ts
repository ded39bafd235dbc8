import { accountOf, stamp } from '../state/world.ts';
import type { Account, Commit, Deployment, Repository, World } from '../state/world.ts';
import { repositoryPage, repositoryUrl } from './repository.ts';
import { nodeId, sha1, simpleUser } from './user.ts';
import type { Json } from './user.ts';

function gitUser(account: Account, date: string): Json {
  return { name: account.name ?? account.login, email: `${account.login}@users.noreply.github.com`, date };
}

/** Schema `commit`, without the files. */
export function commit(world: World, repository: Repository, source: Commit): Json {
  const url = repositoryUrl(world, repository);
  const page = repositoryPage(world, repository);
  const account = accountOf(world, source.by);
  const person = gitUser(account, stamp(source.at));
  const parent = repository.commits[repository.commits.indexOf(source) + 1];
  const tree = sha1(`tree ${source.sha}`);
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
      tree: { sha: tree, url: `${url}/git/trees/${tree}` },
      verification: {
        verified: false,
        reason: 'unsigned',
        payload: null,
        signature: null,
        verified_at: null,
      },
    },
    author: simpleUser(world.links, account),
    committer: simpleUser(world.links, account),
    parents: parent
      ? [{ sha: parent.sha, url: `${url}/commits/${parent.sha}`, html_url: `${page}/commit/${parent.sha}` }]
      : [],
  };
}

/** Schema `commit` with its files. A scenario tells which files changed, not how: the line counts are 0. */
export function fullCommit(world: World, repository: Repository, source: Commit): Json {
  const page = repositoryPage(world, repository);
  return {
    ...commit(world, repository, source),
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
