import { clock, clockWithSeconds, timeWindow } from '../figures.ts';
import type { Change, Gap, Observation, Series, Snapshot, Source } from '../snapshot.ts';
import { gapPhrase } from '../states/reading.ts';
import { cite, code, fence, join, link, plain, prose, say, type Text } from '../text.ts';
import type { EvidenceUpdate, RefusalUpdate } from '../update.ts';
import { composeUnable } from './command-replies.ts';
import { samplesOf } from './folds/evidence.ts';
import { replyFooter } from './reply-footer.ts';
import { measured, setting, shortRevision } from './values.ts';

/** Settings of a change that are shown. */
const shownSettings = 20;

/** Where a piece of evidence comes from. */
export interface EvidenceInput {
  /** `E12`, one of the snapshot's own. */
  id: string;
  snapshot: Snapshot;
  /** Link to the comment that shows the snapshot; null where none does. */
  url: string | null;
  version: string;
}

/** One value with all that is known of it: window, time read, source, query, and the command that reads the same. */
export function composeEvidence({ id, snapshot, url, version }: EvidenceInput): EvidenceUpdate | null {
  const seen = snapshot.takenAt;
  const found = pieceOf(id, snapshot);
  if (found === null) return null;
  const { component, source } = found.item;
  const console = source.console === undefined ? say`` : say` · ${link('console', source.console)}`;
  const when = `update of ${clock(seen, seen)} UTC`;
  return {
    kind: 'evidence',
    headline: say`Evidence ${plain(id)}: ${code(component)} ${found.name}`,
    lines: [
      ...found.lines,
      say`**Source:** ${code(`${source.api} ${source.method}`)}${console} ${cite([id])}`,
      say`**Read for:** ${url === null ? plain(when) : link(when, url)}, ${plain(seen.slice(0, 10))} ${cite([id])}`,
    ],
    cited: say`${cite([id])}`,
    sample: found.sample === undefined ? null : fence('text', found.sample),
    query: source.query === '' ? null : fence('text', source.query),
    command: commandOf(source),
    footer: replyFooter(version),
  };
}

function commandOf({ command }: Source) {
  return command === undefined ? null : fence('bash', command);
}

interface Piece {
  item: { component: string; source: Source };
  name: Text;
  lines: Text[];
  sample?: string | undefined;
}

function pieceOf(id: string, { observations, gaps, changes, series = [], takenAt }: Snapshot): Piece | null {
  const observation = observations.find((one) => one.id === id);
  if (observation !== undefined) return observed(observation, takenAt);
  const gap = gaps.find((one) => one.id === id);
  if (gap !== undefined) return unread(gap, takenAt);
  const change = changes.find((one) => one.id === id);
  if (change !== undefined) return changed(change, takenAt);
  const sampled = series.find((one) => one.id === id);
  return sampled === undefined ? null : sampledPiece(sampled, takenAt);
}

function observed(item: Observation, seen: string): Piece {
  const { id, signal, window, at, revision, first, last, frame } = item;
  const span =
    first === undefined || last === undefined
      ? []
      : [
          say`**Seen:** first ${plain(clock(first, seen))}, last ${plain(clock(last, seen))} UTC ${cite([id])}`,
        ];
  return {
    item,
    name: say`${code(signal)}`,
    lines: [
      say`**Value:** ${measured(item, seen)} ${cite([id])}`,
      ...(revision === undefined ? [] : [say`**Revision:** ${code(shortRevision(revision))}`]),
      window === null
        ? say`**Window:** none, a present state`
        : say`**Window:** ${plain(timeWindow(window, seen))} UTC ${cite([id])}`,
      ...span,
      ...(frame === undefined ? [] : [say`**In the program:** ${code(frame)}`]),
      readAt(id, at, seen),
    ],
    sample: item.text,
  };
}

function unread(item: Gap, seen: string): Piece {
  const name = item.signal === '*' ? say`could not be read` : say`${code(item.signal)} could not be read`;
  return {
    item,
    name,
    lines: [
      say`**Reason:** ${plain(gapPhrase(item))}: ${code(item.detail)} ${cite([item.id])}`,
      say`**Remedy:** ${prose(item.remedy)}`,
      readAt(item.id, item.at, seen),
    ],
  };
}

function changed(item: Change, seen: string): Piece {
  const { id, kind, at, revision, previousRevision, diff, title, url, by } = item;
  const rows = diff
    .slice(0, shownSettings)
    .map(({ key, from, to }) => say`${code(key)} ${setting(key, from)} → ${setting(key, to)}`);
  const more = diff.length > rows.length ? say` and ${diff.length - rows.length} more` : say``;
  const from =
    previousRevision === undefined ? say`` : say`, before it ${code(shortRevision(previousRevision))}`;
  return {
    item,
    name: say`${plain(kind)} ${plain(clock(at, seen))} UTC ${cite([id])}`,
    lines: [
      ...(revision === undefined ? [] : [say`**Revision:** ${code(shortRevision(revision))}${from}`]),
      ...(title === undefined
        ? []
        : [say`**Title:** ${url === undefined ? prose(title) : link(title, url)}`]),
      ...(by === undefined ? [] : [say`**By:** ${code(by)}`]),
      ...(rows.length === 0 ? [] : [say`**Changed:** ${join(rows, say`; `)}${more} ${cite([id])}`]),
    ],
  };
}

function sampledPiece(item: Series, seen: string): Piece {
  const { value, window } = samplesOf(item, seen);
  return {
    item,
    name: say`${code(item.signal)}, sampled`,
    lines: [say`**Value:** ${value} ${cite([item.id])}`, say`**Window:** ${window} UTC ${cite([item.id])}`],
  };
}

function readAt(id: string, at: string, seen: string): Text {
  return say`**Read:** ${plain(clockWithSeconds(at, seen))} UTC ${cite([id])}`;
}

/** An id that no reading has, with those that were given out. */
export function composeNoEvidence(input: { id: string; next: number; version: string }): RefusalUpdate {
  const { id, next, version } = input;
  const last = next - 1;
  const headline = say`😕 There is no evidence ${code(id)} on this issue`;
  if (last < 1)
    return composeUnable(headline, [say`Nothing was read yet: ${code('/status')} reads.`], version);
  const number = Number(id.slice(1));
  const range = say`The numbers so far are ${plain(`E1–E${String(last)}`)}.`;
  const gone = say`${range} What was read long before a resolved incident's last updates is not kept.`;
  return composeUnable(headline, [number <= last ? gone : range], version);
}
