import { z } from 'zod';
import type { GitHubRequest } from '../core/github-request.ts';
import { failureFromError, failureFromGitHub, graphqlError, type GraphqlError } from './github-failure.ts';
import { changesQuery, contentQuery, type GitHubQuestion } from './github-query.ts';
import { ReadFailure } from './read-failure.ts';

/** What GitHub answered, part by part. */
export interface GitHubAnswer {
  /**
   * A part as it came. With `within`, an error on one of these fields below it counts as well.
   *
   * @throws ReadFailure where the part was refused.
   */
  part(name: string, within?: readonly string[]): unknown;
}

/** What is known of the repository in one update: GitHub is asked once, however many collectors need it. */
export interface GitHubAnswers extends GitHubQuestion {
  /** The repository's page, for links. */
  page: string;
  /** Rejects with what the request rejects with. */
  answer(): Promise<GitHubAnswer>;
  /** Ids of files at the head, after a commit and before it, in the order of the paths; null for no such file. */
  contents(sha: string, paths: readonly string[]): Promise<FileContents[]>;
}

/** Ids of one file's content. */
export interface FileContents {
  now: string | null;
  fixed: string | null;
  before: string | null;
}

const body = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(graphqlError).min(1).optional(),
});

/** The answers for one update; nothing is asked before the first use. */
export function openGitHubAnswers(
  request: GitHubRequest,
  question: GitHubQuestion & { page: string },
): GitHubAnswers {
  let asked: Promise<GitHubAnswer> | null = null;
  return {
    ...question,
    answer: () => (asked ??= ask(request, changesQuery(question))),
    contents: async (sha, paths) => {
      const answer = await ask(request, contentQuery(question, sha, paths));
      return contentsOf(answer.part('content', []), paths.length);
    },
  };
}

async function ask(request: GitHubRequest, asked: Record<string, unknown>): Promise<GitHubAnswer> {
  const { data } = await request('POST /graphql', asked);
  const parsed = body.safeParse(data);
  if (!parsed.success) throw new ReadFailure('invalid-response', 'GitHub: the answer is not one of GraphQL');
  const { data: parts, errors = [] } = parsed.data;
  if (!parts) {
    const [first] = errors;
    throw first
      ? failureFromError(first)
      : new ReadFailure('invalid-response', 'GitHub: an answer without data');
  }
  return {
    part(name, within = []) {
      const error = errors.find((one) => concerns(one, name, within));
      if (error) throw failureFromError(error);
      return parts[name];
    },
  };
}

/** An error on a field of a list concerns whoever reads that field; one above it all that is below. */
function concerns({ path }: GraphqlError, part: string, within: readonly string[]): boolean {
  // Without a path, it concerns the whole answer.
  if (path === undefined || path.length === 0) return true;
  if (path[0] !== part) return false;
  const fields = path.slice(1).filter((step) => typeof step === 'string');
  return !fields.some((field) => optionalFields.has(field)) || fields.some((field) => within.includes(field));
}

/** Fields that GitHub leaves empty where they are refused, without harm to what is around them. */
const optionalFields: ReadonlySet<string> = new Set(['checkSuites', 'associatedPullRequests']);

const blob = z.object({ oid: z.string() }).nullable();

function contentsOf(answer: unknown, count: number): FileContents[] {
  const parsed = z.record(z.string(), blob).safeParse(answer);
  if (!parsed.success) throw new ReadFailure('invalid-response', 'GitHub: contents: not those of files');
  const idOf = (key: string) => parsed.data[key]?.oid ?? null;
  return Array.from({ length: count }, (_, index) => ({
    now: idOf(`now${String(index)}`),
    fixed: idOf(`fixed${String(index)}`),
    before: idOf(`before${String(index)}`),
  }));
}

/** The answer of the collection, with the failures of GitHub told as such. */
export async function answerOf(github: GitHubAnswers): Promise<GitHubAnswer> {
  try {
    return await github.answer();
  } catch (error) {
    throw failureFromGitHub(error);
  }
}
