import { dateTime, timeWindow } from '../figures.ts';
import { signal } from '../signals.ts';
import { cite, code, join, plain, say, type Text } from '../text.ts';
import type { Facts } from './facts.ts';
import { redactedPart } from './redacted-mark.ts';

/** The last line of an update: by which Sitrep, when it was read, over which time, on which branch, and its labels. */
export function updateFooter({ version, snapshot, seen, criteria, redacted }: Facts): Text {
  const window = plain(timeWindow(snapshot.window, seen));
  return say`Sitrep ${plain(version)} · read ${plain(dateTime(seen))} · window ${window}${branch(snapshot)}${kept(criteria)}${redacted === undefined ? say`` : redactedPart()} · ${code('/sitrep help')}`;
}

/** The branch whose commits count as changes. */
function branch({ observations }: Facts['snapshot']): Text {
  const commits = observations.find(
    ({ signal: name, text }) => name === signal.commits && text !== undefined,
  );
  return commits?.text === undefined ? say`` : say` · branch ${code(commits.text)} ${cite([commits.id])}`;
}

/** The labels that follow from what was found. */
function kept({ labels = [] }: Facts['criteria']): Text {
  const held = labels.filter(({ result }) => result === 'met').map(({ label }) => code(label));
  return held.length === 0 ? say`` : say` · labels ${join(held)}`;
}
