import type { Configuration } from '../../config/repository.schema.ts';
import type { CriterionReading } from '../criteria/types.ts';
import { clock } from '../figures.ts';
import { code, ids, join, link, mention, plain, prose, say, type Text, type Value } from '../text.ts';
import type { EscalationUpdate, NoticeUpdate } from '../update.ts';
import { causeLine } from './cause-lines.ts';
import { changeLine } from './change-line.ts';
import { nextLine } from './checkpoint.ts';
import { citedIds } from './cited.ts';
import { addressee, escalationFold } from './escalation.ts';
import { criterionWords } from './criterion-words.ts';
import { escalationPacket, idsInPacket } from './escalation-packet.ts';
import { type Facts, fewIds } from './facts.ts';
import { evidenceFold } from './folds/evidence.ts';
import { standingOf } from './headline.ts';
import { impactLine } from './impact-line.ts';
import { replyFooter } from './reply-footer.ts';
import { updateFooter } from './update-footer.ts';
import { offeredSince, rollbackOffer } from './rollback.ts';
import { stateLine } from './state-lines.ts';

type Rule = Configuration['escalation'][number];

/** Why an escalation is made: a rule is met, or somebody asked. */
export type EscalationReason =
  { rule: Rule; reading: CriterionReading } | { contact: string; by: string; text: string | null };

/** What became of assigning people to the issue. */
export interface Assigned {
  assigned: readonly string[];
  /** GitHub passed over them: they have no role in the repository. */
  passedOver: readonly string[];
}

export interface EscalationInput {
  facts: Facts;
  reason: EscalationReason;
  people: Assigned;
  /** By which ways the contact is told outside GitHub; empty for none. */
  told: readonly string[];
}

/** The update of an escalation, with the packet. */
export function composeEscalation(input: EscalationInput): EscalationUpdate {
  const { facts, reason } = input;
  const { contacts } = facts.configuration;
  const id = 'rule' in reason ? reason.rule.contact : reason.contact;
  const contact = id !== undefined && Object.hasOwn(contacts, id) ? contacts[id] : undefined;
  const whom =
    'rule' in reason ? addressee(facts, reason.rule) : say`${prose(contact?.name ?? reason.contact)}`;
  const rollback = 'rule' in reason && reason.rule.action === 'rollback';
  const next = nextLine(facts);
  const lines = [
    reasonLine(facts, reason),
    ...(rollback || rollbackOffer(facts) !== null ? [rollbackLine(facts)] : []),
    ...stateOfThings(facts),
    ...reachLine(contact),
    ...peopleLines(input.people),
    toldLine(whom, input.told),
    ...(next === null ? [] : [say`**Next:** ${next}`]),
  ];
  const headline = rollback
    ? say`⏪ Time to roll back: ${prose(reason.rule.title)}`
    : contact === undefined
      ? say`⏫ Escalation: ${whom}`
      : say`⏫ Escalation to ${whom}`;
  const packet = escalationPacket(
    facts,
    contact?.name ?? ('rule' in reason ? reason.rule.title : reason.contact),
  );
  const named = new Set([...citedIds([headline, lines]), ...idsInPacket(packet)]);
  return {
    kind: 'escalation',
    headline,
    lines,
    packet,
    folds: { escalation: escalationFold(facts), evidence: evidenceFold(facts, named) },
    footer: updateFooter(facts),
  };
}

function reasonLine(facts: Facts, reason: EscalationReason): Text {
  const now = plain(`${clock(facts.seen, facts.seen)} UTC`);
  if (!('rule' in reason)) {
    const text = reason.text === null ? say`` : say`: “${prose(reason.text)}” (stated, ${code(reason.by)})`;
    return say`**${now}** · ${standingOf(facts)} · asked for by ${code(reason.by)}${text}`;
  }
  const { rule, reading } = reason;
  return say`**${now}** · ${standingOf(facts)} · rule “${prose(rule.title)}” is met${reading.why === '' ? say` ` : say`: `}${criterionWords(reading, fewIds)}`;
}

/** What is broken, who is affected, what changed and why, a line each. */
function stateOfThings(facts: Facts): Text[] {
  const state = stateLine(facts);
  const affected = impactLine(facts);
  const changed = changeLine(facts);
  const cause = causeLine(facts);
  return [
    say`**${state.label}:** ${state.what}`,
    ...(affected === null ? [] : [say`**Affected:** ${affected}`]),
    ...(changed === null ? [] : [say`**Since ${changed.since}:** ${changed.what}`]),
    ...(cause === null ? [] : [say`**${cause.label}:** ${cause.what}`]),
  ];
}

function rollbackLine(facts: Facts): Text {
  const offer = rollbackOffer(facts);
  const offered = offeredSince(facts);
  if (offer === null || offered === null)
    return say`**Rollback:** no older revision is seen to do better than what serves`;
  const run = offer.run === null ? say`` : say`. ${{ as: 'command', text: offer.run.text }}`;
  return say`**Rollback** ${offered}${run}`;
}

function reachLine(contact: Configuration['contacts'][string] | undefined): Text[] {
  if (contact === undefined) return [];
  const ways: Value[] = [
    ...(contact.mention === undefined ? [] : [mention(contact.mention.replace(/^@/, ''))]),
    ...(contact.url === undefined ? [] : [link('open', contact.url)]),
  ];
  return ways.length === 0 ? [] : [say`**Reach:** ${prose(contact.name)}: ${join(ways)}`];
}

function peopleLines({ assigned, passedOver }: Assigned): Text[] {
  return [
    ...(assigned.length === 0 ? [] : [say`**Assigned:** ${join(assigned.map((login) => mention(login)))}`]),
    ...(passedOver.length === 0
      ? []
      : [
          say`**Not assigned:** ${join(passedOver.map((login) => code(login)))}: GitHub passes over who has no role here`,
        ]),
  ];
}

/** A comment wakes nobody: what else was done is said, and where nothing was, that is said too. */
function toldLine(whom: Text, told: readonly string[]): Text {
  if (told.length === 0)
    return say`**Nobody was paged:** no pager is connected for ${whom}. Somebody has to do it.`;
  return say`**Told outside GitHub:** ${whom}, by ${join(told.map((way) => plain(way)))}, with a link to this update`;
}

/** An escalation rule whose clock ran out, and that cannot be told. */
export function composeUnknownRule(
  facts: Facts,
  { rule, reading, clock: due }: { rule: Rule; reading: CriterionReading; clock: string },
): NoticeUpdate {
  const evidence = reading.evidence.length === 0 ? say`` : say` (${ids(reading.evidence)})`;
  const contact = rule.contact ?? null;
  const how =
    contact === null
      ? say`Decide it by hand.`
      : say`Decide it by hand: ${code(`/sitrep escalate ${contact}`)}`;
  return {
    kind: 'notice',
    headline: say`❔ “${prose(rule.title)}” cannot be told; its clock ran out ${plain(clock(due, facts.seen))} UTC`,
    lines: [
      facts.redacted === undefined
        ? say`${prose(reading.why)}${evidence}`
        : say`What it asks for could not be read${evidence}`,
      how,
    ],
    footer: replyFooter(facts.version, facts.redacted !== undefined),
  };
}

/** Somebody escalates to a contact again, shortly after. */
export function composeEscalatedLately(input: {
  name: string;
  /** When it was escalated before, and when it is now, UTC. */
  at: string;
  now: string;
  told: readonly string[];
  version: string;
}): NoticeUpdate {
  const { name, at, now, told, version } = input;
  return {
    kind: 'notice',
    headline: say`⏫ Already escalated to ${prose(name)} at ${plain(clock(at, now))} UTC (record)`,
    lines: [say`The packet is in that update.`, toldLine(say`${prose(name)}`, told)],
    footer: replyFooter(version),
  };
}
