import type { EventBody } from '../incident/events.ts';
import { clock } from '../figures.ts';
import { repositoryId } from '../repository-id.ts';
import { code, issue, join, link, plain, prose, say, type Text } from '../text.ts';
import { causeName, withShortRevisions } from './cause-lines.ts';

/** What the words of an event need beside it. */
export interface EventContext {
  /** Times are written as seen from here. */
  seen: string;
  /** Number of the action, where one was added. */
  action: number | null;
  /** Titles of all actions in the order of their numbers. */
  titles: readonly string[];
}

/** Signs of what somebody wrote that are shown in a row; the link leads to the rest. */
const longest = 240;

/** An event in one line: `Severity P1`, `Action 3 done: roll back`. */
export function eventWords(body: EventBody, context: EventContext): Text {
  const { seen, titles } = context;
  const named = (number: number) => say`${number}: ${prose(short(titles[number - 1] ?? ''))}`;
  switch (body.kind) {
    case 'declared':
      return say`**Declared**${body.severity === null ? say`` : say` ${plain(body.severity)}`}, by ${declaredBy[body.via]}`;
    case 'stood-down':
      return say`**Stood down**: ${prose(body.why)}`;
    case 'severity':
      return body.severity === null ? say`No severity` : say`Severity ${plain(body.severity)}`;
    case 'stage':
      return say`**Stage ${plain(body.stage)}**`;
    case 'lead':
      return body.lead === null ? say`Lead: nobody` : say`Lead: ${code(body.lead)}`;
    case 'acknowledged':
      return say`Acknowledged`;
    case 'note':
      return quoted(body.text);
    case 'impact':
      return say`Impact: ${quoted(body.text)}`;
    case 'why':
      return say`Why, ${plain(body.why.act)}${whyOf(body.why)}: ${quoted(body.text)}`;
    case 'action-added':
      return say`Action ${context.action ?? 0}: ${prose(short(body.title))}${body.owner === null ? say`` : say`, owner ${code(body.owner)}`}${body.dueAt === null ? say`` : say`, due ${plain(clock(body.dueAt, seen))}`}`;
    case 'action-done':
      return say`Done, action ${named(body.number)}`;
    case 'action-reopened':
      return say`Open again, action ${named(body.number)}`;
    case 'checkpoints':
      return body.plan.length === 0
        ? say`No checkpoints any more`
        : say`Checkpoints at ${join(body.plan.map(code))}`;
    case 'snoozed':
      return say`Quiet until ${plain(clock(body.until, seen))}`;
    case 'regression':
      return say`Regression of ${issue(body.of)}${body.raised ? say`; severity raised to P0` : say``}`;
    case 'not-regression':
      return say`No regression of ${issue(body.of)}`;
    case 'similar':
      return say`Similar: ${join(body.matches.map(({ of }) => issue(of)))}`;
    case 'escalated':
      return say`**Escalated**${body.contact === null ? say`` : say` to ${code(body.contact)}`}${body.rule === null ? say`` : say` by the rule ${code(body.rule)}`}${body.reason === null ? say`` : say`: ${quoted(body.reason)}`}`;
    case 'rule-unknown':
      return say`The rule ${code(body.rule)} cannot be told, and its clock ran out`;
    case 'rollback-offered':
      return say`**Rollback offered**: ${code(body.component)}${body.to === '' ? say`` : say` to ${code(body.to)}`}`;
    case 'handoff':
      return say`Handoff to ${code(body.to)}`;
    case 'handoff-accepted':
      return say`Handoff accepted`;
    case 'resolve-refused':
      return say`${body.byHand ? say`Closed by hand, **not resolved**` : say`**Not resolved**`}: ${blocking(body)}`;
    case 'window-complete':
      return say`All success criteria have held for as long as asked`;
    case 'window-broken':
      return say`Failing again before the confirmation: ${join(body.failing.map((title) => prose(short(title))))}`;
    case 'resolved':
      return say`**Resolved**${body.byHand ? say` by closing the issue` : say``}${overridden(body)}`;
    case 'reopened':
      return say`**Opened again** (${plain(body.because)}): ${prose(short(body.what))}`;
    case 'issue-closed':
      return say`Issue closed`;
    case 'issue-reopened':
      return say`Issue opened again`;
    case 'began':
      return say`**The failure began**, as the readings tell`;
    case 'cause':
      return say`Cause found, **${plain(body.verdict)}**: ${plain(causeName(body.cause))} (${code(body.component)})`;
    case 'component-state':
      return body.to === 'healthy'
        ? say`${code(body.component)} recovered, was ${plain(body.from)}`
        : say`${code(body.component)} ${plain(body.to)}, was ${plain(body.from === 'healthy' ? 'OK' : body.from)}`;
    case 'change':
      return body.component === repositoryId
        ? say`${prose(withShortRevisions(body.title))}`
        : say`${code(body.component)}: ${prose(withShortRevisions(body.title))}`;
    case 'updated':
      return say`Update posted: ${plain(body.update)}`;
    case 'folded':
      return say`Not posted, for the noise it would have been: ${plain(body.update)}`;
    case 'postmortem':
      return say`Postmortem${body.draft ? say`, draft` : say``}${body.pull === null ? say`` : say`: ${link(`pull request ${String(body.pull.number)}`, body.pull.url)}`}`;
    case 'followup':
      return say`Follow-up ${issue(body.number)}: ${prose(short(body.title))}`;
  }
}

const declaredBy = {
  label: say`a label`,
  command: say`a command`,
  status: say`the first update of a labelled issue`,
};

function whyOf({ cause, component }: Extract<EventBody, { kind: 'why' }>['why']): Text {
  if (cause === undefined) return say``;
  return say` ${plain(causeName(cause))}${component === undefined ? say`` : say` (${code(component)})`}`;
}

function blocking({ failing, unknown }: { failing: readonly string[]; unknown: readonly string[] }): Text {
  return say`${join(
    [
      ...failing.map((title) => say`${prose(title)}, failing`),
      ...unknown.map((title) => say`${prose(title)}, unknown`),
    ],
    say`; `,
  )}`;
}

function overridden({ override, overridden: titles }: Extract<EventBody, { kind: 'resolved' }>): Text {
  if (override === null) return say``;
  const over = titles.length === 0 ? say`` : say` over ${join(titles.map(prose), say`; `)}`;
  return say`, **overridden**${over}: ${quoted(override)}`;
}

/** What somebody wrote, in quotation marks. */
export function quoted(text: string): Text {
  return say`“${prose(short(text))}”`;
}

function short(text: string): string {
  return text.length > longest ? `${text.slice(0, longest).toWellFormed()}…` : text;
}
