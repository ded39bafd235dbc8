/**
 * Templates of masked log lines: what stays of lines that differ only where many different values stand. It does not
 * hang on the order of the lines, and it is wary: two errors that differ in one word stay two until so many different
 * words stand there that it must be a name, a path or a number in disguise.
 */

/** Most different values that may stand in one place of otherwise equal lines, as parts of them. The one setting. */
const mostValues = 8;

/** Stands where values vary. */
const varies = '<*>';

/** Parts of a line that are compared; what is beyond them is kept as one. */
const mostParts = 60;

/** Different lines that are compared word by word, the most frequent first; of more the time would grow too far. */
const mostCompared = 10_000;

/** A quoted text, or what stands between spaces and quotes. */
const part = /"(?:[^"\\]|\\.){0,200}"|(?<!\w)'[^'\n]{0,200}'(?!\w)|`[^`\n]{0,200}`|[^\s"]+|"/g;

/** A value by its looks: quoted, a path, a setting's value, or a word with a masked part. */
const isValue = /["'`/=]|.<\w{1,8}>|<\w{1,8}>./;

interface Line {
  parts: string[];
  count: number;
  /** The masked lines that it stands for. */
  of: string[];
}

/** The template of each of these masked lines; `counts` holds how often each was seen. */
export function templatesOf(counts: ReadonlyMap<string, number>): Map<string, string> {
  let lines = [...counts].map(([text, count]): Line => ({ parts: partsOf(text), count, of: [text] }));
  // Each round leaves fewer lines, or is the last.
  for (let before = Number.POSITIVE_INFINITY; lines.length < before;) {
    before = lines.length;
    lines = merged(withoutFrequentWords(merged(withoutFrequentValues(lines))));
  }
  return new Map(lines.flatMap(({ parts, of }) => of.map((text) => [text, parts.join(' ')] as const)));
}

function partsOf(text: string): string[] {
  const parts: string[] = text.match(part) ?? [];
  return parts.length <= mostParts ? parts : [...parts.slice(0, mostParts), parts.slice(mostParts).join(' ')];
}

/** Lines that are equal but for their values, where these are many, without them; several places at a time. */
function withoutFrequentValues(lines: readonly Line[]): Line[] {
  const alike = Map.groupBy(lines, ({ parts }) => parts.map(withoutValue).join(' '));
  return [...alike.values()].flatMap((group) => {
    if (group.length <= mostValues) return group;
    const places = [...(group[0]?.parts.keys() ?? [])].filter(
      (place) => new Set(group.map(({ parts }) => parts[place])).size > mostValues,
    );
    return group.map((line) => ({ ...line, parts: replaced(line.parts, places, withoutValue) }));
  });
}

/** Lines that are equal but for one word, where it is one of many, without that word. */
function withoutFrequentWords(lines: readonly Line[]): Line[] {
  if (lines.length <= mostValues) return [...lines];
  const compared = lines.length <= mostCompared ? lines : mostFrequent(lines);
  const seen = new Map<string, number>();
  const around = ({ parts }: Line) =>
    parts.map((_, place) => replaced(parts, [place], () => varies).join(' '));
  for (const line of compared) for (const key of around(line)) seen.set(key, (seen.get(key) ?? 0) + 1);
  const among = new Set(compared);
  return lines.map((line) => {
    if (!among.has(line) || line.parts.length < 2) return line;
    const keys = around(line);
    const places = keys.flatMap((key, place) => ((seen.get(key) ?? 0) > mostValues ? [place] : []));
    return places.length === 0 ? line : { ...line, parts: replaced(line.parts, places, () => varies) };
  });
}

function mostFrequent(lines: readonly Line[]): Line[] {
  const named = lines.map((line) => ({ line, text: line.parts.join(' ') }));
  return named
    .toSorted((a, b) => b.line.count - a.line.count || (a.text < b.text ? -1 : 1))
    .slice(0, mostCompared)
    .map(({ line }) => line);
}

function replaced(
  parts: readonly string[],
  places: readonly number[],
  by: (part: string) => string,
): string[] {
  const others = [...parts];
  for (const place of places) others[place] = by(others[place] ?? '');
  return others;
}

/** What stays of a part where its value varies: of a setting its name. */
function withoutValue(text: string): string {
  if (!isValue.test(text)) return text;
  const name = /^[\w.-]{1,60}=/.exec(text)?.[0] ?? '';
  return `${name}${varies}`;
}

function merged(lines: readonly Line[]): Line[] {
  const alike = Map.groupBy(lines, ({ parts }) => parts.join(' '));
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.length === 1) return group;
    const count = group.reduce((sum, line) => sum + line.count, 0);
    return [{ parts: first.parts, count, of: group.flatMap(({ of }) => of) }];
  });
}
