import type { Configuration } from '../../config/repository.schema.ts';
import { dated, span } from '../figures.ts';
import { durationsOf } from '../incident/durations.ts';
import type { IncidentEvent } from '../incident/events.ts';
import { stateOf, type IncidentState } from '../incident/state.ts';
import { code, issue, join, link, plain, prose, say, type Text } from '../text.ts';
import type { PostmortemUpdate } from '../update.ts';
import { causeLine, worsened } from './cause-lines.ts';
import { quoted } from './event-words.ts';
import type { Facts } from './facts.ts';
import { postmortemFolds } from './postmortem-folds.ts';
import { timeRows } from './postmortem-times.ts';
import { replyFooter } from './reply-footer.ts';
import { retrospect } from './retrospect.ts';
import { storyFacts, type Telling } from './story-facts.ts';

/** What a postmortem is written from: the record, and the update that tells the cause best. */
export interface PostmortemInput {
  issue: number;
  /** Title of the issue, redacted. */
  title: string;
  configuration: Configuration;
  record: readonly IncidentEvent[];
  /** The update that tells most of the cause; null where nothing was ever read. */
  telling: Telling | null;
  /** UTC, ISO 8601. */
  now: string;
  /** Why it is no pull request, though one is wanted; null otherwise. */
  failure: string | null;
  /** Whether the record and what was read are redacted. */
  redacted?: boolean;
  /** Shown as a comment, where long parts are folded, or as a document of the repository. */
  as: 'comment' | 'document';
  version: string;
}

/** The postmortem as a Markdown document; nothing in it that is not on record, measured or stated. */
export function composePostmortem(input: PostmortemInput): PostmortemUpdate {
  const { record, configuration, telling, now, failure, version } = input;
  const state = stateOf(record);
  const facts = telling === null ? null : storyFacts(configuration, record, telling);
  const { well, wrong } = retrospect(record, configuration, now);
  const none = say`Nothing on record.`;
  return {
    kind: 'postmortem',
    title: say`${issue(input.issue)}, ${prose(input.title)}`,
    notices: [
      ...(state.resolution === null
        ? [say`**Draft**: the incident is not resolved; its stage is ${plain(state.stage)}.`]
        : []),
      ...(failure === null ? [] : [say`**No pull request:** ${prose(failure)} (record)`]),
      ...changedSince(record),
    ],
    summary: summaryLines(state, record, facts),
    impact: impactLines(state, record, configuration),
    times: timeRows(record, state),
    well: well.length === 0 ? [none] : well,
    wrong: wrong.length === 0 ? [none] : wrong,
    asOf:
      facts === null
        ? say`Nothing was read of the infrastructure in this incident.`
        : say`As the update of ${plain(dated(facts.seen))} UTC tells, which told most of the cause. Evidence of other updates: ${code('/sitrep evidence E1')}.`,
    long: input.as === 'comment',
    folds: postmortemFolds(input, facts),
    footer: replyFooter(version, input.redacted),
  };
}

/** What is new since the postmortem before. */
function changedSince(record: readonly IncidentEvent[]): Text[] {
  const place = record.findLastIndex(({ body }) => body.kind === 'postmortem');
  const before = record[place];
  if (before === undefined) return [];
  const added = record.length - place - 1;
  return [
    say`Since the one of ${plain(dated(before.at))}: ${added} new ${added === 1 ? say`entry` : say`entries`} on record (record)`,
  ];
}

function summaryLines(state: IncidentState, record: readonly IncidentEvent[], facts: Facts | null): Text[] {
  const cause = facts === null ? null : causeLine(facts);
  const worse = facts === null ? null : worsened(facts);
  return [
    ...(state.declared === null ? [] : [lengthLine(state, state.declared.at)]),
    ...(cause === null ? [] : [say`**${cause.label}:** ${cause.what}`]),
    ...(worse === null ? [] : [say`**Worsened by:** ${worse}`]),
    ...(state.regression === null ? [] : [say`**Regression of** ${issue(state.regression.of)}`]),
    say`**Led by:** ${leads(record)}`,
  ];
}

function lengthLine({ severity, resolution }: IncidentState, declaredAt: string): Text {
  const grade = severity === null ? say`Incident` : say`${plain(severity)}`;
  const from = say`declared ${plain(dated(declaredAt))} UTC`;
  if (resolution === null) return say`**${grade}**, ${from}, open (record)`;
  const took = Date.parse(resolution.at) - Date.parse(declaredAt);
  return say`**${grade}**, ${from}, resolved ${plain(dated(resolution.at))} by ${code(resolution.by)} after ${plain(span(Math.max(0, took)))} (record)`;
}

/** Who led, one after the other. */
function leads(record: readonly IncidentEvent[]): Text {
  const all: string[] = [];
  for (let count = 1; count <= record.length; count += 1) {
    const kind = record[count - 1]?.body.kind;
    if (kind !== 'lead' && kind !== 'handoff-accepted') continue;
    const { lead } = stateOf(record.slice(0, count));
    if (lead !== null && lead !== all.at(-1)) all.push(lead);
  }
  return all.length === 0 ? say`**nobody**` : say`${join(all.map(code), say`, then `)}`;
}

/** Who was affected, as people and the configuration state it, and for how long, as the record tells. */
function impactLines(
  state: IncidentState,
  record: readonly IncidentEvent[],
  configuration: Configuration,
): Text[] {
  const { outage } = durationsOf(state);
  const stated = record.flatMap(({ body, by, at, url }) => {
    if (body.kind !== 'impact') return [];
    const who = `${by} at ${dated(at)}`;
    return [say`${quoted(body.text)} (stated, ${url === null ? prose(who) : link(who, url)})`];
  });
  return [
    ...(outage.ms === null || outage.from === null || outage.to === null
      ? [say`How long users were affected is not on record.`]
      : [
          say`Users were affected for ${plain(span(outage.ms))}, ${plain(dated(outage.from))} to ${plain(dated(outage.to))} UTC (record)`,
        ]),
    ...stated,
    ...(configuration.impact === undefined
      ? []
      : [say`“${prose(configuration.impact.statement)}” (stated, sitrep.yml)`]),
  ];
}
