import type { Role } from '../operations.ts';
import { stamp } from '../state/world.ts';
import type { Account, Repository, World } from '../state/world.ts';
import { nodeId, simpleUser } from './user.ts';
import type { Json } from './user.ts';

function repositoryPath(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`;
}

export function repositoryUrl(world: Pick<World, 'links'>, repository: Repository): string {
  return `${world.links.api}/repos/${repositoryPath(repository)}`;
}

export function repositoryPage(world: Pick<World, 'links'>, repository: Repository): string {
  return `${world.links.web}/${repositoryPath(repository)}`;
}

/** Suffix of the repository's URL by field; the fields are those of every repository that GitHub sends. */
const urls = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
};

function counts(repository: Repository): Json {
  const open = [...repository.issues.values()].filter(({ state }) => state === 'open').length;
  return {
    forks_count: 0,
    forks: 0,
    stargazers_count: 0,
    watchers_count: 0,
    watchers: 0,
    size: 0,
    open_issues_count: open,
    open_issues: open,
  };
}

function features(): Json {
  return {
    has_issues: true,
    has_projects: true,
    has_wiki: true,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    is_template: false,
    topics: [],
    allow_forking: false,
    web_commit_signoff_required: false,
    license: null,
    language: null,
    homepage: null,
    mirror_url: null,
    archived: false,
    disabled: false,
  };
}

/** Schema `repository-webhooks`, and what all other repositories have too. */
export function simpleRepository(world: World, repository: Repository): Json {
  const path = repositoryPath(repository);
  const url = repositoryUrl(world, repository);
  const page = repositoryPage(world, repository);
  const pushed = stamp(repository.commits[0]?.at ?? repository.createdAt);
  const host = new URL(world.links.web).host;
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: path,
    private: repository.private,
    visibility: repository.private ? 'private' : 'public',
    owner: simpleUser(world.links, repository.owner),
    html_url: page,
    description: null,
    url,
    ...Object.fromEntries(Object.entries(urls).map(([field, suffix]) => [field, `${url}${suffix}`])),
    created_at: stamp(repository.createdAt),
    updated_at: pushed,
    pushed_at: pushed,
    git_url: `git://${host}/${path}.git`,
    ssh_url: `git@${host}:${path}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    default_branch: repository.defaultBranch,
    fork: repository.fork,
    ...features(),
    ...counts(repository),
  };
}

function permissionsOf(role: Role): Json {
  const strength = { none: 0, read: 1, triage: 2, write: 3, maintain: 4, admin: 5 }[role];
  return {
    admin: strength >= 5,
    maintain: strength >= 4,
    push: strength >= 3,
    triage: strength >= 2,
    pull: strength >= 1,
  };
}

/** Schema `full-repository`; an installation is shown no role. */
export function fullRepository(world: World, repository: Repository, role: Role): Json {
  const organization = repository.owner.type === 'Organization';
  return {
    ...simpleRepository(world, repository),
    permissions: permissionsOf(role),
    subscribers_count: 0,
    network_count: 0,
    ...(organization && { organization: simpleUser(world.links, repository.owner) }),
  };
}

/** `permission` of the older API knows four words; `role_name` tells the role itself. */
const oldWords: Record<Role, string> = {
  admin: 'admin',
  maintain: 'write',
  write: 'write',
  triage: 'read',
  read: 'read',
  none: 'none',
};

/** Schema `repository-collaborator-permission`. */
export function collaboratorPermission(world: World, account: Account, role: Role): Json {
  return {
    permission: oldWords[role],
    role_name: role,
    user: { ...simpleUser(world.links, account), permissions: permissionsOf(role), role_name: role },
  };
}
