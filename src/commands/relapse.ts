import { composeRelapsed } from '../core/compose/relapsed.ts';
import { brokenSince } from '../core/incident/watch-relapse.ts';
import type { CommandDeps } from './deps.ts';
import { issueInvocation, type RecordedIssue } from './issue-invocation.ts';
import { look, readBeforehand, type Looked, type Made } from './look.ts';
import { factsOfLook } from './looked-facts.ts';
import { nextUpdates } from './next-updates.ts';
import { postingId } from './posting-id.ts';

/** A resolved incident of which samples show that the failure came back. */
export interface SampledIssue extends Omit<RecordedIssue, 'id'> {
  /** The environment of the updates before; null for the configuration's own. */
  environment: string | null;
  /** When the sample was taken, UTC. */
  at: string;
}

/** Looks whether the failure came back, as samples show, and opens the incident again where it did. */
export async function confirmRelapse(
  deps: CommandDeps,
  { at, environment, ...recorded }: SampledIssue,
): Promise<void> {
  const id = postingId(`relapse ${String(recorded.repositoryId)}#${String(recorded.issue)} ${at}`, 'relapse');
  const invocation = await issueInvocation(deps.request, { ...recorded, id });
  if ('reason' in invocation) return;
  // Nobody asked: where nothing may be said unasked, nothing is read for it.
  if (deps.commentsPerHour(invocation) === 0 || (await deps.disclosure(invocation)) === null) return;
  const read = await readBeforehand(deps, invocation, environment ?? undefined);
  if (read.configuration.kind !== 'usable') return;
  const make = (looked: Looked): Made => {
    const { configuration, snapshot, diagnosis, state } = looked;
    if (state.resolution === null) return { said: [], events: [] };
    const broken = brokenSince(state.resolution, { configuration, snapshot, diagnosis });
    if (broken.length === 0) return { said: [], events: [] };
    const { nextAt } = nextUpdates(deps, invocation, configuration, state);
    const update = composeRelapsed(factsOfLook(looked, deps.version), state, broken, nextAt);
    return {
      said: [{ id, update, asked: false, issueState: 'open' }],
      events: [
        { kind: 'reopened', because: 'relapse', what: broken.map(({ title }) => title).join('; ') },
        { kind: 'updated', update: 'resolution', posting: id },
      ],
    };
  };
  await look(deps, invocation, { id, make }, read);
}
