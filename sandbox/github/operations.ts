/**
 * The operations of GitHub's REST API that the stand-in answers: who may call each, the App permission that it
 * needs, and the role that a person's own token needs. Permissions are those of GitHub's page "Permissions
 * required for GitHub Apps" and of each operation's own page; names are the operation ids of GitHub's
 * description. `scripts/descriptions/github.ts` trims the description to this list.
 */

type Level = 'read' | 'write';

/** Roles of a repository, weakest first. */
export const roles = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Alternatives as GitHub names them; the first decides here, since conversations of pull requests are not modelled. */
export type Permissions = readonly (readonly [permission: string, level: Level])[];

export interface Operation {
  /**
   * `app`: the App's JWT; `repository`: an installation's or a person's token; `organization`: an installation's;
   * `user`: a person's; `any`: each of these; `nobody`: it takes no token.
   */
  caller: 'app' | 'repository' | 'organization' | 'user' | 'any' | 'nobody';
  permissions: Permissions;
  /** Least role of a person who calls it with a token of their own. */
  role: Role;
}

type OperationOf<Caller extends Operation['caller']> = Operation & { caller: Caller };

const app: OperationOf<'app'> = { caller: 'app', permissions: [], role: 'none' };

function repository(role: Role, ...permissions: Permissions): OperationOf<'repository'> {
  return { caller: 'repository', permissions, role };
}

const metadata = repository('read', ['metadata', 'read']);
const contents = repository('read', ['contents', 'read']);
const contentsWrite = repository('write', ['contents', 'write']);
const pulls = repository('read', ['pull_requests', 'read']);
const deployments = repository('read', ['deployments', 'read']);
const issuesRead = repository('read', ['issues', 'read'], ['pull_requests', 'read']);
const issuesWrite = repository('read', ['issues', 'write'], ['pull_requests', 'write']);
const issuesTriage = repository('triage', ['issues', 'write'], ['pull_requests', 'write']);

export const operations = {
  'apps/create-from-manifest': { caller: 'nobody', permissions: [], role: 'none' },
  'apps/get-authenticated': app,
  'apps/list-installations': app,
  'apps/get-installation': app,
  'apps/get-repo-installation': app,
  'apps/create-installation-access-token': app,
  'apps/get-webhook-config-for-app': app,
  'apps/list-webhook-deliveries': app,
  'apps/get-webhook-delivery': app,
  'apps/redeliver-webhook-delivery': app,
  'repos/get': metadata,
  'repos/get-collaborator-permission-level': metadata,
  'repos/get-content': contents,
  'repos/create-or-update-file-contents': contentsWrite,
  'git/get-ref': contents,
  'git/create-ref': contentsWrite,
  'repos/list-commits': contents,
  'repos/get-commit': contents,
  'repos/list-deployments': deployments,
  'repos/list-deployment-statuses': deployments,
  'pulls/list': pulls,
  'pulls/get': pulls,
  'pulls/create': repository('write', ['pull_requests', 'write']),
  'issues/list-for-repo': issuesRead,
  'issues/create': repository('read', ['issues', 'write']),
  'issues/get': issuesRead,
  'issues/update': issuesTriage,
  'issues/list-comments': issuesRead,
  'issues/create-comment': issuesWrite,
  'issues/get-comment': issuesRead,
  'issues/update-comment': issuesWrite,
  'issues/delete-comment': issuesWrite,
  'issues/pin-comment': repository('triage', ['issues', 'write']),
  'issues/unpin-comment': repository('triage', ['issues', 'write']),
  'issues/list-labels-for-repo': issuesRead,
  'issues/get-label': issuesRead,
  'issues/create-label': repository('write', ['issues', 'write'], ['pull_requests', 'write']),
  'issues/list-labels-on-issue': issuesRead,
  'issues/add-labels': issuesTriage,
  'issues/remove-label': issuesTriage,
  'issues/check-user-can-be-assigned': issuesRead,
  'issues/add-assignees': issuesTriage,
  'issues/remove-assignees': issuesTriage,
  'reactions/list-for-issue-comment': issuesRead,
  'reactions/create-for-issue-comment': issuesWrite,
  'reactions/delete-for-issue-comment': issuesWrite,
  'teams/get-membership-for-user-in-org': {
    caller: 'organization',
    permissions: [['members', 'read']],
    role: 'none',
  },
  'users/get-authenticated': { caller: 'user', permissions: [], role: 'none' },
  'rate-limit/get': { caller: 'any', permissions: [], role: 'none' },
} satisfies Record<string, Operation>;

export type OperationId = keyof typeof operations;

/** The webhooks that the stand-in sends, as `event.action`. */
export const webhookNames = [
  'issues.opened',
  'issues.edited',
  'issues.labeled',
  'issues.unlabeled',
  'issues.assigned',
  'issues.unassigned',
  'issues.closed',
  'issues.reopened',
  'issues.locked',
  'issues.unlocked',
  'issues.transferred',
  'issues.deleted',
  'issue_comment.created',
  'issue_comment.edited',
  'issue_comment.deleted',
  'issue_comment.pinned',
  'issue_comment.unpinned',
] as const;

export type WebhookName = (typeof webhookNames)[number];
