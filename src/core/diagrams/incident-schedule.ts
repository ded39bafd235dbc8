import type { DiagramSpan, Schedule } from '../diagram.ts';
import { durationsOf } from '../incident/durations.ts';
import type { EventBody, IncidentEvent } from '../incident/events.ts';
import type { IncidentState } from '../incident/state.ts';
import { repositoryId } from '../repository-id.ts';
import { code, plain, say, type Code, type Text } from '../text.ts';

/** Moments drawn: those that count most, of these the newest. */
const mostMoments = 12;
/** Stages drawn, the newest. */
const mostStages = 8;

/** Letters of a component's name, and what is left of a longer one: more has no room beside a moment on a phone. */
const longestName = 10;
const cutName = 6;

/** What is drawn. */
export interface ScheduleInput {
  /** The events whose rows are shown below, in the order in which they happened. */
  events: readonly IncidentEvent[];
  state: IncidentState;
  /** UTC, ISO 8601: what is not over goes on until then. */
  now: string;
}

/** The schedule, and how many moments are in it. */
export interface IncidentSchedule {
  diagram: Schedule;
  moments: number;
}

/**
 * The life of an incident along the time: how long users were affected, its stages, and what happened. Null where there is
 * too little of it to be drawn. Nothing begins before the first of the events: earlier ones have no row below.
 */
export function incidentSchedule({ events, state, now }: ScheduleInput): IncidentSchedule | null {
  const [first] = events;
  if (first === undefined) return null;
  const moments = momentsOf(events);
  if (moments.length < 2) return null;
  const within = ({ from, to, ...span }: DiagramSpan): DiagramSpan[] => {
    const begins = latest(from, first.at);
    return Date.parse(to) < Date.parse(begins) ? [] : [{ ...span, from: begins, to }];
  };
  const groups = [
    affected(state, now).flatMap(within),
    stages(events, now).slice(-mostStages).flatMap(within),
    moments,
  ];
  return {
    diagram: {
      as: 'schedule',
      title: say`What happened, UTC`,
      groups: groups.filter((spans) => spans.length > 0),
    },
    moments: moments.length,
  };
}

/** While the failure went on, as far as that is known: not where it came back after it was over. */
function affected(state: IncidentState, now: string): DiagramSpan[] {
  const { from, to, ms } = durationsOf(state).outage;
  if (from === null || state.reopened > 0 || (to !== null && ms === null)) return [];
  return [{ words: say`users affected`, from, to: to ?? now, tone: 'failing' }];
}

/** The stages from the declaration on, each until the next. */
function stages(events: readonly IncidentEvent[], now: string): DiagramSpan[] {
  const turns = events.flatMap(({ at, body }) => {
    const stage = stageAfter(body);
    return stage === null ? [] : [{ at, stage }];
  });
  return turns.flatMap(({ at, stage }, place): DiagramSpan[] => {
    if (stage === 'resolved' || turns[place - 1]?.stage === stage) return [];
    const next = turns.slice(place + 1).find((turn) => turn.stage !== stage);
    return [{ words: say`${plain(stage)}`, from: at, to: next?.at ?? now, tone: 'plain' }];
  });
}

function stageAfter(body: EventBody): string | null {
  if (body.kind === 'declared' || body.kind === 'reopened') return 'investigating';
  if (body.kind === 'resolved') return 'resolved';
  return body.kind === 'stage' ? body.stage : null;
}

/** What happened, each with its time, in at most so many rows. */
function momentsOf(events: readonly IncidentEvent[]): DiagramSpan[] {
  const told = events.flatMap((event, place) => {
    const found = momentOf(event);
    return found === null ? [] : [{ ...found, at: event.at, place }];
  });
  const kept = told
    .toSorted((a, b) => a.rank - b.rank || b.place - a.place)
    .slice(0, mostMoments)
    .toSorted((a, b) => a.place - b.place);
  return kept.map(({ at, what, bad }) => ({
    words: say`${plain(at.slice(11, 16).replace(':', 'h'))} ${what}`,
    from: at,
    to: at,
    tone: bad ? 'failing' : 'plain',
  }));
}

/** What is drawn of an event. */
interface Moment {
  what: Text;
  rank: 0 | 1 | 2;
  bad: boolean;
}

function moment(rank: Moment['rank'], what: Text, bad = false): Moment {
  return { what, rank, bad };
}

/** What is drawn of an event, in few words; the lower its rank, the more it counts. */
function momentOf({ body }: IncidentEvent): Moment | null {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the other events are told by the table alone
  switch (body.kind) {
    case 'began':
      return moment(0, say`failure began`, true);
    case 'declared':
      return moment(0, say`declared`);
    case 'acknowledged':
      return moment(0, say`acknowledged`);
    case 'cause':
      return moment(0, say`cause ${named(body.component)}`);
    case 'escalated':
      return moment(0, say`escalated`);
    case 'handoff-accepted':
      return moment(0, say`taken over`);
    case 'resolved':
      return moment(0, say`resolved`);
    case 'reopened':
      return moment(0, say`opened again`, true);
    case 'change':
      return body.component === repositoryId ? null : moment(1, say`${named(body.component)} changed`);
    case 'resolve-refused':
      return moment(1, say`not resolved`, true);
    case 'window-complete':
      return moment(1, say`criteria held`);
    case 'component-state':
      if (body.to !== 'healthy' && body.to !== 'failing') return null;
      return moment(
        2,
        say`${named(body.component)} ${body.to === 'healthy' ? say`OK` : say`failing`}`,
        body.to === 'failing',
      );
    default:
      return null;
  }
}

/** A component in short: there is room for few letters, and who needs all of it finds it in the table. */
function named(component: string): Code {
  const spaced = component.replaceAll('-', ' ');
  return code(spaced.length > longestName ? `${spaced.slice(0, cutName).trimEnd()}…` : spaced);
}

function latest(a: string, b: string): string {
  return Date.parse(a) > Date.parse(b) ? a : b;
}
