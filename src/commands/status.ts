import { composeStatus, type CheckpointReached } from '../core/compose.ts';
import type { Invocation } from '../core/invocation.ts';
import type { StatusUpdate } from '../core/update.ts';
import type { Command } from './command.ts';
import { missedDeclaration } from './declaration.ts';
import type { CommandDeps, Recollection } from './deps.ts';
import { look, readBeforehand, type Beforehand, type Looked } from './look.ts';
import { statusInput } from './looked-facts.ts';
import { postingId } from './posting-id.ts';

/** `/status`: reads the infrastructure as it is now and posts a full update. */
export const status: Command = {
  name: 'status',
  usage: '/status [ENVIRONMENT]',
  role: 'triage',
  postsOnly: true,
  summary: 'Reads the infrastructure as it is now and posts a full update.',
  examples: ['/status', '/status production'],
  accepts: (words) => words.length <= 1,
  prepare: (deps, invocation, words) => {
    const id = postingId(invocation.id, 'status');
    const begun = Promise.allSettled([deps.published(id), readBeforehand(deps, invocation, words[0])]);
    return async () => {
      const [published, read] = await begun;
      if (published.status === 'rejected') throw published.reason;
      if (published.value) return;
      if (read.status === 'rejected') throw read.reason;
      await answer(deps, invocation, id, read.value);
    };
  },
};

async function answer(
  deps: CommandDeps,
  invocation: Invocation,
  id: string,
  read: Beforehand,
): Promise<void> {
  const same = sameAnswer(invocation, read);
  if (same !== null) return deps.follow(invocation, same, 'done');
  await look(
    deps,
    invocation,
    {
      id,
      before: missedDeclaration(invocation, read),
      make: (looked) => ({
        said: [{ id, update: statusOf(looked, deps.version) }],
        events: [{ kind: 'updated', update: 'status', posting: id }],
      }),
    },
    read,
  );
}

/** The full update of a look. */
export function statusOf(looked: Looked, version: string, checkpoint?: CheckpointReached): StatusUpdate {
  return composeStatus({ ...statusInput(looked, version), checkpoint });
}

/** Longer than a collection takes; two clocks that differ by more make no two calls one. */
const togetherMs = 60_000;

/**
 * The posting that answers this call too: it was asked for while that update was being collected, which is as fresh as
 * it could be. Null where there is none.
 */
function sameAnswer(
  { receivedAt }: Invocation,
  {
    configuration,
    recollection: { update },
  }: Pick<Beforehand, 'configuration'> & { recollection: Recollection },
): string | null {
  if (receivedAt === null || update === null || update.posting === null) return null;
  if (configuration.kind !== 'usable') return null;
  const { environment } = configuration.configuration;
  const earlierMs = Date.parse(update.snapshot.takenAt) - Date.parse(receivedAt);
  // A part of an update, `brief` say, does not answer it.
  const isWhole = ['status', 'checkpoint', 'declare'].includes(update.posting.kind);
  const together =
    isWhole && earlierMs > 0 && earlierMs < togetherMs && update.snapshot.environment === environment;
  return together ? update.posting.id : null;
}
