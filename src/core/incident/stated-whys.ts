import type { Statement } from '../snapshot.ts';
import type { IncidentState } from './state.ts';

/**
 * What people said on the issue, with what they said of the whys by a command. Whys come from the record alone: what the
 * statements of an update before carry is put anew, so that nothing counts twice. A second why of one comment, and one
 * whose comment was not read, is a statement of its own.
 *
 * @param page Of the issue, for what was not said in a comment.
 */
export function withWhys(
  statements: readonly Statement[],
  whys: IncidentState['whys'],
  page: string,
): Statement[] {
  const waiting = Map.groupBy(whys, ({ url }) => url ?? page);
  const comments = new Map<string, Statement>();
  for (const { why: _before, ...statement } of statements)
    if (!comments.has(statement.url)) comments.set(statement.url, statement);
  const told = [...comments.values()].map((statement): Statement => {
    const first = waiting.get(statement.url)?.shift();
    return first === undefined ? statement : { ...statement, why: first.why };
  });
  const rest = [...waiting].flatMap(([url, said]) =>
    said.map(({ by, at, text, why }): Statement => ({
      by,
      at,
      url,
      text: comments.has(url) ? '' : text,
      why,
    })),
  );
  return [...told, ...rest];
}
