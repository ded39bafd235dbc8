import { GraphQLError } from 'graphql';
import type { GraphqlContext } from './context.ts';

/** Arguments of a connection that the stand-in heeds. */
export interface Paging {
  first?: number | null;
  last?: number | null;
}

export const pagingArguments = ['first', 'last'] as const;

/** GitHub gives no more at once ("Rate limits and query limits for the GraphQL API"). */
const mostNodes = 100;

/** A part of a list, as GitHub gives it: `first` or `last` is needed, up to 100. */
export function connection<Source, Node>(
  context: GraphqlContext,
  { first, last }: Paging,
  list: readonly Source[],
  node: (source: Source) => Node,
) {
  const size = first ?? last;
  if (typeof size !== 'number' || size < 1 || size > mostNodes) {
    const message = `a connection needs first or last, from 1 to ${mostNodes}`;
    context.mistakes.push(message);
    throw new GraphQLError(message, { extensions: { type: 'MISSING_PAGINATION_BOUNDARIES' } });
  }
  const nodes = typeof first === 'number' ? list.slice(0, size) : list.slice(-size);
  return {
    nodes: nodes.map(node),
    pageInfo: { hasNextPage: typeof first === 'number' && list.length > size },
  };
}
