import type { Configuration } from '../../config/repository.schema.ts';
import { latestCheckpoint } from '../checkpoints.ts';
import { dated, span } from '../figures.ts';
import { durationsOf } from '../incident/durations.ts';
import type { EventBody, IncidentEvent } from '../incident/events.ts';
import { stateOf } from '../incident/state.ts';
import { code, issue, join, link, plain, prose, say, type Text } from '../text.ts';
import { quoted } from './event-words.ts';

/** What went well and what went wrong, each with its source. Derived from the record only, never guessed. */
export interface Retrospect {
  well: Text[];
  wrong: Text[];
}

/** An acknowledgement, or a detection, within this time counts as quick. */
const quickMs = 15 * 60_000;
/** A checkpoint that is later than this was late. */
const punctualMs = 5 * 60_000;

/**
 * @param now Until when an action that is open counts as late; UTC, ISO 8601.
 */
export function retrospect(
  record: readonly IncidentEvent[],
  configuration: Configuration,
  now: string,
): Retrospect {
  const state = stateOf(record);
  const { detect, acknowledge } = durationsOf(state);
  const end = state.resolution?.at ?? now;
  const judged = [
    ...quick(say`Declared`, say`after the failure began`, detect.ms),
    ...quick(say`Acknowledged`, say`after the declaration`, acknowledge.ms),
    ...(state.declared !== null && state.acknowledged === null
      ? [wrong(say`Nobody acknowledged it (record)`)]
      : []),
    ...checkpoints(record, state.plan ?? configuration.checkpoints, state.declared?.at ?? null, end),
    ...record.flatMap((event) => ofEvent(event)),
    ...actionsLate(record, end),
  ];
  return {
    well: judged.filter(({ good }) => good).map(({ what }) => what),
    wrong: judged.filter(({ good }) => !good).map(({ what }) => what),
  };
}

interface Judged {
  good: boolean;
  what: Text;
}

const well = (what: Text): Judged => ({ good: true, what });
const wrong = (what: Text): Judged => ({ good: false, what });

function quick(what: Text, after: Text, ms: number | null): Judged[] {
  return ms === null
    ? []
    : [{ good: ms <= quickMs, what: say`${what} ${plain(span(ms))} ${after} (record)` }];
}

/** Of the updates that came by themselves, how many were late, and by how much the latest was. */
function checkpoints(
  record: readonly IncidentEvent[],
  plan: readonly string[],
  declaredAt: string | null,
  end: string,
): Judged[] {
  const posted = record.filter(
    ({ body, at }) => body.kind === 'updated' && body.update === 'checkpoint' && at <= end,
  );
  if (posted.length === 0 || declaredAt === null) return [];
  const late = posted
    .map(({ at }) => Date.parse(at) - Date.parse(latestCheckpoint(plan, declaredAt, at)?.dueAt ?? at))
    .filter((ms) => ms > punctualMs);
  if (late.length === 0) return [well(say`${counted(posted.length)}, none of them late (record)`)];
  return [
    wrong(
      say`${late.length} of ${counted(posted.length)} late, by up to ${plain(span(Math.max(...late)))} (record)`,
    ),
  ];
}

function counted(count: number): Text {
  return say`${count} promised ${count === 1 ? say`update` : say`updates`}`;
}

/** `well: …` and `bad: …` at the beginning of a note say where it belongs. */
const marked = /^(well|bad):\s*(\S[\s\S]*)$/iu;

function ofEvent(event: IncidentEvent): Judged[] {
  const { body } = event;
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- most events judge nothing
  switch (body.kind) {
    case 'note': {
      const [, mark = '', text = ''] = marked.exec(body.text) ?? [];
      if (text === '') return [];
      return [{ good: mark.toLowerCase() === 'well', what: say`${quoted(text)} ${stated(event)}` }];
    }
    case 'resolve-refused':
      return [
        wrong(
          say`${body.byHand ? say`Closed by hand` : say`Called resolved`} while ${criteria(body)} ${told(event)}`,
        ),
      ];
    case 'resolved':
      return body.override === null
        ? []
        : [
            wrong(
              say`Resolved by an **override**${over(body.overridden)}: **${quoted(body.override)}** ${stated(event)}`,
            ),
          ];
    case 'escalated':
      return [
        wrong(
          say`Had to be escalated${body.contact === null ? say`` : say` to ${code(body.contact)}`} ${told(event)}`,
        ),
      ];
    case 'rule-unknown':
      return [wrong(say`The escalation rule ${code(body.rule)} could not be told ${told(event)}`)];
    case 'regression':
      return [wrong(say`The same happened before, in ${issue(body.of)} ${told(event)}`)];
    case 'reopened':
      return [wrong(say`Opened again (${plain(body.because)}): ${quoted(body.what)} ${told(event)}`)];
    case 'handoff-accepted':
      return [well(say`A handoff was accepted by ${code(event.by)} ${told(event)}`)];
    default:
      // Everything else is told by the timeline, and judges nothing.
      return [];
  }
}

function criteria({ failing, unknown }: Extract<EventBody, { kind: 'resolve-refused' }>): Text {
  const parts = [
    ...failing.map((title) => say`“${prose(title)}” failed`),
    ...unknown.map((title) => say`“${prose(title)}” was unknown`),
  ];
  return say`${join(parts, say`; `)}`;
}

function over(titles: readonly string[]): Text {
  return titles.length === 0 ? say`` : say` over ${join(titles.map((title) => say`“${prose(title)}”`))}`;
}

/** Actions whose time passed before they were done, or that never were. */
function actionsLate(record: readonly IncidentEvent[], end: string): Judged[] {
  return stateOf(record).actions.flatMap(({ number, title, owner, dueAt, done }) => {
    if (dueAt === null) return [];
    const ms = Date.parse(done?.at ?? end) - Date.parse(dueAt);
    if (ms <= 0) return [];
    const whose = owner === null ? say`without an owner` : say`of ${code(owner)}`;
    const how = done === null ? say`open ${plain(span(ms))} after` : say`done ${plain(span(ms))} after`;
    return [wrong(say`Action ${number}, ${prose(title)}, ${whose}: ${how} it was due (record)`)];
  });
}

/** ` at 2025-09-15 20:00 [comment](…) (record)`: when it was, and where it stands. */
function told({ at, url }: IncidentEvent): Text {
  const when = plain(dated(at));
  return url === null ? say`at ${when} (record)` : say`at ${when} ${link('comment', url)} (record)`;
}

function stated({ by, at, url }: IncidentEvent): Text {
  const who = `${by} at ${dated(at)}`;
  return url === null ? say`(stated, ${prose(who)})` : say`(stated, ${link(who, url)})`;
}
