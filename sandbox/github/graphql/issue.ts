import { issuePage } from '../shapes/issue.ts';
import { commentsOf, stamp } from '../state/world.ts';
import type { Comment, Issue, Repository } from '../state/world.ts';
import { account } from './account.ts';
import { pullRequestNode } from './commit.ts';
import { connection, pagingArguments } from './connection.ts';
import type { Paging } from './connection.ts';
import { demandRead, heedOnly } from './context.ts';
import type { GraphqlContext } from './context.ts';
import { repositoryFacts } from './repository-facts.ts';

type CommentPaging = Paging & { orderBy?: { direction: string } | null };
type TimelinePaging = Paging & { itemTypes?: string[] | null };

/** Type `Issue`. */
export function issueNode(repository: Repository, source: Issue, context: GraphqlContext) {
  return {
    __typename: 'Issue',
    number: source.number,
    title: source.title,
    url: issuePage(context.world, repository, source.number),
    state: source.state.toUpperCase(),
    repository: repositoryFacts(repository),
    comments: (given: CommentPaging) => comments(repository, source, context, given),
    timelineItems: (given: TimelinePaging) => {
      heedOnly(context, given, [...pagingArguments, 'itemTypes']);
      const wanted = given.itemTypes ?? [];
      const items = [
        ...(wanted.includes('CROSS_REFERENCED_EVENT') ? references(repository, source, context) : []),
        ...(wanted.includes('CLOSED_EVENT') ? closings(repository, source, context) : []),
      ];
      return connection(context, given, items, (item) => item);
    },
  };
}

/** Comments, lagging like GitHub's own lists; by the time of their last change where that is asked for. */
function comments(repository: Repository, issue: Issue, context: GraphqlContext, given: CommentPaging) {
  heedOnly(context, given, [...pagingArguments, 'orderBy']);
  const { world } = context;
  const until = world.machine() - world.listLagMs;
  const listed = commentsOf(repository, issue.number)
    .filter(({ madeAt }) => madeAt <= until)
    .toSorted((a, b) => a.id - b.id);
  const byChange = listed.toSorted((a, b) => a.updatedAt.getTime() - b.updatedAt.getTime());
  const descending = given.orderBy?.direction === 'DESC';
  const ordered = descending ? byChange.toReversed() : byChange;
  return connection(context, given, given.orderBy ? ordered : listed, (comment) =>
    commentNode(repository, issue, context, comment),
  );
}

function commentNode(repository: Repository, issue: Issue, { world }: GraphqlContext, comment: Comment) {
  return {
    author: account(world, comment.author.login),
    body: comment.body,
    createdAt: stamp(comment.at),
    updatedAt: stamp(comment.updatedAt),
    url: `${issuePage(world, repository, issue.number)}#issuecomment-${String(comment.id)}`,
    isMinimized: comment.minimized !== null,
    minimizedReason: comment.minimized,
    viewerCanMinimize: true,
  };
}

/** Pull requests and other issues of the repository that name this one. */
function references(repository: Repository, { number }: Issue, context: GraphqlContext) {
  const name = new RegExp(`(?<![\\w/])#${String(number)}(?!\\d)`, 'u');
  const pulls = repository.pullRequests.filter(
    ({ mentions, closes }) => mentions.includes(number) || closes.includes(number),
  );
  const issues = [...repository.issues.values()].filter(
    (other) =>
      other.number !== number &&
      (name.test(other.body ?? '') ||
        commentsOf(repository, other.number).some(({ body }) => name.test(body))),
  );
  return [
    ...pulls.map((pull) => ({
      __typename: 'CrossReferencedEvent',
      source: () => {
        demandRead(context, repository, 'pull_requests');
        return pullRequestNode(repository, context, pull);
      },
    })),
    ...issues.map((issue) => ({
      __typename: 'CrossReferencedEvent',
      source: issueNode(repository, issue, context),
    })),
  ];
}

function closings(repository: Repository, issue: Issue, context: GraphqlContext) {
  if (issue.state === 'open') return [];
  const closer = repository.pullRequests.find(({ closes }) => closes.includes(issue.number));
  return [
    {
      __typename: 'ClosedEvent',
      closer: () => {
        if (closer === undefined) return null;
        demandRead(context, repository, 'pull_requests');
        return pullRequestNode(repository, context, closer);
      },
    },
  ];
}
