/**
 * Which lines of a comment stand in a fence or an HTML block (CommonMark 0.31, "Fenced code blocks", "HTML blocks"), where
 * nothing is a command. What a block's end hangs on, a list item say, is not always plain from the line alone: then both
 * readings are followed, and a line is plain only where all readings say so. Reads each line once.
 */

/** One line, with what is asked of it. */
export interface Line {
  text: string;
  /** Columns of white space before it; a tab reaches to the next fourth one (CommonMark, "Tabs"). */
  column: number;
  /** Without white space before it. */
  rest: string;
  isBlank: boolean;
  behind: BehindMarkers;
}

export function lineOf(text: string): Line {
  let column = 0;
  let at = 0;
  for (; text[at] === ' ' || text[at] === '\t'; at += 1) column += text[at] === '\t' ? 4 - (column % 4) : 1;
  const rest = text.slice(at);
  return { text, column, rest, isBlank: rest === '', behind: behindMarkers(rest) };
}

interface Block {
  /** The same for two that end alike. */
  key: string;
  /** How the line after this one may be read. */
  after(line: Line): Reading[];
  /** Whether this line may stand behind it, as its list item may have ended. */
  mayEndBefore(line: Line): boolean;
}

/** Null: plain text. */
type Reading = Block | null;

function isText(reading: Reading): boolean {
  return reading === null;
}

/** Follows a comment line by line. */
export interface BlockReader {
  /**
   * Takes the next line. `plain`: text in every reading, which opens nothing. `block`: in every reading part of a block,
   * which ends the paragraph before it. `doubtful`: one or the other.
   */
  next(line: Line): 'plain' | 'block' | 'doubtful';
}

/** Beyond so many readings no line of the comment is plain any more: nobody writes so. */
const mostReadings = 16;

/** What a marker, a fence or a block of HTML begins with: most lines need no closer look. */
const mayOpen = /^[-*+\d[<`~]/u;
const plain: readonly Reading[] = [null];
const never: Block = { key: 'lost', after: () => [never], mayEndBefore: () => true };
const lost: readonly Reading[] = [never, null];

export function createBlockReader(): BlockReader {
  let readings: readonly Reading[] = plain;
  let mayBeInList = false;
  let wasBlank = true;
  return {
    next(line) {
      if (wasBlank && !line.isBlank && line.column === 0 && !line.behind.marked) mayBeInList = false;
      const place = { mayBeInList };
      if (readings === plain && !mayOpen.test(line.rest)) {
        wasBlank = line.isBlank;
        return 'plain';
      }
      const next = new Map<string, Reading>();
      for (const reading of readings)
        for (const one of reading === null ? openedBy(line, place) : reading.after(line))
          next.set(one?.key ?? '', one);
      const wasPlain = readings.every(isText);
      const wasBlock = readings.every((reading) => reading !== null && !reading.mayEndBefore(line));
      const [staysPlain, isBlock] = [next.size === 1 && next.has(''), !next.has('')];
      if (readings.includes(null) && line.behind.marked) mayBeInList = true;
      readings = next.size > mostReadings ? lost : wasPlain && staysPlain ? plain : [...next.values()];
      wasBlank = line.isBlank;
      if (wasPlain && staysPlain) return 'plain';
      return wasBlock || (wasPlain && isBlock) ? 'block' : 'doubtful';
    },
  };
}

/** What makes a line belong to a list item or a footnote; several may stand before one text. */
/** The next marker, with the gap behind it. */
const nextMarker = /([-*+]|\d{1,9}[.)]|\[\^[^\]]*\]:)(?:([ \t]+)|$)/uy;

/** A line behind what makes it part of list items and footnotes. */
interface BehindMarkers {
  text: string;
  marked: boolean;
  /** False where these may be none: in a paragraph some are not. */
  certain: boolean;
  isFootnote: boolean;
}

function behindMarkers(rest: string): BehindMarkers {
  let at = 0;
  let certain = true;
  let isFootnote = false;
  nextMarker.lastIndex = 0;
  for (let found = nextMarker.exec(rest); found !== null; found = nextMarker.exec(rest)) {
    const [, sign = '', gap = ''] = found;
    at = nextMarker.lastIndex;
    isFootnote ||= sign.startsWith('[');
    if (!/^[-*+]$/u.test(sign) || gap.length > 4 || gap.startsWith('\t')) certain = false;
  }
  return { text: rest.slice(at), marked: at > 0, certain, isFootnote };
}

interface Place {
  mayBeInList: boolean;
}

function openedBy(line: Line, place: Place): Reading[] {
  const { text, marked, certain } = line.behind;
  const inList = marked || place.mayBeInList;
  // Four columns make an indented block, but in a list item.
  if (line.column > 3 && !place.mayBeInList) return [null];
  const column = line.column + (line.rest.length - text.length);
  const opened = fence(text, { column, inList }) ?? html(text, { column, inList });
  if (opened === null) return [null];
  const isSure = certain && line.column <= 3 && opened.isSure;
  return isSure ? [opened.block] : [opened.block, null];
}

interface Where {
  /** Of its opening. A line that is indented as far stands in the same list item. */
  column: number;
  inList: boolean;
}

interface Opened {
  block: Block;
  isSure: boolean;
}

/** A block, with what its list item may do to it: a line that is indented less may end both. */
function blockAt(
  key: string,
  { column, inList }: Where,
  ends: (line: Line) => (block: Block) => Reading[],
): Block {
  const block: Block = {
    key: `${key} ${String(column)} ${String(inList)}`,
    after(line) {
      const within = ends(line)(block);
      return block.mayEndBefore(line) ? [...within, ...openedBy(line, { mayBeInList: true })] : within;
    },
    mayEndBefore: (line) => inList && !line.isBlank && line.column < column,
  };
  return block;
}

function fence(text: string, where: Where): Opened | null {
  const run = /^(?:`{3,}(?=[^`]*$)|~{3,})/u.exec(text)?.[0];
  if (run === undefined) return null;
  const sign = run.charAt(0);
  const least = where.inList ? where.column : 0;
  const block = blockAt(`${sign}${String(run.length)}`, where, ({ rest, column }) => (self) => {
    const bare = /^(?:`+|~+)(?=[ \t]*$)/u.exec(rest)?.[0] ?? '';
    const isEnd = bare.length >= run.length && bare.startsWith(sign);
    if (!isEnd || column > least + 3) return [self];
    return column <= 3 ? [null] : [self, null];
  });
  return { block, isSure: true };
}

/** Blocks of HTML that only their end ends (CommonMark, "HTML blocks", 1 to 5). */
const untilEnd: readonly [opens: RegExp, closes: RegExp][] = [
  [/^<(?:pre|script|style|textarea)(?=[\s>]|$)/iu, /<\/(?:pre|script|style|textarea)>/iu],
  [/^<!--/u, /-->/u],
  [/^<\?/u, /\?>/u],
  [/^<!\[CDATA\[/u, /\]\]>/u],
  [/^<![A-Z]/iu, />/u],
];

/** Whether this ends one of them is read in two ways. */
const inDoubt = ']]]>';

const blockTag =
  /^<\/?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|source|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?=\s|\/?>|$)/iu;
/** Any other tag opens a block only where it stands alone, and not in a paragraph. An address in brackets is none. */
const anyTag = /^<\/?[A-Z][A-Z0-9-]*(?=[\s/>]|$)/iu;

function html(text: string, where: Where): Opened | null {
  if (!text.startsWith('<')) return null;
  const index = untilEnd.findIndex(([opens]) => opens.test(text));
  const closes = untilEnd[index]?.[1];
  if (closes !== undefined) {
    if (closes.test(text) && !text.includes(inDoubt)) return null;
    const block = blockAt(`html ${String(index)}`, where, (line) => (self) => {
      if (!closes.test(line.text)) return [self];
      return line.text.includes(inDoubt) ? [self, null] : [null];
    });
    return { block, isSure: !text.includes(inDoubt) };
  }
  const isBlock = blockTag.test(text);
  if (!isBlock && !anyTag.test(text)) return null;
  const block = blockAt('html', where, (line) => (self) => [line.isBlank ? null : self]);
  return { block, isSure: isBlock };
}
