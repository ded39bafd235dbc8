import type { Picture } from '../diagram.ts';
import { incidentSchedule } from '../diagrams/incident-schedule.ts';
import { clock, dated } from '../figures.ts';
import type { IncidentEvent } from '../incident/events.ts';
import { stateOf, type IncidentState } from '../incident/state.ts';
import { timelineOf, type TimelineEntry, type TimelineFilter } from '../incident/timeline.ts';
import { code, ids, label, link, plain, say, type Text } from '../text.ts';
import type { Drawn, Fold, TimelineRow, TimelineUpdate } from '../update.ts';
import { fewIds } from './facts.ts';
import { eventWords } from './event-words.ts';
import { replyFooter } from './reply-footer.ts';
import { timesLine } from './times.ts';

/** Rows shown, the newest. */
const shownRows = 200;
/** More rows than these are folded. */
const unfoldedRows = 15;

/** What `/sitrep timeline` posts: what happened, from the record alone. */
export function composeTimeline(input: {
  record: readonly IncidentEvent[];
  filter: TimelineFilter;
  /** UTC, ISO 8601. */
  now: string;
  version: string;
  /** Whether it is a redacted record. */
  redacted?: boolean;
}): TimelineUpdate {
  const { record, filter, now, version, redacted } = input;
  const timeline = timelineFold(record, filter, now);
  const { group, since } = filter;
  const from = since === null ? say`` : say` since ${plain(clock(since, now))}`;
  return {
    kind: 'timeline',
    headline: say`Timeline, ${plain(clock(now, now))} UTC${stoodAt(record)}${group === null ? say`` : say`: ${plain(group)}`}${from}`,
    lines: [
      timesLine(stateOf(record), now),
      ...(timeline === null ? [say`Nothing of the kind is on record.`] : []),
    ],
    long: (timeline?.rows.length ?? 0) > unfoldedRows,
    folds: { timeline },
    footer: replyFooter(version, redacted),
  };
}

/** `, P0 mitigating`: how the incident stands at the end of the record. */
function stoodAt(record: readonly IncidentEvent[]): Text {
  const { severity, stage, declared } = stateOf(record);
  if (declared === null) return say``;
  return say`, ${severity === null ? say`incident` : say`${plain(severity)}`} ${plain(stage)}`;
}

/** The rows in the order in which it happened, the newest 200 of them; null for none. */
export function timelineFold(
  record: readonly IncidentEvent[],
  filter: TimelineFilter,
  seen: string,
): Drawn<Fold<TimelineRow>> | null {
  const all = timelineOf(record, filter);
  if (all.length === 0) return null;
  const entries = all.slice(-shownRows);
  const state = stateOf(record);
  const titles = state.actions.map(({ title }) => title);
  const isWhole = filter.group === null && filter.since === null;
  return {
    summary: label`Timeline: ${all.length} ${all.length === 1 ? plain('entry') : plain('entries')}, UTC, the oldest first`,
    rows: entries.map((entry, index) => rowOf(entry, entries[index - 1] ?? null, { titles, seen })),
    omitted: all.length - entries.length,
    newestLast: true,
    picture: isWhole ? schedulePicture(entries, state, seen) : null,
  };
}

/** The life of the incident; of a part of it, which people ask for to read it, there is no picture. */
function schedulePicture(
  entries: readonly TimelineEntry[],
  state: IncidentState,
  seen: string,
): Picture | null {
  const drawn = incidentSchedule({ events: entries.map(({ event }) => event), state, now: seen });
  if (drawn === null) return null;
  const { diagram, moments } = drawn;
  return {
    diagrams: [diagram],
    caption: say`Drawn until ${plain(clock(seen, seen))} UTC: ${moments} of ${entries.length} entries`,
  };
}

function rowOf(
  { event, recordedAt, action }: TimelineEntry,
  before: TimelineEntry | null,
  { titles, seen }: { titles: readonly string[]; seen: string },
): TimelineRow {
  const { at, by, body } = event;
  const late = recordedAt === null ? say`` : say`, recorded ${plain(clock(recordedAt, at))}`;
  return {
    at: say`${plain(timeOf(at, before))}${late}`,
    who: by !== 'sitrep' ? say`${code(by)}` : body.kind === 'change' ? say`–` : say`Sitrep`,
    what: eventWords(body, { seen, action, titles }),
    source: sourceOf(event),
  };
}

/** With the date on the first row and wherever another day begins. */
function timeOf(at: string, before: TimelineEntry | null): string {
  if (before === null) return dated(at);
  return clock(at, before.event.at);
}

function sourceOf({ url, body }: IncidentEvent): Text {
  const evidence = 'evidence' in body ? body.evidence : [];
  const page = url === null ? null : link(body.kind === 'change' ? 'page' : 'comment', url);
  if (evidence.length === 0) return page === null ? say`record` : say`${page}`;
  return page === null ? say`${ids(evidence, fewIds)}` : say`${ids(evidence, fewIds)} ${page}`;
}
