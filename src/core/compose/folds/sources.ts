import { canonical } from '../../observations.ts';
import type { Source } from '../../snapshot.ts';
import { counted } from '../../figures.ts';
import { code, fence, ids, label, link, plain, say } from '../../text.ts';
import type { Fold, SourceRow } from '../../update.ts';
import type { Facts } from '../facts.ts';
import { fold } from './fold.ts';

/**
 * The requests behind the evidence, once each, with the command that reads the same; the console page that shows
 * several of them is linked at the first. What nobody asked for has no source.
 */
export function sourceFold(facts: Facts): Fold<SourceRow> | null {
  const gaps = facts.snapshot.gaps.filter(({ source }) => source.method !== 'none');
  const { observations, changes, series = [] } = facts.snapshot;
  const read = canonical([...observations, ...gaps, ...changes, ...series]);
  const linked = new Set<string>();
  const rows = [...Map.groupBy(read, ({ source }) => keyOf(source)).values()].flatMap((items) => {
    const [first] = items;
    if (first === undefined) return [];
    const page = first.source.console;
    const isNew = page !== undefined && !linked.has(page);
    if (isNew) linked.add(page);
    return [
      sourceRow(
        first.source,
        items.map(({ id }) => id),
        isNew ? page : null,
      ),
    ];
  });
  return fold(
    label`Sources: ${plain(counted(rows.length, 'query', 'queries'))}, with the commands that read the same`,
    rows,
  );
}

/** The query is not shown a second time where a command holds it. */
function sourceRow(source: Source, of: readonly string[], page: string | null): SourceRow {
  return {
    evidence: say`${ids(of)}`,
    query: say`${code(`${shortApi(source)} ${source.method}`)}`,
    console: page === null ? null : say`${link('console', page)}`,
    run: source.command === undefined ? fence('text', source.query) : fence('bash', source.command),
  };
}

/** The API's name without the domain that all of Google's share. */
export function shortApi({ api }: Source): string {
  return api.replace(/\.googleapis\.com$/, '');
}

function keyOf(source: Source): string {
  return JSON.stringify([source.api, source.method, source.query]);
}
