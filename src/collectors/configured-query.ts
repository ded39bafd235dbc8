import { ReadFailure, asReadFailure } from './read-failure.ts';

/** Makes a request that holds a query from the configuration: where the API refuses it, the query is at fault. */
export async function withConfiguredQuery<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    const failure = asReadFailure(error, 'invalid-response');
    throw failure.status === 400
      ? new ReadFailure('invalid-query', failure.detail, { cause: error })
      : failure;
  }
}
