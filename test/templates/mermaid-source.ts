/** Mermaid source as the writer makes it, read back: for tests that look at what a picture says. */

/** A label in the source, as a reader sees it; lines apart. */
export interface DrawnLabel {
  place: 'node' | 'edge' | 'axis' | 'row' | 'title';
  lines: string[];
}

/** A row of a schedule: its label and the times between which it lies, `2025-09-15 17:09`. */
export interface DrawnRow {
  label: string;
  from: string;
  to: string | null;
}

/** Characters without width, by which columns of a chart are told apart. */
const widthless = /[\u200B\u2060]/g;

/** `#NN;` read back. */
export function decoded(source: string): string {
  return source.replaceAll(/#(\d+);/g, (_all, code: string) => String.fromCodePoint(Number(code)));
}

/** All texts of a diagram. */
export function labelsOf(source: string): DrawnLabel[] {
  const body = withoutSettings(source);
  const title = /^ accTitle: (.*)$/m.exec(body)?.[1] ?? '';
  const rows = body.split('\n').flatMap((line) => {
    const found = /^ (?:section (?<name>.*)|(?<task>.+) :(?:crit, )?(?:milestone, )?\d{4}-.*)$/.exec(line);
    return found === null ? [] : [found.groups?.['name'] ?? found.groups?.['task'] ?? ''];
  });
  const quoted = [...body.matchAll(/(\|?)"([^"]*)"/g)].map(([, bar, text = '']): DrawnLabel => ({
    place: bar === '|' ? 'edge' : body.startsWith('xychart') ? 'axis' : 'node',
    lines: text.split('\n').map(shown),
  }));
  const all: DrawnLabel[] = [
    { place: 'title', lines: [shown(title)] },
    ...rows.map((text): DrawnLabel => ({ place: 'row', lines: [shown(text)] })),
    ...quoted,
  ];
  return all.filter(({ lines }) => lines.join('') !== '');
}

/** The values of a chart; a column that ends below the axis has none. */
export function columnsOf(source: string): (number | null)[] {
  const values = /^ bar \[(.*)\]$/m.exec(source)?.[1];
  return (values ?? '')
    .split(', ')
    .filter(Boolean)
    .map((value) => (Number(value) < 0 ? null : Number(value)));
}

/** The rows of a schedule. */
export function rowsOf(source: string): DrawnRow[] {
  return [...source.matchAll(/^ (.+) :(?:crit, )?(?:milestone, )?(\d{4}-\S+ \S+), (.*)$/gm)].map(
    ([, label = '', from = '', to = '']) => ({
      label: shown(label),
      from,
      to: to.startsWith('2') ? to : null,
    }),
  );
}

/** The source with every text taken out: what is left must not depend on them. */
export function skeletonOf(source: string): string {
  const encoded = String.raw`(?:[\p{L}\p{Nd} ]|#\d+;)`;
  return source
    .replaceAll(new RegExp(`"(?:${encoded}|\\n)*"(?=[\\]|,])`, 'gu'), '""')
    .replaceAll(
      new RegExp(`^( (?:accTitle:|section|title|y-axis)) (?:"${encoded}*"|${encoded}*)`, 'gmu'),
      '$1',
    )
    .replaceAll(new RegExp(`^ ${encoded}+ :`, 'gmu'), ' row:');
}

function withoutSettings(source: string): string {
  return source.replace(/^%%\{.*\}%%\n/, '');
}

function shown(text: string): string {
  return decoded(text).replaceAll(widthless, '').trim();
}
