import { dateTime, timeWindow } from '../figures.ts';
import { code, plain, say, type Text } from '../text.ts';
import type { Facts } from './facts.ts';

/** The last line of an update: by which Sitrep, when it was read, and over which time. */
export function updateFooter({ version, snapshot, seen }: Facts): Text {
  const window = plain(timeWindow(snapshot.window, seen));
  return say`Sitrep ${plain(version)} · read ${plain(dateTime(seen))} · window ${window} · ${code('/sitrep help')}`;
}
