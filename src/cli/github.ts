import { Octokit } from '@octokit/rest';
import { z } from 'zod';
import { githubFetch } from '../composition/github-fetch.ts';
import type { GitHubRequest, RepositoryName } from '../core/github-request.ts';
import { InputError, NothingReadError } from './io.ts';

/** The command line's client of GitHub. */
export interface GitHub {
  request: GitHubRequest;
  /** Base of the API, for messages. */
  api: string;
}

const timeoutMs = 30_000;
const quiet = () => undefined;

/** A client with a person's token; asks once, and not for longer than half a minute. */
export function openGitHub(token: string | null, apiUrl: string | null): GitHub {
  const api = apiUrl ?? 'https://api.github.com';
  const { request } = new Octokit({
    auth: token,
    baseUrl: api,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    request: { fetch: githubFetch(timeoutMs) },
  });
  return { request, api };
}

const headers = z.record(z.string(), z.union([z.string(), z.number(), z.undefined()]));

/** What octokit rejects with; `response` is missing where there was no answer. */
const failure = z.object({
  status: z.int(),
  message: z.string(),
  response: z.object({ headers }).optional(),
});
type Failure = z.infer<typeof failure>;

/** What was asked for, in the words of the message. */
export interface Asked {
  api: string;
  repository: RepositoryName;
  /** What 404 means here. */
  missing: string;
}

/**
 * Waits for GitHub. @throws InputError or NothingReadError that says what to do, in the place of its refusals; what
 * is no answer of GitHub's is thrown as it is.
 */
export async function answered<Answer>(answer: Promise<Answer>, asked: Asked): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof z.ZodError) {
      const [first] = error.issues;
      const place = first === undefined ? '' : ` (${first.path.join('.')}: ${first.message})`;
      throw new NothingReadError(`${asked.api} does not answer as GitHub does${place}; check GHE_HOST`, {
        cause: error,
      });
    }
    const failed = failure.safeParse(error);
    throw failed.success ? refusal(failed.data, asked, error) : error;
  }
}

function refusal(failed: Failure, { api, repository, missing }: Asked, cause: unknown): Error {
  const name = `${repository.owner}/${repository.name}`;
  const { status, message, response } = failed;
  if (response === undefined) {
    return new NothingReadError(`${api} cannot be reached (${message}); check the network and GHE_HOST`, {
      cause,
    });
  }
  if (isLimit(failed))
    return new NothingReadError(`GitHub's rate limit is used up; ${againAt(response.headers)}`, { cause });
  if (status >= 500) {
    return new NothingReadError(
      `GitHub answered ${String(status)}; see https://www.githubstatus.com, and try again`,
      {
        cause,
      },
    );
  }
  const told: Record<number, string> = {
    401: 'GitHub does not accept the token in GITHUB_TOKEN; make a new one',
    403: `the token in GITHUB_TOKEN may not do that in ${name} (${message}); it needs contents: read and issues: read, with --publish issues: write`,
    404: missing,
    410: missing,
  };
  return new InputError(told[status] ?? `GitHub answered ${String(status)}: ${message}`, { cause });
}

/** Primary and secondary limits come as 403 or 429: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
function isLimit({ status, response }: Failure): boolean {
  if (status === 429) return true;
  const { 'retry-after': after, 'x-ratelimit-remaining': left } = response?.headers ?? {};
  return status === 403 && (after !== undefined || left === '0');
}

function againAt({ 'retry-after': after, 'x-ratelimit-reset': reset }: z.infer<typeof headers>): string {
  if (after !== undefined) return `try again in ${String(after)} s`;
  const at = new Date(Number(reset) * 1_000);
  return Number.isNaN(at.getTime()) ? 'try again later' : `try again after ${at.toISOString()}`;
}
