import type { Handler, RepositoryHandler } from '../call.ts';
import { operations } from '../operations.ts';
import type { OperationId } from '../operations.ts';
import * as app from './app.ts';
import * as comments from './comments.ts';
import * as commits from './commits.ts';
import * as contents from './contents.ts';
import * as deliveries from './deliveries.ts';
import * as deployments from './deployments.ts';
import * as issueList from './issue-list.ts';
import * as issues from './issues.ts';
import * as labels from './labels.ts';
import * as manifest from './manifest.ts';
import * as other from './other.ts';
import * as pulls from './pulls.ts';
import * as reactions from './reactions.ts';
import * as refs from './refs.ts';
import * as repository from './repository.ts';
import * as teams from './teams.ts';

/** Which function answers which operation. */

type RepositoryOperation = {
  [Id in OperationId]: (typeof operations)[Id]['caller'] extends 'repository' ? Id : never;
}[OperationId];

export const ownRoutes: Record<string, Handler> = {
  'apps/create-from-manifest': manifest.convertManifest,
  'apps/get-authenticated': app.getAuthenticated,
  'apps/list-installations': app.listInstallations,
  'apps/get-installation': app.getInstallation,
  'apps/get-repo-installation': app.getRepositoryInstallation,
  'apps/create-installation-access-token': app.createInstallationToken,
  'apps/get-webhook-config-for-app': app.getWebhookConfig,
  'apps/list-webhook-deliveries': deliveries.listDeliveries,
  'apps/get-webhook-delivery': deliveries.getDelivery,
  'apps/redeliver-webhook-delivery': deliveries.redeliver,
  'teams/get-membership-for-user-in-org': teams.getMembership,
  'users/get-authenticated': other.getUser,
  'rate-limit/get': other.getRateLimit,
} satisfies Record<Exclude<OperationId, RepositoryOperation>, Handler>;

export const repositoryRoutes: Record<string, RepositoryHandler> = {
  'repos/get': repository.getRepository,
  'repos/get-collaborator-permission-level': repository.getCollaboratorPermission,
  'repos/get-content': contents.getContent,
  'repos/create-or-update-file-contents': contents.putContent,
  'git/get-ref': refs.getRef,
  'git/create-ref': refs.createRef,
  'repos/list-commits': commits.listCommits,
  'repos/get-commit': commits.getCommit,
  'repos/list-deployments': deployments.listDeployments,
  'repos/list-deployment-statuses': deployments.listDeploymentStatuses,
  'pulls/list': pulls.listPulls,
  'pulls/get': pulls.getPull,
  'pulls/create': pulls.createPull,
  'issues/list-for-repo': issueList.listIssues,
  'issues/create': issues.createIssue,
  'issues/get': issues.getIssue,
  'issues/update': issues.updateIssue,
  'issues/list-comments': comments.listComments,
  'issues/create-comment': comments.addComment,
  'issues/get-comment': comments.getComment,
  'issues/update-comment': comments.updateComment,
  'issues/delete-comment': comments.removeComment,
  'issues/pin-comment': comments.pin,
  'issues/unpin-comment': comments.unpin,
  'issues/list-labels-for-repo': labels.listRepositoryLabels,
  'issues/get-label': labels.getLabel,
  'issues/create-label': labels.addRepositoryLabel,
  'issues/list-labels-on-issue': labels.listIssueLabels,
  'issues/add-labels': labels.addIssueLabels,
  'issues/remove-label': labels.removeIssueLabel,
  'issues/check-user-can-be-assigned': issues.checkAssignee,
  'issues/add-assignees': issues.addAssignees,
  'issues/remove-assignees': issues.removeAssignees,
  'reactions/list-for-issue-comment': reactions.listReactions,
  'reactions/create-for-issue-comment': reactions.addReaction,
  'reactions/delete-for-issue-comment': reactions.removeReaction,
} satisfies Record<RepositoryOperation, RepositoryHandler>;
