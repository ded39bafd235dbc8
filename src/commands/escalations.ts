import { composeEscalation, composeUnknownRule } from '../core/compose/escalation-update.ts';
import type { Facts } from '../core/compose/facts.ts';
import type { EventBody, NewEvent } from '../core/incident/events.ts';
import { watchEscalation, type DueRule } from '../core/incident/watch-escalation.ts';
import type { Invocation } from '../core/invocation.ts';
import { assignAll } from './assign.ts';
import type { CommandDeps } from './deps.ts';
import type { Looked, Said } from './look.ts';
import { factsOfLook, factsRead } from './looked-facts.ts';
import { postingId } from './posting-id.ts';

/**
 * What a look says of the escalation rules by itself: the escalation update of each that turned true, once, and a notice
 * of each whose clock ran out and that cannot be told. The people of a rule are assigned before, so that the update
 * says who could not be.
 *
 * @param made What the look tells of anyway.
 * @throws where GitHub does not answer.
 */
export async function escalationsOf(
  deps: CommandDeps,
  invocation: Invocation,
  looked: Looked,
  made: readonly EventBody[],
): Promise<{ said: Said[]; events: NewEvent[] }> {
  // What nobody asked for is not posted where the operator allows no such comments.
  if (invocation.issue.closed || deps.commentsPerHour(invocation) === 0) return { said: [], events: [] };
  const facts = factsRead(looked, deps.version);
  const shown = factsOfLook(looked, deps.version);
  const ways = deps.notified(invocation);
  const asked = made.flatMap((body) =>
    body.kind === 'escalated' && body.contact !== null ? [body.contact] : [],
  );
  const { due, unknown, events } = watchEscalation({
    facts,
    state: looked.state,
    asked,
    reached: new Set(Object.keys(ways)),
  });
  const said: Said[] = [];
  for (const one of due) said.push(await escalationOf(deps, invocation, shown, asShown(shown, one)));
  const notices = unknown.map((one): Said => ({
    id: escalationPostingId(invocation, one.key),
    update: composeUnknownRule(shown, asShown(shown, one)),
    asked: false,
  }));
  return { said: [...said, ...notices], events };
}

/** A rule with its reading as updates may show them. */
function asShown<Due extends Pick<DueRule, 'rule' | 'reading'>>(
  { criteria, configuration }: Facts,
  due: Due,
): Due {
  const rule = configuration.escalation.find(({ id }) => id === due.rule.id) ?? due.rule;
  const reading = criteria.escalation.find(({ id }) => id === due.rule.id) ?? due.reading;
  return { ...due, rule, reading };
}

async function escalationOf(
  deps: CommandDeps,
  invocation: Invocation,
  facts: Facts,
  { key, rule, reading }: DueRule,
): Promise<Said> {
  const people = await assignTo(deps, invocation, facts, rule.contact, rule.assign);
  const told = (rule.contact === undefined ? undefined : deps.notified(invocation)[rule.contact]) ?? [];
  return {
    id: escalationPostingId(invocation, key),
    update: composeEscalation({ facts, reason: { rule, reading }, people, told }),
    asked: false,
  };
}

/** Assigns the people of a contact, and others, to the issue. */
export async function assignTo(
  deps: CommandDeps,
  invocation: Invocation,
  { configuration: { contacts } }: Pick<Facts, 'configuration'>,
  contact: string | undefined,
  others: readonly string[] = [],
): Promise<{ assigned: string[]; passedOver: string[] }> {
  const own = contact !== undefined && Object.hasOwn(contacts, contact) ? contacts[contact] : undefined;
  const logins = [...new Set([...others, ...(own?.assign ?? [])])];
  return await assignAll(deps, invocation, logins);
}

/** Id of the update of a rule's event: one for each time that it speaks, whichever look finds it so first. */
export function escalationPostingId({ repository, issue }: Invocation, key: string): string {
  return postingId(`${String(repository.id)}#${String(issue.number)} ${key}`, 'escalation');
}
