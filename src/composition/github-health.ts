import type { GitHubRequest } from '../core/github-request.ts';
import type { githubOutcomes } from './metrics/catalogue.ts';

/** Whether GitHub answers, as far as this process was told. */
export interface GitHubHealth {
  note(outcome: (typeof githubOutcomes)[number]): void;
  /** `wrong` after some failures without an answer in between; `unknown` before the first request. */
  sign(): 'well' | 'wrong' | 'unknown';
}

/** One request may fail by chance. */
const failuresForATrouble = 3;

export function openGitHubHealth(): GitHubHealth {
  let failures = 0;
  let isKnown = false;
  return {
    note(outcome) {
      isKnown = true;
      failures = outcome === 'failed' ? failures + 1 : 0;
    },
    sign() {
      if (!isKnown) return 'unknown';
      return failures >= failuresForATrouble ? 'wrong' : 'well';
    },
  };
}

/** Asks GitHub for nothing but an answer: what this process has to do may be long in coming. */
export async function askForSign(appRequest: GitHubRequest, log: Log): Promise<void> {
  try {
    await appRequest('GET /app', {});
  } catch (error) {
    log.debug({ err: error }, 'GitHub was asked whether it answers');
  }
}

interface Log {
  debug(fields: object, message: string): void;
}
