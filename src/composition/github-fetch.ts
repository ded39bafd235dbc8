import { readCapped } from '../collectors/read-capped.ts';
import { githubAddress } from '../core/github-request.ts';

/** Largest answer that is read, in bytes. Beyond it the answer is given up, not cut. */
const answerCap = 16 * 1024 * 1024;

/** Redirects of one request that are followed at most. */
const redirectCap = 3;

/**
 * `fetch` for GitHub's API, which gives up after so many milliseconds. The token goes to GitHub's host alone: a redirect
 * is followed within the same origin, as that of a renamed repository
 * (https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api), and where the request stays
 * what it was. The whole answer is read here: Octokit takes a body that breaks off for an empty one.
 *
 * @throws Error for any other redirect, for an answer above 16 MiB, and what `fetch` throws
 */
export function githubFetch(timeoutMs: number): typeof fetch {
  return async (input, init) => {
    const limit = AbortSignal.timeout(timeoutMs);
    const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit;
    const options: RequestInit = { ...init, signal, redirect: 'manual' };
    let target: Parameters<typeof fetch>[0] = typeof input === 'string' ? githubAddress(input) : input;
    for (let redirects = 0; ; redirects += 1) {
      const answer = await fetch(target, options);
      const location = answer.status === 304 ? null : redirectOf(answer);
      if (location === null) return whole(answer);
      await answer.body?.cancel();
      const refusal = refusalOf(location, answer, init?.method, redirects);
      if (refusal !== null)
        throw new Error(
          `GitHub answered ${String(answer.status)}, a redirect ${refusal}, which is not followed`,
        );
      target = location.href;
    }
  };
}

function redirectOf(answer: Response): URL | null {
  const location = answer.headers.get('location');
  if (answer.status < 300 || answer.status > 399 || location === null) return null;
  return URL.parse(location, answer.url);
}

/** Why a redirect is not followed; null where it is. */
function refusalOf(
  location: URL,
  { url, status }: Response,
  method: string | undefined,
  before: number,
): string | null {
  if (location.origin !== new URL(url).origin) return 'to another host';
  if (!keepsRequest(status, method)) return 'of a write';
  return before === redirectCap ? `after ${String(redirectCap)} others` : null;
}

/** Other codes than 307 and 308 make a GET of a request (https://fetch.spec.whatwg.org/#http-redirect-fetch). */
function keepsRequest(status: number, method = 'GET'): boolean {
  return status === 307 || status === 308 || ['GET', 'HEAD'].includes(method.toUpperCase());
}

async function whole(answer: Response): Promise<Response> {
  if (answer.body === null) return answer;
  const bytes = await readCapped(answer, answerCap);
  if (bytes === null)
    throw new Error(`GitHub's answer is larger than ${String(answerCap / 1024 / 1024)} MiB and was given up`);
  const { status, statusText, headers, url } = answer;
  return Object.defineProperty(new Response(bytes, { status, statusText, headers }), 'url', { value: url });
}
