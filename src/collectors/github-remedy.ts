import type { GapReason } from '../core/snapshot.ts';
import type { RemedyFacts } from './remedy.ts';

/** What a person can do about a gap of the repository's own evidence. */
export function githubRemedy(reason: GapReason, { role, source }: RemedyFacts): string {
  const byHand = source.command ? `: ${source.command}` : '';
  switch (reason) {
    case 'denied':
      return `accept the new permissions of the App under Settings, GitHub Apps of the organization (${role ?? 'read'}); a personal token needs the same`;
    case 'not-found':
      return `check that the repository and the issue are there, and that the App is installed on it${byHand}`;
    case 'no-credentials':
      return "check the App's private key, or the token in GITHUB_TOKEN";
    case 'quota':
      return `wait until GitHub's rate limit is over and read again; by hand${byHand}`;
    case 'timeout':
    case 'budget':
      return `read again; if it stays slow, read it by hand${byHand}`;
    case 'unavailable':
      return `read again; if it stays, see https://www.githubstatus.com and read it by hand${byHand}`;
    case 'invalid-response':
      return `look at the answer by hand${byHand}; if it is right, report a bug in Sitrep`;
    case 'no-data':
      return `look at it by hand${byHand}`;
    case 'api-disabled':
    case 'not-granted':
    case 'unsupported':
    case 'invalid-query':
      return `read it by hand${byHand}`;
  }
}
