import type { ColumnChart, Diagram, Flowchart, Schedule, Words } from '../core/diagram.ts';
import { mermaidLabel } from './mermaid-label.ts';

/**
 * Writes a picture as Mermaid, in what all versions since 10.9 draw alike: flowcharts with quoted labels, `xychart-beta` and
 * `gantt`. Every text passes `mermaid-label.ts`; ids are our own. What is more than GitHub draws, or than a reader can tell
 * apart, is not drawn at all.
 */

/** GitHub draws up to 50,000 characters and 500 arrows. */
const longestSource = 30_000;
const mostEdges = 500;

/** The diagram in its fence; null where it cannot be drawn. */
export function mermaidFence(diagram: Diagram): string | null {
  const source = mermaidSource(diagram);
  return source === null ? null : `\`\`\`mermaid\n${source}\n\`\`\``;
}

/** The diagram as Mermaid; null where it cannot be drawn. */
export function mermaidSource(diagram: Diagram): string | null {
  const source = sourceOf(diagram);
  return source === null || source.length > longestSource ? null : source;
}

function sourceOf(diagram: Diagram): string | null {
  switch (diagram.as) {
    case 'flowchart':
      return flowchart(diagram);
    case 'columns':
      return columnChart(diagram);
    case 'schedule':
      return schedule(diagram);
  }
}

/** Close together, so that it stays readable on a phone; a label is broken where it becomes as wide as one. */
const spacing = { nodeSpacing: 14, rankSpacing: 28, padding: 8, wrappingWidth: 280 };

/** Colours that hold in the light and in the dark theme: filled ones with their own text, the others with the theme's. */
const tones = {
  failing: 'fill:#cf222e,stroke:#82071e,color:#ffffff',
  degraded: 'fill:#8a5a00,stroke:#5c3c00,color:#ffffff',
  unknown: 'fill:none,stroke:#768390,stroke-dasharray:4 3',
  healthy: 'fill:none,stroke:#2da44e',
};
const arrows = { solid: '-->', dotted: '-.->', thick: '==>' };

function flowchart({ direction, title, nodes, edges }: Flowchart): string | null {
  if (nodes.length === 0 || edges.length > mostEdges) return null;
  const names = new Map(nodes.map(({ id }, place) => [id, `n${place}`]));
  const boxes = nodes.map(({ id, lines, shape }) => {
    const label = `"${lines.map((line) => mermaidLabel(line)).join('\n')}"`;
    return `${names.get(id) ?? ''}${shape === 'round' ? `([${label}])` : `[${label}]`}`;
  });
  const links = edges.flatMap(({ from, to, line, words }) => {
    const [a, b] = [names.get(from), names.get(to)];
    if (a === undefined || b === undefined) return [];
    return [`${a} ${arrows[line]}${words === null ? '' : `|"${mermaidLabel(words)}"|`} ${b}`];
  });
  const classes = Object.entries(tones).flatMap(([tone, style]) => {
    const all = nodes.filter((node) => node.tone === tone).map(({ id }) => names.get(id) ?? '');
    return all.length === 0 ? [] : [`classDef ${tone} ${style}`, `class ${all.join(',')} ${tone}`];
  });
  const marked = nodes.filter((node) => node.marked).map(({ id }) => names.get(id) ?? '');
  const marking =
    marked.length === 0
      ? []
      : ['classDef marked stroke:#d4a72c,stroke-width:6px', `class ${marked.join(',')} marked`];
  return written({ flowchart: spacing }, direction === 'across' ? 'flowchart LR' : 'flowchart TD', [
    `accTitle: ${mermaidLabel(title)}`,
    ...boxes,
    ...links,
    ...classes,
    ...marking,
  ]);
}

/** As wide as a phone, so that its figures can be read there. */
const chartSize = { width: 400, height: 220 };
const chartColours = { errors: '#d1242f', time: '#218bff' };

function columnChart({ title, unit, highest, colour, columns }: ColumnChart): string | null {
  const known = columns.flatMap(({ value }) => (value === null ? [] : [value]));
  if (known.length === 0 || ![...known, highest].every((value) => Number.isFinite(value) && value >= 0))
    return null;
  const top = highest > 0 ? highest : 1;
  const below = columns.map(
    ({ words }, place) => `"${words === null ? '' : mermaidLabel(words, 20)}${nth(place)}"`,
  );
  // There is no empty column: one that ends below the axis is not drawn, while one of zero shows its foot.
  const values = columns.map(({ value }) => decimal(value ?? -top));
  return written(
    {
      xyChart: chartSize,
      themeVariables: { xyChart: { backgroundColor: 'transparent', plotColorPalette: chartColours[colour] } },
    },
    'xychart-beta',
    [
      `accTitle: ${mermaidLabel(title)}`,
      `title "${mermaidLabel(title)}"`,
      `x-axis [${below.join(', ')}]`,
      `y-axis "${mermaidLabel(unit)}" 0 --> ${decimal(top)}`,
      `bar [${values.join(', ')}]`,
    ],
  );
}

/** Characters without width that tell columns apart: of two with the same text only one would be drawn. */
function nth(place: number): string {
  return [1, 2, 4, 8, 16].map((bit) => ((place & bit) === 0 ? '#8203;' : '#8288;')).join('');
}

/** Without an exponent, which Mermaid does not read. */
function decimal(value: number): string {
  return value.toFixed(3).replace(/\.?0+$/, '');
}

/** A section has to have a name; it would take a third of a phone. */
const nameless = '#8203;';

const minute = 60_000;
/** Distances of the lines of time, minutes: the first is taken that needs few of them. */
const ticks = [5, 10, 15, 30, 60, 120, 180, 360, 720];
const mostTicks = 4;
const day = 1_440;

function schedule({ title, groups }: Schedule): string | null {
  const all = groups.flat();
  if (all.length === 0) return null;
  const times = all.flatMap(({ from, to }) => [Date.parse(from), Date.parse(to)]);
  const minutes = (Math.max(...times) - Math.min(...times)) / minute;
  if (!Number.isFinite(minutes)) return null;
  const tick = ticks.find((distance) => minutes <= distance * mostTicks);
  const interval = intervalOf(tick ?? Math.ceil(minutes / day / mostTicks) * day);
  const rows = groups.flatMap((spans) => [
    `section ${nameless}`,
    ...spans.map(({ words, from, to, tone }) => {
      const [start, end] = [stamp(from), stamp(to)];
      const crit = tone === 'failing' ? 'crit, ' : '';
      const label = unquotedLabel(words);
      if (from === to) return `${label} :${crit}milestone, ${start}, 0m`;
      return `${label} :${crit}${start}, ${start === end ? '1m' : end}`;
    }),
  ]);
  return written({ gantt: { leftPadding: 20, rightPadding: 20 }, themeVariables: bands }, 'gantt', [
    `accTitle: ${mermaidLabel(title)}`,
    'dateFormat YYYY-MM-DD HH:mm',
    `axisFormat ${tick === undefined ? '%d %b' : '%H:%M'}`,
    `tickInterval ${interval}`,
    'todayMarker off',
    ...rows,
  ]);
}

/** In the largest unit: Mermaid counts 120 minutes as 60. */
function intervalOf(minutes: number): string {
  if (minutes % day === 0) return `${minutes / day}day`;
  return minutes % 60 === 0 ? `${minutes / 60}hour` : `${minutes}minute`;
}

/** Longest text of a row: beside a moment in the middle of a phone there is no room for more. */
const longestRow = 24;

/** Without quotes around it, a first word might be one of Mermaid's: so its first character is none that it knows. */
function unquotedLabel(words: Words): string {
  const label = mermaidLabel(words, longestRow);
  return /^[#\d]/.test(label) ? label : label.replace(/^./u, (sign) => `#${sign.codePointAt(0) ?? 0xfffd};`);
}

/** Bands of sections in one quiet colour, whatever the theme. */
const bands = {
  sectionBkgColor: '#8c959f',
  altSectionBkgColor: 'transparent',
  sectionBkgColor2: '#8c959f',
  critBkgColor: '#cf222e',
  critBorderColor: '#82071e',
};

/** `2025-09-15 17:09`: read and written as a time of no zone, so that all see UTC. */
function stamp(at: string): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}

function written(settings: object, head: string, lines: readonly string[]): string {
  return [`%%{init: ${JSON.stringify(settings)}}%%`, head, ...lines.map((line) => ` ${line}`)].join('\n');
}
