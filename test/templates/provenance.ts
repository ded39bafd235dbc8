import { type Node, nodesOf, parseMarkdown, textOf } from './markdown-tree.ts';
import { columnsOf, labelsOf, rowsOf } from './mermaid-source.ts';

/**
 * Rule: no figure in an update without a source. This walks a rendered update of any kind and gives every piece
 * of a sentence that holds a numeral and neither ends with its evidence nor with who stated or configured it. A
 * source covers what stands before it, back to the source before or to the beginning of the sentence.
 *
 * Exempt are configured thresholds and texts (handed in as `configured`), identifiers, and times of the update
 * itself. Headings of folds count the rows inside, which have sources of their own.
 *
 * A picture holds no sources: every figure in it has to stand in the text of the same fold, which has them.
 */
export function unsourcedFigures(markdown: string, configured: readonly string[] = []): string[] {
  const tree = parseMarkdown(markdown);
  const unsourced = unitsOf(tree)
    .flatMap(piecesOf)
    .filter((piece) => !isSourced(piece) && /\d/.test(withoutExempt(piece, configured)));
  return [...unsourced, ...onlyDrawn(tree)];
}

/** Figures of pictures that the text of the same fold does not hold: `drawn only: 75 (5xx share)`. */
function onlyDrawn(tree: Node): string[] {
  const blocks = tree.children ?? [];
  return blocks.flatMap((block, index) => {
    if (block.type !== 'code' || block.lang !== 'mermaid') return [];
    const around = blocksAround(blocks, index).filter((one) => one.lang !== 'mermaid');
    const said = new Set(around.flatMap((one) => numeralsIn(readable(one))));
    const whys = around.flatMap((one) => (one.type === 'list' ? (one.children ?? []) : [])).length;
    return figuresDrawn(block.value ?? '', whys)
      .filter(([figure]) => !said.has(figure))
      .map(([figure, where]) => `drawn only: ${figure} (${where})`);
  });
}

function isEdge(block: Node): boolean {
  return block.type === 'heading' || (block.type === 'html' && /^<\/?details/.test(block.value ?? ''));
}

/** The blocks of the fold in which one stands, its heading included; outside of folds, those up to the next fold or heading. */
function blocksAround(blocks: readonly Node[], index: number): Node[] {
  const before = blocks.findLastIndex((block, place) => place < index && isEdge(block));
  const after = blocks.findIndex((block, place) => place > index && isEdge(block));
  return blocks.slice(Math.max(0, before), after === -1 ? blocks.length : after);
}

/** All that a reader sees of a block, tags left out. */
function readable(block: Node): string {
  if (block.type === 'html') return (block.value ?? '').replaceAll(/<[^>]*>/g, ' ');
  return block.children === undefined ? (block.value ?? '') : block.children.map(readable).join(' ');
}

/**
 * The figures that a picture shows: those of its labels, the highest of its columns, and the times between which its
 * rows lie. The number of a why is its place in the list below; the scale of an axis is none of ours.
 */
function figuresDrawn(source: string, whys: number): [figure: string, where: string][] {
  const labels = labelsOf(source).flatMap(({ lines }) =>
    lines.map((line, place) =>
      line.replace(/^(\d+)\. /, (all, number: string) =>
        source.includes('flowchart TD') && place === 0 && Number(number) <= whys ? '' : all,
      ),
    ),
  );
  const inLabels = labels.flatMap((line) =>
    numeralsIn(line).map((figure): [string, string] => [figure, line]),
  );
  const known = columnsOf(source).filter((value) => value !== null);
  const highest =
    known.length === 0 ? [] : [[written(Math.max(...known)), 'the highest column'] as [string, string]];
  const times = rowsOf(source).flatMap(({ label, from, to }) =>
    [from, ...(to === null ? [] : [to])].map((at): [string, string] => [at.slice(11), label]),
  );
  return [...inLabels, ...highest, ...times];
}

/** As a figure of the text is written: a share between 0 and 1 % is `under 1 %`, one between 99 and 100 `over 99 %`. */
function written(value: number): string {
  if (value > 0 && value < 1) return '1';
  if (value > 99 && value < 100) return '99';
  return String(value);
}

/** Numbers and times in a text; `17h09`, as pictures write it, is `17:09`. A class of statuses is none. */
function numeralsIn(text: string): string[] {
  return (
    text
      .replaceAll(/\b[45]xx\b/g, '')
      .replaceAll(/\b(\d\d)h(\d\d)\b/g, '$1:$2')
      .match(/\d+(?:[.,:]\d+)*/g) ?? []
  );
}

/** All evidence ids that an update names, ranges written out. */
export function evidenceNamed(markdown: string): Set<string> {
  const named = [...markdown.matchAll(/(?<![\w-])E(\d+)(?:–E(\d+))?(?![\w-])/g)].flatMap(
    ([, first, last]) => {
      const from = Number(first);
      return Array.from({ length: Number(last ?? first) - from + 1 }, (_, step) => `E${from + step}`);
    },
  );
  return new Set(named);
}

/** One statement each: a line of a paragraph, a whole list item, a table row, an excerpt with its title. */
function unitsOf(tree: Node): string[] {
  const blocks = tree.children ?? [];
  return blocks.flatMap((block, index) => {
    if (block.type === 'table') return nodesOf(block, 'tableRow').slice(1).map(rowText);
    if (block.type === 'list') return (block.children ?? []).map(marked);
    if (block.type === 'code' && block.lang === 'text')
      return [`${marked(blocks[index - 1])}\n${block.value ?? ''}`];
    if (block.type === 'code' || block.type === 'html') return []; // pictures are looked at by themselves
    return isFooter(block) ? [] : marked(block).split('\n');
  });
}

/** Cells are read as one statement: the evidence of a row stands in its last column, or leads it. */
function rowText(row: Node): string {
  return (row.children ?? []).map(marked).join(' | ');
}

/** The text, with identifiers (code that is more than a number and a unit) left out. */
function marked(node: Node | undefined): string {
  if (node === undefined) return '';
  if (node.type === 'inlineCode')
    return /^[\d.,]+\s?[a-zA-Z%]{0,3}$/.test(node.value ?? '') ? (node.value ?? '') : '`…`';
  if (node.type === 'link') return `[${textOf(node)}]`;
  if (node.type === 'html') return '';
  return node.value ?? (node.children ?? []).map(marked).join(node.type === 'listItem' ? '\n' : '');
}

function isFooter(block: Node): boolean {
  return block.children?.[0]?.type === 'html' && block.children[0].value === '<sub>';
}

/** A row, an item of several lines and an excerpt stand as a whole; other lines are read piece by piece. */
function piecesOf(unit: string): string[] {
  const isWhole = unit.includes(' | ') || unit.includes('\n');
  return isWhole
    ? [unit]
    : unit
        .split(/(?<=[^\d]\.) | · /)
        .flatMap((sentence) => sentence.split(new RegExp(`(?<=${source.source})`)));
}

const source = /\((?:not )?E\d[^)]*\)|\((?:stated|recorded), [^)]*\)|configured \(sitrep\.yml\)|\(record\)/;
/** A row of the timeline: what it tells stands in a comment, on a page, or in Sitrep's own record of what it did. */
const ofRecord = / \| (?:record|\[(?:comment|page)\])$/;
const evidence = /(?<![\w-])E\d+(?![\w-])/;

function isSourced(piece: string): boolean {
  return evidence.test(piece) || source.test(piece) || ofRecord.test(piece);
}

/** Numerals that need no source, and why. */
const exempt: readonly RegExp[] = [
  /\b[45]xx\b/g, // a class of statuses
  /\bP[0-3]\b/g, // the severity
  /(?<=#\d+ \()[01]\.\d\d/g, // how alike the incident of that issue is: computed from the two of them
  /#\d+/g, // an issue
  /\bp(?:50|95|99)\b/g, // a percentile
  /\d+\/\d+ reads OK/g, // counts of this collection, whose parts are its sources and gaps
  /\(\d+ min old\)/g, // age of the reading relative to the update
  /^\d\d:\d\d UTC/g, // time of the update
  /metrics to (?:\d+ \w+ )?\d\d:\d\d/g, // the end of this collection's metrics
  /^As the update of [\d-]+ \d\d:\d\d UTC tells, which told most of the cause\.$/g, // time of an update
  /(?<=^🤝 Handoff to `…`, )\d\d:\d\d UTC/g, // time of the update itself
  /^🕑 Timeline, \d\d:\d\d UTC/g, // time of the update itself
  /^Since the declaration, (?:\d+ \w+ )?\d\d:\d\d to \d\d:\d\d UTC, the highest of each \d+ \w+/g, // what a chart covers
  /^Drawn are \d+ of \d+ components: [^\d]*(?:Not drawn:(?:,? \d+ [^\d,]+)+)?/g, // counts of the rows below
  /^Not drawn:(?:,? \d+ [^\d,]+)+/g, // the same
  /^Drawn until \d\d:\d\d UTC: \d+ of \d+ entries/g, // time of the update, and rows below
  /^… \d+ earlier entries, left out for length; …, … or … shows less$/g, // rows that are not shown
  /^Since (?:\d+ \w+ )?\d\d:\d\d:/g, // time of the update before
  /(?:board|comment) (?:\d+ \w+ )?\d\d:\d\d/g, // promised times of updates
  /^\d+ (?:h|min|s) checkpoint(?:\.|, [\d\w ]+ late)?(?:; [\d\w ,]+ (?:was|were) missed)?/g, // times of the update itself
  /(?<=^Escalate: [^;]{0,80} at )(?:\d+ \w+ )?\d\d:\d\d/g, // clock of a rule, from its configured time
  /\| (?:\d+ \w+ )?\d\d:\d\d(?= \| (?:not met|met|unknown):)/g, // the same in the table of rules
  /(?:its clock ran out|Already escalated to [^\d]{0,80}at) (?:\d+ \w+ )?\d\d:\d\d UTC/g, // clock of a rule; time of an update
  /if under \d+ % up/g, // threshold of an escalation rule
  /elapsed [\w ]+/g, // age of the incident relative to the update
  /\((?:limit|wanted|for) [^)]*\)/g, // configured thresholds
  /and \d+ more/g, // length of a list whose parts are in the fold
  /[;,] \d+ unknown/g, // as above
  /^⚠️ \d+ errors? in/g, // rows of the table below
  /roles\/\S+/g, // a role's name
  /^(?:⬜|✅) \d+ .*/g, // the checklist: its numbers, and its titles as people or sitrep.yml stated them
  /^due (?:\d+ \w+ )?\d\d:\d\d.*/g, // the same: when it is due, and by how much it is late at the posting
  /[Ss]uccess criteria: \d+ of \d+ met/g, // the criteria listed below
  /^(?:\d+ \w+ )?\d\d:\d\d, [\d,]+ (?:h|min|s) checkpoint/g, // promised times of updates
  /^All evidence, part \d+ of \d+/g, // number of a comment
  /[:] \d+ of \d+ criteria block/g, // rows of the fold
  /^🟢 All \d+ criteria/g, // the same
  /, \d\d:\d\d UTC\)$|\(\d\d:\d\d UTC\)$/g, // time of the update
  /(?:resolved|Relapse) after [\w ]+(?= \(|:)/g, // age of the incident, or of its resolution, relative to the update
  /^ ?Earliest (?:\d+ \w+ )?\d\d:\d\d/g, // a promised time
  /At (?:\d+ \w+ )?\d\d:\d\d I look again/g, // the same
  /Watched until (?:\d+ \w+ )?\d\d:\d\d/g, // the same
  /\bdue (?:\d+ \w+ )?\d\d:\d\d(?:,? \(?[\d\w ]+ late\)?)?/g, // when people, or the plan, want a point done
  /\baction \d+\b/g, // the number of a point of the checklist
  /^Checklist \d+\/\d+ done/g, // counts of the points below
  /(?<=^Folded here: .*)(?:\d+ \w+ )?\d\d:\d\d/g, // times of updates
];

function withoutExempt(piece: string, configured: readonly string[]): string {
  // A text without figures stays: it may be part of the words by which a time is known.
  const figures = configured.filter((text) => /\d/.test(text));
  const withoutTexts = figures.reduce((rest, text) => rest.replaceAll(text, ''), piece);
  return exempt.reduce((rest, pattern) => rest.replaceAll(pattern, ''), withoutTexts);
}
