import { clockWithSeconds, counted, figure, timeWindow } from '../../figures.ts';
import { canonical } from '../../observations.ts';
import type { Observation, Series } from '../../snapshot.ts';
import { code, ids, label, plain, type Plain, say, type Text } from '../../text.ts';
import type { EvidenceRow, Fold } from '../../update.ts';
import type { Facts } from '../facts.ts';
import { measured, shortRevision } from '../values.ts';
import { fold } from './fold.ts';
import { shortApi } from './sources.ts';

/**
 * Every value that was read, and those of earlier updates that this one still cites. The
 * method and the query of each stand under Sources.
 */
export function evidenceFold(facts: Facts, cited: ReadonlySet<string>): Fold<EvidenceRow> | null {
  const now = new Set(facts.snapshot.observations.map(({ id }) => id));
  const earlier = (facts.snapshot.previous?.figures ?? []).filter(({ id }) => cited.has(id) && !now.has(id));
  const all = canonical([...earlier, ...facts.snapshot.observations]);
  const series = canonical(facts.snapshot.series ?? []);
  const [first, last] = [(all[0] ?? series[0])?.id ?? '', (series.at(-1) ?? all.at(-1))?.id ?? ''];
  return fold(label`Evidence ${plain(`${first}–${last}`)}`, [
    ...all.map((found) => evidenceRow(found, facts.seen, cited.has(found.id))),
    ...series.map((found) => seriesRow(found, facts.seen, cited.has(found.id))),
  ]);
}

/** Of that only what is cited: for an update that others follow soon, which have all. */
export function citedEvidenceFold(facts: Facts, cited: ReadonlySet<string>): Fold<EvidenceRow> | null {
  const all = evidenceFold(facts, cited);
  const rows = all?.rows.filter((row) => row.cited) ?? [];
  return fold(label`Evidence cited: ${plain(counted(rows.length, 'reading', 'readings'))}`, rows);
}

function evidenceRow(found: Observation, seen: string, isCited: boolean): EvidenceRow {
  const revision = found.revision === undefined ? say`` : say` ${code(shortRevision(found.revision))}`;
  return {
    id: say`${ids([found.id])}`,
    component: say`${code(found.component)}${revision}`,
    signal: say`${code(found.signal)}`,
    value: measured(found, seen),
    window: found.window === null ? say`now` : say`${plain(timeWindow(found.window, seen))}`,
    source: say`${code(shortApi(found.source))}`,
    read: say`${plain(clockWithSeconds(found.at, seen))}`,
    cited: isCited,
  };
}

function seriesRow(found: Series, seen: string, isCited: boolean): EvidenceRow {
  const { id, component, points, source } = found;
  const revision = found.revision === undefined ? say`` : say` ${code(shortRevision(found.revision))}`;
  const to = points.at(-1)?.[0] ?? seen;
  return {
    id: say`${ids([id])}`,
    component: say`${code(component)}${revision}`,
    signal: say`${code(found.signal)}`,
    ...samplesOf(found, seen),
    source: say`${code(shortApi(source))}`,
    read: say`${plain(clockWithSeconds(to, seen))}`,
    cited: isCited,
  };
}

/** What samples read of one figure: how many values, and between which they lie, and when. */
export function samplesOf(
  { earlier = [], points: recent, unit }: Series,
  seen: string,
): Pick<EvidenceRow, 'value' | 'window'> {
  const points = [...earlier, ...recent];
  const values = points.map(([, value]) => value);
  const [from, to] = [points[0]?.[0] ?? seen, points.at(-1)?.[0] ?? seen];
  const [least, most] = [Math.min(...values), Math.max(...values)].map((value) =>
    plain(figure(String(value), unit)),
  );
  return {
    value: rangeOf(points.length, least, most),
    window: say`${plain(timeWindow({ from, to }, seen))}`,
  };
}

/** `12 samples, 1 to 5`; where all are the same, that value. */
function rangeOf(count: number, least: Plain | undefined, most: Plain | undefined): Text {
  const samples = plain(counted(count, 'sample', 'samples'));
  if (least === undefined || most === undefined) return say`${samples}`;
  return least.text === most.text ? say`${samples}, ${most}` : say`${samples}, ${least} to ${most}`;
}
