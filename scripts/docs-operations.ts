import { declaredMetrics } from '../src/composition/metrics/catalogue.ts';
import { retentions } from '../src/store/retention.ts';

/** A table of `docs/operations.md`, between two comments. */
interface Place {
  name: string;
  /** The code that it is written from. */
  source: string;
  columns: readonly string[];
  rows: () => readonly (readonly string[])[];
}

const places: readonly Place[] = [
  {
    name: 'retention',
    source: 'src/store/retention.ts',
    columns: ['what', 'kept', 'why', 'tables'],
    rows: () =>
      retentions.map(({ what, kept, why, tables }) => [what, kept, why, tables.map(code).join(', ')]),
  },
  {
    name: 'metrics',
    source: 'src/composition/metrics/catalogue.ts',
    columns: ['metric', 'kind', 'labels', 'tells', 'of'],
    rows: () =>
      declaredMetrics().map(([name, { kind, labels, help, of }]) => [
        code(name),
        kind,
        Object.entries(labels).map(labelText).join('; '),
        help,
        of,
      ]),
  },
];

/** `docs/operations.md` with its tables as they are in the code. */
export function operationsPage(text: string): string {
  return places.reduce(written, text);
}

function written(text: string, { name, source, columns, rows }: Place): string {
  const begin = `<!-- ${name}: written by scripts/derive.ts from ${source} -->`;
  const end = `<!-- ${name}: end -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from === -1 || to === -1) throw new Error(`docs/operations.md has no place for its table of ${name}`);
  const table = [columns, columns.map(() => '---'), ...rows()]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
  return `${text.slice(0, from)}${begin}\n\n${table}\n\n${text.slice(to)}`;
}

/** The collectors are listed in docs/evidence.md. */
const shownValues = 25;

function labelText([label, values]: [label: string, values: readonly string[]]): string {
  const own =
    values.length > shownValues ? `one of the ${String(values.length)} ${label}s` : values.join(', ');
  return `${code(label)}: ${own}`;
}

function code(text: string): string {
  return `\`${text}\``;
}
