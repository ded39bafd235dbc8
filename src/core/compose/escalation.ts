import type { Configuration } from '../../config/repository.schema.ts';
import { recovery } from '../criteria/recovery.ts';
import type { CriterionReading } from '../criteria/types.ts';
import { clock, share } from '../figures.ts';
import { clockOf, conditionsOf, isClock } from '../incident/rule-clock.ts';
import { cite, code, ids, join, label, link, plain, prose, say, type Text, type Value } from '../text.ts';
import type { ContactRow, EscalationRow, StatusFolds } from '../update.ts';
import { criterionWords } from './criterion-words.ts';
import { type Facts, fewIds, isAllWell } from './facts.ts';
import { offeredSince } from './rollback.ts';
import { sinceWords } from './since.ts';

type Rule = Configuration['escalation'][number];

/** The escalation that is due, or that comes next, with its clock. */
export function escalationLine(facts: Facts): Text | null {
  if (!facts.snapshot.incident || isAllWell(facts)) return null;
  const goOn = new Set(
    facts.configuration.escalation.filter(({ action }) => action === 'continue').map(({ id }) => id),
  );
  const rules = facts.criteria.escalation.filter(({ id }) => !goOn.has(id));
  const reading = rules.find(({ result }) => result === 'met') ?? rules[0];
  const rule = reading === undefined ? undefined : ruleOf(facts, reading);
  if (reading === undefined || rule === undefined) return null;
  const whom = addressee(facts, rule);
  if (reading.result === 'met')
    return say`**now**, ${whom}${reading.why === '' ? say` ` : say`: `}${criterionWords(reading, fewIds)}`;
  const now = currently(reading);
  return say`${whom}${whenDue(facts, rule)}${onlyIf(facts, rule)}${now === null ? say`` : say`; now ${now}`}`;
}

/** All rules with their clock and state. */
export function escalationRows(facts: Facts): EscalationRow[] {
  return facts.criteria.escalation.flatMap((reading) => {
    const rule = ruleOf(facts, reading);
    if (rule === undefined) return [];
    const due = dueAt(facts, rule);
    return [
      {
        rule: ruleWords(facts, rule),
        due: due === null ? say`–` : say`${plain(clock(due, facts.seen))}`,
        state: say`${stateWords(reading, facts.seen)}${reading.why === '' ? say` ` : say`: `}${criterionWords(reading)}${offer(facts, rule)}`,
      },
    ];
  });
}

function ruleWords(facts: Facts, rule: Rule): Text {
  if (rule.action === 'continue') return say`Go on as now: ${prose(rule.title)}`;
  return say`${prose(rule.title)} → ${addressee(facts, rule)}`;
}

/** A rollback is offered as soon as the revisions contrast, not only when the clock of its rule runs out. */
function offer(facts: Facts, rule: Rule): Text {
  const offered = rule.action === 'rollback' ? offeredSince(facts) : null;
  return offered === null ? say`` : say`; ${offered}`;
}

/** All rules with their state, and whom to turn to; null where neither is configured. */
export function escalationFold(facts: Facts): StatusFolds['escalation'] {
  const rows = escalationRows(facts);
  const contacts = contactRows(facts);
  if (rows.length === 0 && contacts.length === 0) return null;
  return { summary: label`Escalation and contacts`, rows, omitted: 0, contacts };
}

/** Whom to turn to, as the configuration names them. Nobody is notified by a status. */
function contactRows(facts: Facts): ContactRow[] {
  return Object.values(facts.configuration.contacts).map(({ name, role, mention, assign, url }) => {
    const ways: Value[] = [
      ...(mention === undefined ? [] : [code(mention)]),
      ...assign.map((login) => code(login)),
      ...(url === undefined ? [] : [link('open', url)]),
    ];
    return {
      name: say`${prose(name)}`,
      role: say`${plain(role)}`,
      reach: ways.length === 0 ? say`–` : say`${join(ways)}`,
    };
  });
}

function stateWords(reading: CriterionReading, seen: string): Text {
  const words = { met: say`**met**`, failed: say`not met`, unknown: say`unknown` }[reading.result];
  const since = sinceWords(reading, seen);
  return since === null ? words : say`${words} ${since}`;
}

function ruleOf(facts: Facts, reading: CriterionReading): Rule | undefined {
  return facts.configuration.escalation.find(({ id }) => id === reading.id);
}

/** For whom a rule is, in words. */
export function addressee(facts: Facts, rule: Rule): Text {
  const contact = rule.contact === undefined ? undefined : facts.configuration.contacts[rule.contact];
  return contact === undefined ? say`${prose(rule.title)}` : say`${prose(contact.name)}`;
}

const recoveryBelow = /^recovery\s*<\s*(0\.\d{1,2}|1(?:\.0)?)$/;

/** When a rule's clock runs out, UTC; null where it has none or there is no incident. */
function dueAt(facts: Facts, rule: Rule): string | null {
  const { incident } = facts.snapshot;
  return incident ? clockOf(rule.when, incident.declaredAt) : null;
}

function whenDue(facts: Facts, rule: Rule): Text {
  const due = dueAt(facts, rule);
  if (due === null) return say``;
  const isPast = Date.parse(due) <= Date.parse(facts.seen);
  return isPast
    ? say` (clock ran out ${plain(clock(due, facts.seen))})`
    : say` at ${plain(clock(due, facts.seen))}`;
}

/** The conditions beside the clock, the common ones in words. */
function onlyIf(facts: Facts, rule: Rule): Text {
  const rest = conditionsOf(rule.when).filter((condition) => condition !== '' && !isClock(condition));
  if (rest.length === 0) return say``;
  return say` if ${join(
    rest.map((condition) => inWords(facts, condition)),
    say` and `,
  )}`;
}

function inWords(facts: Facts, condition: string): Text {
  const part = recoveryBelow.exec(condition)?.[1];
  if (part !== undefined) {
    const limit = Math.round(Number(part) * 100);
    return say`${limit === 100 ? say`not all` : say`under ${plain(`${limit} %`)}`} up${presently(facts)}`;
  }
  if (/^trend\s*!=\s*['"]improving['"]$/.test(condition)) return say`it does not improve`;
  return say`${code(condition)}`;
}

/** ` (now 33 %, E61)`: how much of what serves is up. */
function presently(facts: Facts): Text {
  const now = recovery({ ...facts, journeys: {} });
  if (!now.known || typeof now.value !== 'number') return say``;
  return say` (now ${plain(share(now.value))}, ${ids(now.evidence, fewIds)})`;
}

/** What the rule reads beside the clock and the recovery, without its limits, which are said already. */
function currently({ why, evidence }: CriterionReading): Text | null {
  const parts = why
    .split('; ')
    .filter((part) => part !== '' && !/^(?:elapsed|recovery)\b/.test(part))
    .map((part) => part.replaceAll(/ \((?:limit|wanted) [^)]*\)/g, ''));
  return parts.length === 0 || evidence.length === 0
    ? null
    : say`${prose(parts.join('; '))} ${cite(evidence)}`;
}
