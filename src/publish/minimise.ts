import type { GitHubRequest } from '../core/github-request.ts';

const mutation = `mutation ($id: ID!) {
  minimizeComment(input: { subjectId: $id, classifier: OUTDATED }) { minimizedComment { isMinimized } }
}`;

/** Folds a comment away as outdated, by its node id. Doing it twice changes nothing. */
export async function minimiseComment(request: GitHubRequest, nodeId: string): Promise<void> {
  await request('POST /graphql', { query: mutation, variables: { id: nodeId } });
}
