import { replyFooter } from '../compose/reply-footer.ts';
import { clock, clockWithSeconds, timeWindow } from '../figures.ts';
import type { Snapshot, Window } from '../snapshot.ts';
import { gapPhrase } from '../states/reading.ts';
import { cite, code, link, plain, say, type Text } from '../text.ts';
import type { EvidenceUpdate } from '../update.ts';
import { changeWords } from './change-words.ts';

/**
 * One piece of evidence as far as everybody may see it: of which component it is, when it was read and over which time.
 * Null where the snapshot has none of that id.
 */
export function composeRedactedEvidence(input: {
  id: string;
  snapshot: Snapshot;
  url: string | null;
  version: string;
}): EvidenceUpdate | null {
  const { id, snapshot, url, version } = input;
  const seen = snapshot.takenAt;
  const found = pieceOf(id, snapshot);
  if (found === null) return null;
  const when = `update of ${clock(seen, seen)} UTC`;
  return {
    kind: 'evidence',
    headline: say`Evidence ${plain(id)}: ${code(found.component)} ${found.name}`,
    lines: [
      ...found.lines,
      say`**Read for:** ${url === null ? plain(when) : link(when, url)}, ${plain(seen.slice(0, 10))} ${cite([id])}`,
      say`The value, its source and its query are not shown in a public repository.`,
    ],
    cited: say`${cite([id])}`,
    sample: null,
    query: null,
    command: null,
    footer: replyFooter(version, true),
  };
}

interface Piece {
  component: string;
  name: Text;
  lines: Text[];
}

function pieceOf(id: string, { observations, gaps, changes, series = [], takenAt }: Snapshot): Piece | null {
  const isIt = (one: { id: string }): boolean => one.id === id;
  const observation = observations.find(isIt);
  if (observation !== undefined) {
    const { component, window, at } = observation;
    return {
      component,
      name: say`was read`,
      lines: [windowLine(id, window, takenAt), readLine(id, at, takenAt)],
    };
  }
  const gap = gaps.find(isIt);
  if (gap !== undefined)
    return {
      component: gap.component,
      name: say`could not be read`,
      lines: [say`**Reason:** ${plain(gapPhrase(gap))} ${cite([id])}`, readLine(id, gap.at, takenAt)],
    };
  const change = changes.find(isIt);
  if (change !== undefined)
    return {
      component: change.component,
      name: say`${plain(changeWords(change.kind))} ${plain(clock(change.at, takenAt))} UTC ${cite([id])}`,
      lines: [],
    };
  const sampled = series.find(isIt);
  if (sampled === undefined) return null;
  const [from, to] = [sampled.points[0]?.[0] ?? takenAt, sampled.points.at(-1)?.[0] ?? takenAt];
  return {
    component: sampled.component,
    name: say`was sampled`,
    lines: [windowLine(id, { from, to }, takenAt)],
  };
}

function windowLine(id: string, window: Window | null, seen: string): Text {
  return window === null
    ? say`**Window:** none, a present state`
    : say`**Window:** ${plain(timeWindow(window, seen))} UTC ${cite([id])}`;
}

function readLine(id: string, at: string, seen: string): Text {
  return say`**Read:** ${plain(clockWithSeconds(at, seen))} UTC ${cite([id])}`;
}
