import { commentsOf, findLabel, nextNumber, roleOf } from './world.ts';
import type { Author, Issue, IssuePlace, Repository, World } from './world.ts';
import type { Delivery } from '../types.ts';

/**
 * Moves an issue to another repository of the same owner, where it is a new one under the next number: open or closed
 * as it was, with its comments, those of its labels that the other repository has, and its assignees who may be there.
 * Both repositories' installations are told.
 *
 * @throws where GitHub offers no transfer: to another owner, or from a private repository to a public one.
 */
export function transferIssue(
  world: World,
  from: IssuePlace,
  to: Repository,
  sender: Author,
): { issue: Issue; delivery: Delivery | null } {
  const { repository, issue } = from;
  if (to === repository || to.owner !== repository.owner)
    throw new Error(
      `an issue of ${repository.name} moves to another repository of ${repository.owner.login}`,
    );
  if (repository.private && !to.private)
    throw new Error(`${repository.name} is private, ${to.name} is not: GitHub moves no issue there`);
  const made: Issue = {
    ...issue,
    id: world.nextId(),
    number: nextNumber(to),
    updatedAt: world.clock.now(),
    labels: issue.labels.flatMap(({ name }) => findLabel(to.labels, name) ?? []),
    assignees: issue.assignees.filter((login) => roleOf(to, login) !== 'none'),
  };
  to.issues.set(made.number, made);
  const movedTo = { repository: to, issue: made };
  const delivery = world.announce({ name: 'issues.transferred', ...from, sender, movedTo });
  world.announce({ name: 'issues.opened', ...movedTo, sender, movedFrom: from });
  for (const comment of commentsOf(repository, issue.number)) {
    repository.comments.delete(comment.id);
    to.comments.set(comment.id, { ...comment, issue: made.number });
  }
  repository.issues.delete(issue.number);
  repository.transferredIssues.set(issue.number, { repositoryId: to.id, number: made.number });
  return { issue: made, delivery };
}
