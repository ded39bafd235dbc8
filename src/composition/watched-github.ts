import type { githubOutcomes } from './metrics/catalogue.ts';

type Outcome = (typeof githubOutcomes)[number];

/** GitHub asks for a pause with 429, and with 403 where nothing is left or it says how long (docs.github.com, "Rate limits"). */
function isLimit({ status, headers }: Response): boolean {
  return (
    status === 429 ||
    (status === 403 && (headers.has('retry-after') || headers.get('x-ratelimit-remaining') === '0'))
  );
}

/** A `fetch` for GitHub whose outcomes are told; it gives the same answers. */
export function watchedGitHub(ask: typeof fetch, watch: (outcome: Outcome) => void): typeof fetch {
  return async (input, init) => {
    try {
      const answer = await ask(input, init);
      watch(answer.status >= 500 ? 'failed' : isLimit(answer) ? 'limited' : 'answered');
      return answer;
    } catch (error) {
      watch('failed');
      throw error;
    }
  };
}
