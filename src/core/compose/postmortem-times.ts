import { dated, span } from '../figures.ts';
import { durationsOf, type TimeTo } from '../incident/durations.ts';
import type { IncidentEvent } from '../incident/events.ts';
import type { IncidentState } from '../incident/state.ts';
import { code, ids, plain, say, type Text } from '../text.ts';
import type { TimeRow } from '../update.ts';
import { fewIds } from './facts.ts';

/** The five times of an incident with their dates; what the record does not tell is said to be missing. */
export function timeRows(record: readonly IncidentEvent[], state: IncidentState): TimeRow[] {
  const { detect, acknowledge, mitigate, resolve } = durationsOf(state);
  const began = record.findLast(({ body, at }) => body.kind === 'began' && at === state.beganAt)?.body;
  const evidence = began?.kind === 'began' ? began.evidence : [];
  return [
    row(say`Began`, { ...detect, to: detect.from, ms: null, by: null }, say`–`, evidence),
    row(say`Detected (declared)`, detect, say`after it began`),
    row(say`Acknowledged`, acknowledge, say`after the declaration`),
    row(say`Mitigated`, mitigate, say`after the declaration`),
    row(say`Resolved`, resolve, say`after the declaration`),
  ];
}

function row(what: Text, { to, ms, by }: TimeTo, after: Text, evidence: readonly string[] = []): TimeRow {
  return {
    what,
    at: to === null ? say`not on record` : say`${plain(dated(to))}`,
    after: ms === null ? say`–` : say`${plain(span(ms))} ${after}`,
    by: by === null || by === 'sitrep' ? say`–` : say`${code(by)}`,
    source: evidence.length === 0 ? say`record` : say`${ids(evidence, fewIds)}`,
  };
}
