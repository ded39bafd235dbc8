import { nextCheckpoint } from '../core/checkpoints.ts';
import { composeHandoff } from '../core/compose/handoff.ts';
import { composeCannotHandOver } from '../core/compose/handoff-refusal.ts';
import { composeNotAnIncident } from '../core/compose/refusal.ts';
import type { HandoffUpdate, RefusalUpdate } from '../core/update.ts';
import { roleSuffices } from '../core/roles.ts';
import type { Command } from './command.ts';
import { toldRole } from './counted-role.ts';
import { missedDeclaration } from './declaration.ts';
import { look, readBeforehand, type Looked } from './look.ts';
import { statusInput } from './looked-facts.ts';
import { postingId } from './posting-id.ts';

const usage = '/sitrep handoff @WHO';

/** `/sitrep handoff @who`: posts what whoever takes over needs; open until they accept. */
export const handoff: Command = {
  name: 'handoff',
  usage,
  role: 'write',
  summary: 'Hands the incident over, with what is done, open, owned and to be watched; open until accepted.',
  examples: ['/sitrep handoff @kim'],
  accepts: (words) => words.length === 1 && loginOf(words) !== null,
  prepare: (deps, invocation, words) => {
    const id = postingId(invocation.id, 'handoff');
    const to = loginOf(words) ?? '';
    const begun = Promise.allSettled([
      deps.published(id),
      readBeforehand(deps, invocation, undefined),
      toldRole(deps, invocation, to),
    ]);
    return async () => {
      const [published, beforehand, role] = await begun;
      if (published.status === 'rejected') throw published.reason;
      if (published.value) return;
      if (beforehand.status === 'rejected') throw beforehand.reason;
      if (role.status === 'rejected') throw role.reason;
      const read = beforehand.value;
      const { version } = deps;
      const before = missedDeclaration(invocation, read);
      const { state } = read.recollection;
      const refuse = async (update: RefusalUpdate): Promise<void> =>
        await deps.publish(invocation, {
          id,
          kind: update.kind,
          update,
          outcome: 'refused',
        });
      if (state.declared === null && before.length === 0)
        return await refuse(composeNotAnIncident({ usage, version }));
      const why =
        state.resolution !== null
          ? 'resolved'
          : to.toLowerCase() === invocation.actor.toLowerCase()
            ? 'oneself'
            : roleSuffices(role.value.fact, 'write')
              ? null
              : 'role';
      if (why !== null) return await refuse(composeCannotHandOver({ to, why, version }));
      await look(
        deps,
        invocation,
        {
          id,
          before,
          make: (looked) => ({
            said: [{ id, update: handoffOf(looked, invocation.actor, to, version) }],
            events: [{ kind: 'handoff', to }],
          }),
        },
        read,
      );
    };
  },
};

/** The login that is named, with or without its `@`; null where it is none. */
function loginOf([word = '']: readonly string[]): string | null {
  return /^@?([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))$/u.exec(word)?.[1] ?? null;
}

function handoffOf(looked: Looked, from: string, to: string, version: string): HandoffUpdate {
  const { plan, snapshot } = looked;
  const { incident, takenAt } = snapshot;
  const { plan: _, configurationErrors: __, ...shown } = statusInput(looked, version);
  return composeHandoff({
    ...shown,
    nextCheckpoint: incident
      ? { board: null, comment: nextCheckpoint(plan, incident.declaredAt, takenAt)?.dueAt ?? null }
      : null,
    from,
    to,
  });
}
