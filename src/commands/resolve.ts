import { composeNotAnIncident } from '../core/compose/refusal.ts';
import { composeAlreadyResolved } from '../core/compose/resolution-replies.ts';
import type { Invocation } from '../core/invocation.ts';
import type { Role } from '../core/roles.ts';
import type { RefusalUpdate } from '../core/update.ts';
import type { Command } from './command.ts';
import type { CommandDeps, Outcome } from './deps.ts';
import { look, readBeforehand, type Beforehand } from './look.ts';
import { postingId } from './posting-id.ts';
import { resolving } from './resolving.ts';

const override = '--override';

/**
 * `/sitrep resolve`: reads the infrastructure, and calls the incident resolved where every success criterion is met. What
 * is not met can be passed over with a reason, by those who may.
 */
export const resolve: Command = {
  name: 'resolve',
  usage: '/sitrep resolve [--override REASON]',
  role: 'write',
  summary:
    'Calls the incident resolved, where every success criterion is met now. With --override and a reason the lead passes over what is unknown, and people with maintain or admin over what fails.',
  examples: ['/sitrep resolve', '/sitrep resolve --override the probe is broken, chat was tested by hand'],
  accepts: (words) => words.length === 0 || (words[0]?.toLowerCase() === override && words.length > 1),
  prepare: (deps, invocation, words) => {
    const id = postingId(invocation.id, 'resolution');
    const begun = Promise.allSettled([
      deps.published(id),
      readBeforehand(deps, invocation, undefined),
      deps.redact(words.slice(1).join(' ')),
    ]);
    return async (held) => {
      const [published, read, reason] = await begun;
      if (published.status === 'rejected') throw published.reason;
      if (published.value) return;
      if (read.status === 'rejected') throw read.reason;
      if (reason.status === 'rejected') throw reason.reason;
      await ask(deps, invocation, id, read.value, { held, reason: reason.value });
    };
  },
};

async function ask(
  deps: CommandDeps,
  invocation: Invocation,
  id: string,
  read: Beforehand,
  { held, reason }: { held: Role; reason: string },
): Promise<void> {
  const { version } = deps;
  const { state } = read.recollection;
  const reply = (update: RefusalUpdate, outcome: Outcome) =>
    deps.publish(invocation, { id, kind: update.kind, update, outcome });
  if (state.declared === null || state.stoodDown !== null)
    return reply(composeNotAnIncident({ usage: '/sitrep resolve', version }), 'refused');
  if (state.resolution !== null) {
    const seen = deps.now().toISOString();
    return reply(composeAlreadyResolved({ ...state.resolution, seen, version }), 'confused');
  }
  const { actor } = invocation;
  const asked = {
    id,
    version,
    by: actor,
    byHand: false,
    role: held,
    isLead: state.lead?.toLowerCase() === actor.toLowerCase(),
    override: reason === '' ? null : reason,
  };
  await look(deps, invocation, { id, make: (looked) => resolving(looked, asked) }, read);
}
