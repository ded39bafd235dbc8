import { composeEscalatedLately, composeEscalation } from '../core/compose/escalation-update.ts';
import { composeNotAnIncident, composeUnknownContact } from '../core/compose/refusal.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { toldLatelyMs } from '../core/incident/watch-escalation.ts';
import type { Invocation } from '../core/invocation.ts';
import type { Update } from '../core/update.ts';
import type { Command } from './command.ts';
import type { CommandDeps, Outcome } from './deps.ts';
import { assignTo } from './escalations.ts';
import { look, readBeforehand, type Beforehand } from './look.ts';
import { factsOfLook } from './looked-facts.ts';
import { postingId } from './posting-id.ts';

const usage = '/sitrep escalate CONTACT [REASON]';

/** `/sitrep escalate`: posts the packet that a contact asks for, assigns their people, and tells them where they can be told. */
export const escalate: Command = {
  name: 'escalate',
  usage,
  role: 'write',
  summary: 'Escalates to a contact of the configuration: posts the packet that they ask for.',
  examples: ['/sitrep escalate google-support', '/sitrep escalate infra The connector does not recover'],
  accepts: (words) => words.length >= 1,
  prepare: (deps, invocation, words) => {
    const id = postingId(invocation.id, 'reply');
    // The environment in which the incident is: the one that was asked for last.
    const begun = Promise.allSettled([
      deps.published(id),
      deps
        .recall(invocation)
        .then(({ incident }) => readBeforehand(deps, invocation, incident?.environment ?? undefined)),
      deps.redact(words.slice(1).join(' ')),
    ]);
    return async () => {
      const [published, read, reason] = await begun;
      if (published.status === 'rejected') throw published.reason;
      if (published.value) return;
      if (read.status === 'rejected') throw read.reason;
      if (reason.status === 'rejected') throw reason.reason;
      await answer(deps, invocation, { id, asked: words[0] ?? '', text: reason.value || null }, read.value);
    };
  },
};

async function answer(
  deps: CommandDeps,
  invocation: Invocation,
  { id, asked, text }: { id: string; asked: string; text: string | null },
  read: Beforehand,
): Promise<void> {
  const { version } = deps;
  const reply = (update: Update, outcome: Outcome) =>
    deps.publish(invocation, { id, kind: update.kind, update, outcome });
  const { state } = read.recollection;
  if (state.declared === null) return reply(composeNotAnIncident({ usage, version }), 'refused');
  const { configuration: found } = read;
  // What cannot be used, the look says.
  if (found.kind !== 'usable') return look(deps, invocation, { id, make: nothing }, read);
  const { contacts } = found.configuration;
  const contact = Object.keys(contacts).find((known) => known.toLowerCase() === asked.toLowerCase());
  const name = contact === undefined ? undefined : contacts[contact]?.name;
  if (contact === undefined || name === undefined) {
    const known = Object.keys(contacts);
    const meant = didYouMean(asked, known);
    return reply(composeUnknownContact({ asked, known, meant, version }), 'confused');
  }
  const told = deps.notified(invocation)[contact] ?? [];
  const now = deps.now().toISOString();
  const last = state.escalations.findLast((one) => one.contact === contact);
  if (last !== undefined && Date.parse(now) - Date.parse(last.at) < toldLatelyMs)
    return reply(composeEscalatedLately({ name, at: last.at, now, told, version }), 'done');
  const people = await assignTo(deps, invocation, found, contact);
  await look(
    deps,
    invocation,
    {
      id,
      make: (looked) => {
        const facts = factsOfLook(looked, version);
        const reason = { contact, by: invocation.actor, text };
        return {
          said: [{ id, update: composeEscalation({ facts, reason, people, told }) }],
          events: [{ kind: 'escalated', rule: null, contact, reason: text, paged: told.length > 0 }],
        };
      },
    },
    read,
  );
}

const nothing = () => ({ said: [], events: [] });
