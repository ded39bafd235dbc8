import { expect } from 'vitest';
import type { GitHubStandIn } from '../../../sandbox/github/types.ts';
import { send } from './start.ts';
import type { Sending } from './start.ts';

/** What came of a request that is wrong: the answer, what was put on record, and whether anything changed. */
export async function commit(
  github: GitHubStandIn,
  { path, sending = {} }: { path: string; sending?: Sending },
  token: string | null,
) {
  const [comment] = github.thread(7);
  const before = JSON.stringify([github.issue(7), github.thread(7)]);
  const method = sending.method ?? (sending.body === undefined ? 'GET' : 'POST');
  github.refusals.length = 0;
  const answer = await send(github, path.replace('COMMENT', String(comment?.id)), {
    token,
    ...sending,
    method,
  });
  const unchanged = before === JSON.stringify([github.issue(7), github.thread(7)]);
  return { ...answer, refusals: [...github.refusals], unchanged };
}

/** What has to come of it. */
export function caught(status: number, refusal: RegExp) {
  return { status, refusals: [expect.stringMatching(refusal)], unchanged: true };
}
