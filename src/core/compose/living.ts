import { sampledTrend } from '../criteria/series-trend.ts';
import { age, clock } from '../figures.ts';
import { type ChecklistAction, type IncidentState, type Said, stateOf } from '../incident/state.ts';
import {
  cite,
  code,
  fence,
  issue,
  join,
  label,
  link,
  plain,
  prose,
  say,
  type Text,
  type Value,
} from '../text.ts';
import type { CommandRow, LivingUpdate, TaskRow } from '../update.ts';
import { actionWords } from './checklist.ts';
import { causeLine } from './cause-lines.ts';
import { changeLine } from './change-line.ts';
import { nextLine } from './checkpoint.ts';
import { citedIds } from './cited.ts';
import { escalationLine } from './escalation.ts';
import { type Facts, factsOf, fewIds, type StatusInput } from './facts.ts';
import { stateFold } from './folds/components.ts';
import { criteriaFold } from './folds/criteria.ts';
import { plannedEnd } from './folds/plan.ts';
import { citedEvidenceFold } from './folds/evidence.ts';
import { fold } from './folds/fold.ts';
import { scheduleFold } from './folds/schedule.ts';
import { trendFold } from './folds/trend.ts';
import { openHandoffLine } from './handoff-line.ts';
import { headline } from './headline.ts';
import { impactLine } from './impact-line.ts';
import { readLine } from './reading.ts';
import { updateFooter } from './update-footer.ts';
import { stateLine } from './state-lines.ts';

/** Notes shown, the newest; the timeline has all. */
const shownNotes = 5;
/** Signs of a note that are shown; the link leads to the rest. */
const shownSigns = 300;

/**
 * The living comment: how the incident stands, its criteria and its checklist with boxes to tick. It is written from the
 * last reading and from all that was recorded since. Pure.
 */
export function composeLiving(input: StatusInput): LivingUpdate {
  const facts = factsOf(input);
  const state = stateOf(facts.snapshot.record ?? []);
  const lines = {
    headline: title(facts, state),
    reading: readLine(facts),
    state: stateLine(facts),
    affected: statedImpact(facts, state) ?? impactLine(facts),
    changed: changeLine(facts),
    cause: causeLine(facts),
    lead: leadLine(facts, state),
    trend: trendLine(facts),
    escalate: state.watched ? escalationLine(facts) : null,
    escalated: escalatedLine(facts, state),
    handoff: openHandoffLine(state, facts.seen, false),
    next: state.watched ? nextLine(facts) : null,
    folded: foldedLine(facts, state),
  };
  const criteria = criteriaFold(facts);
  const tasks = state.actions.map((action) => taskRow(facts, action));
  const checklist =
    tasks.length === 0
      ? null
      : {
          heading: say`Checklist ${plain(`${tasks.filter(({ ticked }) => ticked).length}/${tasks.length}`)} done${untilWhen(plannedEnd(state.actions), facts.seen)}`,
          tasks,
        };
  const folds = {
    states: stateFold(facts),
    trend: trendFold(facts),
    criteria,
    schedule: state.watched ? scheduleFold(facts) : null,
    commands: fold(label`Commands of the checklist`, state.actions.flatMap(commandRow)),
    notes: fold(label`Notes`, [...regressionNote(state), ...notesOf(facts, state)]),
    evidence: null,
  };
  return {
    kind: 'living',
    ...lines,
    checklist,
    folds: { ...folds, evidence: citedEvidenceFold(facts, citedIds([lines, folds])) },
    footer: updateFooter(facts),
  };
}

/** `, planned to end 21:15`. */
function untilWhen(end: string | null, seen: string): Text {
  return end === null ? say`` : say`, planned to end ${plain(clock(end, seen))}`;
}

/** While the incident is open as in every update; afterwards how it ended. */
function title(facts: Facts, state: IncidentState): Text {
  const severity = state.severity === null ? say`Incident` : say`${plain(state.severity)}`;
  if (state.resolution !== null) {
    const { at, by } = state.resolution;
    return say`✅ ${severity} resolved at ${plain(clock(at, facts.seen))} (stated, ${code(by)}); last read:`;
  }
  if (state.stoodDown !== null)
    return say`⚪ ${severity} stood down: ${prose(state.stoodDown)}. Nothing more is read here`;
  return headline(facts);
}

/** `“text” (stated, [carol at 18:10](…))`. */
function statedImpact(facts: Facts, { impact }: IncidentState): Text | null {
  return impact === null ? null : say`${saidBy(facts, impact)}`;
}

function saidBy({ seen }: Facts, { text, by, at, url }: Said): Text {
  const short = text.length > shownSigns ? `${text.slice(0, shownSigns)}…` : text;
  const who = `${by} at ${clock(at, seen)}`;
  return say`“${prose(short)}” (stated, ${url === null ? plain(who) : link(who, url)})`;
}

function leadLine({ seen }: Facts, { lead, acknowledged, declared }: IncidentState): Text {
  const who = lead === null ? say`**nobody** (${code('/sitrep lead')} takes it)` : say`${code(lead)}`;
  if (acknowledged === null) return say`${who}; not acknowledged (${code('/sitrep ack')})`;
  const after =
    declared === null ? say`` : say`, ${plain(age(declared.at, acknowledged.at))} after the declaration`;
  return say`${who}; acknowledged ${plain(clock(acknowledged.at, seen))}${after} (stated, ${code(acknowledged.by)})`;
}

function trendLine(facts: Facts): Text | null {
  const trend = sampledTrend(facts);
  return trend === null ? null : say`${plain(trend.word)} ${cite(trend.evidence, fewIds)}`;
}

/** Whom people were told to turn to, the last of each contact. */
function escalatedLine({ configuration, seen }: Facts, { escalations }: IncidentState): Text | null {
  const last = new Map(escalations.map((one) => [one.contact ?? one.rule ?? '', one]));
  if (last.size === 0) return null;
  const parts = [...last].map(([whom, { at, by, paged }]): Value => {
    const name = configuration.contacts[whom]?.name ?? whom;
    const how = paged ? say`told` : say`raised here, nobody was paged`;
    return say`${prose(name)} ${plain(clock(at, seen))}, ${how} ${by === 'sitrep' ? say`(record)` : say`(stated, ${code(by)})`}`;
  });
  return say`${join(parts, say`; `)}`;
}

/** The headline says so too; how to undo it is needed once. */
function regressionNote({ regression }: IncidentState): { note: Text }[] {
  if (regression === null) return [];
  const who = regression.by === 'sitrep' ? say`(record)` : say`(stated, ${code(regression.by)})`;
  return [
    {
      note: say`**Regression** of ${issue(regression.of)} ${who}; ${code('/sitrep not-regression')} undoes it`,
    },
  ];
}

/** Updates that came to nothing for the noise they would have been. */
function foldedLine({ seen }: Facts, { folded }: IncidentState): Text | null {
  if (folded.length === 0) return null;
  const parts = folded.map(({ update, at }) => say`${plain(update)} of ${plain(clock(at, seen))}`);
  return say`${join(parts)}: no more comments this hour (sitrep.policy.yml)`;
}

/** `**3** Shift traffic · `alice` · due 18:30 (45 min late) · Restoration`. */
function taskRow({ seen }: Facts, action: ChecklistAction): TaskRow {
  return { ticked: action.done !== null, number: action.number, what: actionWords(action, seen) };
}

function commandRow({ number, title: what, run, done }: ChecklistAction): CommandRow[] {
  if (run === null || done !== null) return [];
  return [{ title: say`**${number}** ${prose(what)}:`, run: fence('bash', run) }];
}

function notesOf(facts: Facts, { notes }: IncidentState): { note: Text }[] {
  return notes
    .slice(-shownNotes)
    .toReversed()
    .map((note) => ({ note: saidBy(facts, note) }));
}
