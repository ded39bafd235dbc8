import { addLabels } from './labels.ts';
import { demandAssigneeCount, demandIssueText } from './limits.ts';
import { accountOf, commentsOf, nextNumber, roleOf } from './world.ts';
import type { Author, Happening, Issue, Repository, World } from './world.ts';
import type { Delivery } from '../types.ts';

export function openIssue(
  world: World,
  repository: Repository,
  author: Author,
  { title, body, labels }: { title: string; body: string; labels: readonly string[] },
): { issue: Issue; delivery: Delivery | null } {
  demandIssueText(title, body);
  const now = world.clock.now();
  const issue: Issue = {
    id: world.nextId(),
    number: nextNumber(repository),
    title,
    body: body === '' ? null : body,
    author,
    at: now,
    updatedAt: now,
    state: 'open',
    stateReason: null,
    closedAt: null,
    closedBy: null,
    labels: [],
    assignees: [],
    locked: false,
  };
  repository.issues.set(issue.number, issue);
  const delivery = world.announce({ name: 'issues.opened', repository, issue, sender: author });
  addLabels(world, repository, issue, author, labels);
  return { issue, delivery };
}

export function editIssue(
  world: World,
  repository: Repository,
  issue: Issue,
  sender: Author,
  {
    title = issue.title,
    body = issue.body,
  }: { title?: string | undefined; body?: string | null | undefined },
): Delivery | null {
  demandIssueText(title, body ?? '');
  const changes: NonNullable<Happening['changes']> = {};
  if (title !== issue.title) changes['title'] = { from: issue.title };
  if ((body ?? '') !== (issue.body ?? '')) changes['body'] = { from: issue.body ?? '' };
  if (Object.keys(changes).length === 0) return null;
  issue.title = title;
  issue.body = body;
  issue.updatedAt = world.clock.now();
  return world.announce({ name: 'issues.edited', repository, issue, sender, changes });
}

export function closeIssue(
  world: World,
  repository: Repository,
  issue: Issue,
  sender: Author,
  reason: string,
): Delivery | null {
  if (issue.state === 'closed') return null;
  issue.state = 'closed';
  issue.stateReason = reason;
  issue.closedAt = world.clock.now();
  issue.closedBy = sender.login;
  issue.updatedAt = issue.closedAt;
  return world.announce({ name: 'issues.closed', repository, issue, sender });
}

export function reopenIssue(
  world: World,
  repository: Repository,
  issue: Issue,
  sender: Author,
): Delivery | null {
  if (issue.state === 'open') return null;
  issue.state = 'open';
  issue.stateReason = 'reopened';
  issue.closedAt = null;
  issue.closedBy = null;
  issue.updatedAt = world.clock.now();
  return world.announce({ name: 'issues.reopened', repository, issue, sender });
}

/** The issue is gone with its comments; told is the issue as it was. */
export function deleteIssue(
  world: World,
  repository: Repository,
  issue: Issue,
  sender: Author,
): Delivery | null {
  const { number } = issue;
  const delivery = world.announce({ name: 'issues.deleted', repository, issue, sender });
  repository.issues.delete(number);
  repository.deletedIssues.add(number);
  for (const comment of commentsOf(repository, number)) repository.comments.delete(comment.id);
  return delivery;
}

/** Locks the conversation or opens it again; what is so already is told to nobody. */
export function setLocked(
  world: World,
  repository: Repository,
  issue: Issue,
  sender: Author,
  locked: boolean,
): Delivery | null {
  if (issue.locked === locked) return null;
  issue.locked = locked;
  issue.updatedAt = world.clock.now();
  const name = locked ? 'issues.locked' : 'issues.unlocked';
  return world.announce({ name, repository, issue, sender });
}

/** Assigns those who may be; who has no role in the repository is passed over silently, as at GitHub. */
export function assign(
  world: World,
  repository: Repository,
  issue: Issue,
  sender: Author,
  logins: readonly string[],
): (Delivery | null)[] {
  const accounts = logins
    .filter((login) => roleOf(repository, login) !== 'none')
    .map((login) => accountOf(world, login))
    .filter(
      ({ login }, index, all) =>
        !issue.assignees.includes(login) && all.findIndex((a) => a.login === login) === index,
    );
  demandAssigneeCount(issue.assignees.length + accounts.length);
  return accounts.map((assignee) => {
    issue.assignees.push(assignee.login);
    issue.updatedAt = world.clock.now();
    return world.announce({ name: 'issues.assigned', repository, issue, assignee, sender });
  });
}

export function unassign(
  world: World,
  repository: Repository,
  issue: Issue,
  sender: Author,
  logins: readonly string[],
): (Delivery | null)[] {
  const leaving = new Set(logins.map((login) => login.toLowerCase()));
  const assigned = issue.assignees.filter((name) => leaving.has(name.toLowerCase()));
  return assigned.map((login) => {
    const assignee = accountOf(world, login);
    issue.assignees = issue.assignees.filter((name) => name !== login);
    issue.updatedAt = world.clock.now();
    return world.announce({ name: 'issues.unassigned', repository, issue, assignee, sender });
  });
}
