import { commentNodeId } from '../shapes/comment.ts';
import type { Comment, Repository, World } from '../state/world.ts';
import { demand, graphqlError } from './context.ts';
import type { GraphqlContext } from './context.ts';

/** What `minimizeComment` needs of an App and of a person. */
const minimizeOperation = { permissions: [['issues', 'write']], role: 'write' } as const;

interface Input {
  subjectId: string;
  classifier: string;
  clientMutationId?: string;
}

function findComment(world: World, nodeId: string): { repository: Repository; comment: Comment } {
  for (const repository of world.repositories.values()) {
    for (const comment of repository.comments.values()) {
      if (commentNodeId(comment) === nodeId) return { repository, comment };
    }
  }
  throw graphqlError('NOT_FOUND', `Could not resolve to a node with the global id of '${nodeId}'`);
}

/** The mutation `minimizeComment`, which folds a comment away. */
export function minimizeComment({ input }: { input: Input }, context: GraphqlContext) {
  const { repository, comment } = findComment(context.world, input.subjectId);
  demand(context, repository, minimizeOperation);
  comment.minimized = input.classifier.toLowerCase().replaceAll('_', '-');
  return {
    clientMutationId: input.clientMutationId ?? null,
    minimizedComment: {
      __typename: 'IssueComment',
      isMinimized: true,
      minimizedReason: comment.minimized,
      viewerCanMinimize: true,
    },
  };
}
