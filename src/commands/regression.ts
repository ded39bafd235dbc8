import { z } from 'zod';
import { composeUnable } from '../core/compose/command-replies.ts';
import { failureStatus, type GitHubRequest } from '../core/github-request.ts';
import type { Invocation } from '../core/invocation.ts';
import { code, say } from '../core/text.ts';
import { actingUpon } from './act.ts';

const written = /^(?:#|https:\/\/\S{1,200}\/issues\/)?([1-9]\d{0,8})$/u;

const answer = z.object({ number: z.int(), pull_request: z.unknown().optional() });

/** What GitHub has under the number. */
type Found = 'issue' | 'pull request' | 'nothing';

/** `/sitrep regression`: a person links the earlier incident that came back. */
export const regression = actingUpon<Found>({
  name: 'regression',
  usage: '/sitrep regression #ISSUE',
  role: 'write',
  summary: 'Links the earlier incident that came back; the label follows, the severity stays.',
  examples: ['/sitrep regression #1263'],
  accepts: ([word, ...rest]) => numberIn(word) !== null && rest.length === 0,
  enquire: ({ request }, invocation, [word]) => foundUnder(request, invocation, numberIn(word) ?? 0),
  decide: ([word], { invocation, state, version }, found) => {
    const of = numberIn(word) ?? 0;
    if (of === invocation.issue.number || found !== 'issue') {
      const what =
        of === invocation.issue.number
          ? say`that is this issue`
          : found === 'nothing'
            ? say`this repository has no such issue`
            : say`that is a pull request`;
      const headline = say`😕 No regression of ${code(`#${String(of)}`)}: ${what}`;
      const line = say`Name the issue of the earlier incident: ${code('/sitrep regression #ISSUE')}.`;
      return { refusal: composeUnable(headline, [line], version), outcome: 'confused' };
    }
    if (state.regression?.of === of) return { events: [] };
    const link = { of, score: null, lines: [], components: [], raisedFrom: null, raised: false };
    return { events: [{ kind: 'regression', ...link }] };
  },
});

function numberIn(word: string | undefined): number | null {
  const digits = written.exec(word ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}

async function foundUnder(
  request: GitHubRequest,
  { repository }: Pick<Invocation, 'repository'>,
  number: number,
): Promise<Found> {
  try {
    const { data } = await request('GET /repos/{owner}/{repo}/issues/{issue_number}', {
      owner: repository.owner,
      repo: repository.name,
      issue_number: number,
    });
    const found = answer.parse(data);
    // A transferred issue is followed to another number, in another repository.
    if (found.number !== number) return 'nothing';
    return found.pull_request === undefined || found.pull_request === null ? 'issue' : 'pull request';
  } catch (error) {
    if ([404, 410].includes(failureStatus(error) ?? 0)) return 'nothing';
    throw error;
  }
}
