import { age, clock } from '../figures.ts';
import { stateOf } from '../incident/state.ts';
import { signal } from '../signals.ts';
import type { Gap, Snapshot, Source } from '../snapshot.ts';
import { cite, ids, mention, plain, say, type Text } from '../text.ts';
import { openHandoffLine } from './handoff-line.ts';
import { checkpointReached } from './checkpoint.ts';
import { type Facts, fewIds, notCovered } from './facts.ts';

/** Metrics older than this are said to be old. */
const fresh = 5 * 60_000;
/** Failed reads named in the line; what is beyond is in the fold. */
const named = 3;

/**
 * The second line: when this was read, which checkpoint it is, how fresh the metrics are, how much could be read, and
 * who leads.
 */
export function readingLine(facts: Facts): Text {
  const { incident } = facts.snapshot;
  const at = readLine(facts);
  if (!incident) return at;
  const lead = incident.lead === null ? say`**nobody**` : say`${mention(incident.lead)}`;
  const handoff = openHandoffLine(
    stateOf(facts.snapshot.record ?? []),
    facts.seen,
    facts.checkpoint !== undefined,
  );
  return say`${at} · Lead: ${lead}${handoff === null ? say`` : say` · Handoff ${handoff}`}`;
}

/** The same without who leads. */
export function readLine(facts: Facts): Text {
  const reached =
    facts.checkpoint === undefined ? say`` : say` · ${checkpointReached(facts.checkpoint, facts.seen)}`;
  return say`**${plain(clock(facts.seen, facts.seen))} UTC${reached}**${metrics(facts)} · ${facts.redacted === undefined ? reads(facts.snapshot) : notRead(facts.snapshot)}${uncovered(facts)}`;
}

/** Signals whose last point is known to the minute; those read over longer periods end with the window. */
const toTheMinute: ReadonlySet<string> = new Set([
  signal.requests,
  signal.instances,
  signal.backends,
  signal.up,
]);

/** How late metrics are: what they do not show yet is not over. */
function metrics(facts: Facts): Text {
  const newest = metricsReach(facts);
  if (newest === undefined) return say``;
  const isOld = Date.parse(facts.seen) - Date.parse(newest) > fresh;
  const old = isOld ? say` (${plain(age(newest, facts.seen))} old)` : say``;
  return say` · metrics to ${plain(clock(newest, facts.seen))}${old}`;
}

/**
 * The end of the newest minute of any metric, UTC; undefined where none was read. Google shows the points of Cloud
 * Run some 2 minutes after they were taken, those of Cloud SQL up to 165 s.
 */
export function metricsReach({ snapshot }: Pick<Facts, 'snapshot'>): string | undefined {
  const read = snapshot.observations.filter(
    (found) => found.source.api === 'monitoring.googleapis.com' && toTheMinute.has(found.signal),
  );
  return latestOf(read.map(({ last }) => last));
}

function latestOf(instants: readonly (string | undefined)[]): string | undefined {
  return instants
    .filter((instant) => instant !== undefined)
    .sort((a, b) => Date.parse(a) - Date.parse(b))
    .at(-1);
}

/** How much could be read. A read is one request to one source; it counts as failed if it left a gap. */
export function readsCounted({ observations, gaps }: Pick<Snapshot, 'observations' | 'gaps'>): {
  ok: number;
  all: number;
} {
  const failed = new Set(gaps.filter(isFailed).map((gap) => keyOf(gap.source)));
  const all = new Set([...observations.map((found) => keyOf(found.source)), ...failed]);
  return { ok: all.size - failed.size, all: all.size };
}

/** `not read: E78`: in a redacted update what failed, and no count. */
function notRead({ gaps }: Snapshot): Text {
  const failed = gaps.filter(isFailed);
  if (failed.length === 0) return say`all reads OK`;
  return say`not read: ${ids(
    failed.map(({ id }) => id),
    named,
  )}`;
}

function isFailed({ reason }: Pick<Gap, 'reason'>): boolean {
  return reason !== 'unsupported';
}

/** `27/28 reads OK (not E78)`. */
function reads(snapshot: Snapshot): Text {
  const gaps = snapshot.gaps.filter(isFailed);
  const { ok, all } = readsCounted(snapshot);
  const count = say`${plain(`${ok}/${all}`)} reads OK`;
  if (gaps.length === 0) return count;
  return say`${count} (not ${ids(
    gaps.map((gap) => gap.id),
    named,
  )})`;
}

/** ` · 5 components not covered (E288–E292)`: what no collector reads is no failed read. */
function uncovered(facts: Facts): Text {
  const of = notCovered(facts);
  if (of.length === 0) return say``;
  const gaps = facts.snapshot.gaps.filter(({ component }) => of.includes(component));
  return say` · ${of.length} ${of.length === 1 ? say`component` : say`components`} not covered ${cite(
    gaps.map(({ id }) => id),
    fewIds,
  )}`;
}

function keyOf(source: Source): string {
  return JSON.stringify([source.api, source.method, source.query]);
}
