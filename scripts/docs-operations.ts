import { retentions } from '../src/store/retention.ts';

const begin = '<!-- retention: written by scripts/derive.ts from src/store/retention.ts -->';
const end = '<!-- retention: end -->';

/** `docs/operations.md` with its table of how long each kind of data is kept as it is in the code. */
export function operationsPage(text: string): string {
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from === -1 || to === -1) throw new Error('docs/operations.md has no place for how long data is kept');
  const rows = retentions.map(({ what, kept, why, tables }) => [
    what,
    kept,
    why,
    tables.map((table) => `\`${table}\``).join(', '),
  ]);
  const table = [['what', 'kept', 'why', 'tables'], ['---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
  return `${text.slice(0, from)}${begin}\n\n${table}\n\n${text.slice(to)}`;
}
