import type { IssueChange } from '../core/invocation.ts';
import { closedByHand } from './closed.ts';
import type { CommandDeps } from './deps.ts';
import { labelsChanged } from './labels-changed.ts';
import { reopenedByHand, watchAnew } from './reopened.ts';
import { standDownSilently } from './stand-down.ts';

/**
 * What follows for the incident from what a person did with its issue.
 *
 * @throws where GitHub or the store fails, so that the job is tried again; nothing is done or posted twice.
 */
export async function carryOutChange(deps: CommandDeps, change: IssueChange): Promise<void> {
  switch (change.action) {
    case 'opened':
    case 'labeled':
    case 'unlabeled':
      return await labelsChanged(deps, change);
    case 'closed':
      return await closedByHand(deps, change);
    case 'reopened':
      return await reopenedByHand(deps, change);
    case 'unlocked':
      return await watchAnew(deps, change);
    case 'transferred':
      return await standDownSilently(deps, change, 'the issue was transferred to another repository');
    case 'deleted':
      return await standDownSilently(deps, change, 'the issue was deleted');
  }
}
