import { clockWithSeconds, timeWindow } from '../../figures.ts';
import { canonical } from '../../observations.ts';
import type { Observation, Source } from '../../snapshot.ts';
import { code, command, ids, join, label, link, plain, say, type Value } from '../../text.ts';
import type { EvidenceRow, Fold, SourceRow } from '../../update.ts';
import type { Facts } from '../facts.ts';
import { measured, shortRevision } from '../values.ts';
import { fold } from './fold.ts';

/** Every value that was read, and those of earlier updates that this one still cites. */
export function evidenceFold(facts: Facts, cited: ReadonlySet<string>): Fold<EvidenceRow> | null {
  const now = new Set(facts.snapshot.observations.map(({ id }) => id));
  const earlier = (facts.snapshot.previous?.figures ?? []).filter(({ id }) => cited.has(id) && !now.has(id));
  const all = canonical([...earlier, ...facts.snapshot.observations]);
  const [first, last] = [all[0]?.id ?? '', all.at(-1)?.id ?? ''];
  return fold(
    label`Evidence ${plain(`${first}–${last}`)}`,
    all.map((found) => evidenceRow(found, facts.seen, cited.has(found.id))),
  );
}

function evidenceRow(found: Observation, seen: string, isCited: boolean): EvidenceRow {
  const revision = found.revision === undefined ? say`` : say` ${code(shortRevision(found.revision))}`;
  return {
    id: say`${ids([found.id])}`,
    component: say`${code(found.component)}${revision}`,
    signal: say`${code(found.signal)}`,
    value: measured(found, seen),
    window: found.window === null ? say`now` : say`${plain(timeWindow(found.window, seen))}`,
    source: say`${code(`${shortApi(found.source)} ${found.source.method}`)}`,
    read: say`${plain(clockWithSeconds(found.at, seen))}`,
    cited: isCited,
  };
}

function shortApi({ api }: Source): string {
  return api.replace(/\.googleapis\.com$/, '');
}

/** The requests behind the evidence, once each, with the console and the command that show the same. */
export function sourceFold(facts: Facts): Fold<SourceRow> | null {
  const read = [...facts.snapshot.observations, ...facts.snapshot.gaps, ...facts.snapshot.changes];
  const sources = [...Map.groupBy(canonical(read), ({ source }) => keyOf(source)).values()];
  const rows = sources.flatMap((items) => {
    const [first] = items;
    if (first === undefined) return [];
    const evidence = items.map(({ id }) => id);
    return [sourceRow(first.source, evidence)];
  });
  return fold(label`Sources: ${rows.length} queries, with the commands that read the same`, rows);
}

/** The query is not shown a second time where a command holds it. */
function sourceRow(source: Source, of: readonly string[]): SourceRow {
  const method = code(`${shortApi(source)} ${source.method}`);
  const line = source.command !== undefined && showable.test(source.command) ? source.command : null;
  const ways: Value[] = [
    ...(source.console === undefined ? [] : [link('console', source.console)]),
    ...(line === null ? [] : [command(line)]),
  ];
  return {
    evidence: say`${ids(of)}`,
    query: line === null ? say`${method} ${code(source.query)}` : say`${method}`,
    again: ways.length === 0 ? say`–` : say`${join(ways, say` `)}`,
  };
}

/** Commands that a table can show in full, as they are. */
const showable = /^[^|\n\r]{1,700}$/;

function keyOf(source: Source): string {
  return JSON.stringify([source.api, source.method, source.query]);
}
