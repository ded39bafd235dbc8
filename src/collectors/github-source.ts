import type { Source } from '../core/snapshot.ts';
import type { GitHubAnswers } from './github-answers.ts';
import { shellWord } from './provenance.ts';

/** The API of all reads of the repository, whatever server it is on. */
export const githubApi = 'api.github.com';

/** Longest foreign title that is kept. */
const titleLength = 200;

/** Where something of the repository was read, with the page and the command that show the same. */
export function githubSource(
  github: GitHubAnswers,
  {
    method,
    query,
    path,
    command,
  }: { method: string; query: string; path: string; command: readonly string[] },
): Source {
  const name = `${github.owner}/${github.name}`;
  return {
    api: githubApi,
    method,
    query: `${name} ${query}`,
    console: `${github.page}${path}`,
    command: ['gh', ...command].map(shellWord).join(' '),
  };
}

/** A title or name from GitHub: without secrets, in one line, and not longer than people read. */
export async function foreignTitle(text: string, redact: (text: string) => Promise<string>): Promise<string> {
  return (await redact(text.replaceAll(/\s+/gu, ' ').trim())).slice(0, titleLength);
}
