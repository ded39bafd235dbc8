import { clock, span } from '../figures.ts';
import { durationsOf, type TimeTo } from '../incident/durations.ts';
import type { IncidentState } from '../incident/state.ts';
import { code, join, plain, say, type Text } from '../text.ts';

/**
 * The times of an incident in one line: `Began 17:09 · declared 17:15, 6 min later · acknowledged 17:21, after 6 min, by
 * dana (record)`. What the record does not tell is left out.
 */
export function timesLine(state: IncidentState, seen: string): Text {
  const { detect, acknowledge, mitigate, resolve } = durationsOf(state);
  const parts = [
    ...(detect.from === null ? [] : [say`Began ${plain(clock(detect.from, seen))}`]),
    ...(detect.to === null
      ? []
      : [
          say`declared ${plain(clock(detect.to, seen))}${detect.ms === null ? say`` : say`, ${plain(span(detect.ms))} later`}`,
        ]),
    ...reached(say`acknowledged`, acknowledge, seen),
    ...reached(say`mitigated`, mitigate, seen),
    ...reached(say`resolved`, resolve, seen),
  ];
  return say`${join(parts, say`; `)} (record)`;
}

function reached(what: Text, { to, ms, by }: TimeTo, seen: string): Text[] {
  if (to === null) return [];
  const after = ms === null ? say`` : say`, ${plain(span(ms))} after the declaration`;
  return [
    say`${what} ${plain(clock(to, seen))}${after}${by === null || by === 'sitrep' ? say`` : say`, by ${code(by)}`}`,
  ];
}
