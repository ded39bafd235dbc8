import { composeCannotAccept, composeNotAssigned } from '../core/compose/handoff-refusal.ts';
import type { Invocation } from '../core/invocation.ts';
import { roleSuffices } from '../core/roles.ts';
import { acting } from './act.ts';
import { assign } from './assign.ts';
import type { Command } from './command.ts';
import type { CommandDeps } from './deps.ts';
import { postingId } from './posting-id.ts';

const accepting = acting({
  name: 'accept',
  usage: '/sitrep accept',
  role: 'write',
  summary:
    'Accepts the handoff and takes the lead; somebody who maintains the repository may do so for the person meant.',
  examples: ['/sitrep accept'],
  accepts: (words) => words.length === 0,
  decide: (_words, { invocation: { id, actor }, state: { handoff }, record, held, version }) => {
    // Recorded by an attempt of this call that broke off.
    if (record.some(({ key }) => key.startsWith(`${id}:`))) return { events: [] };
    const isMeant = handoff?.to.toLowerCase() === actor.toLowerCase();
    const isOpen = handoff !== null && handoff.acceptedAt === null;
    if (!isOpen || !(isMeant || roleSuffices(held, 'maintain')))
      return { refusal: composeCannotAccept({ handoff, version }), outcome: 'refused' };
    return { events: [{ kind: 'handoff-accepted' }] };
  },
});

/** `/sitrep accept`: takes over what was handed over; the person leads, and is assigned to the issue. */
export const accept: Command = {
  ...accepting,
  prepare: (deps, invocation, words) => {
    const carryOut = accepting.prepare(deps, invocation, words);
    return async (held) => {
      await carryOut(held);
      await assignLead(deps, invocation);
    };
  },
};

/** Assigns whoever leads by this call; says so where GitHub does not. */
async function assignLead(deps: CommandDeps, invocation: Invocation): Promise<void> {
  const { record, state } = await deps.recall(invocation);
  const isAccepted = record.some(({ key }) => key.startsWith(`${invocation.id}:`));
  if (!isAccepted || state.lead === null) return;
  if (await assign(deps, invocation, state.lead)) return;
  const update = composeNotAssigned({ lead: state.lead, version: deps.version });
  await deps.publish(invocation, {
    id: postingId(invocation.id, 'not assigned'),
    kind: update.kind,
    update,
    outcome: 'done',
  });
}
