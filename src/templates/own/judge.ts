/**
 * What a text must be to be posted, whoever laid it out: it says something, leaves nothing open that would swallow the
 * hidden marker behind it, gives no command to other bots, and carries no marker of its own.
 *
 * This reads lines and not Markdown: a parse of an update takes as long as a template may take in all. A test compares it
 * with a parser.
 */

/** What is wrong with a text, as the rest of a sentence about its template. */
export interface Fault {
  code: string;
  message: string;
  remedy: string;
}

/** Why the text may not be posted; null where it may. */
export function faultOf(text: string): Fault | null {
  if (text.trim() === '') return faults.empty;
  if (/<!--\s*sitrep:/iu.test(text)) return faults.marker;
  return new Reading().faultOf(text.split('\n'));
}

const faults = {
  empty: {
    code: 'template-empty',
    message: 'gives nothing',
    remedy: 'print something for every state of the model',
  },
  marker: {
    code: 'template-marker',
    message: 'prints the hidden marker by which Sitrep knows its own comments',
    remedy: 'remove the comment that begins with sitrep:',
  },
  command: {
    code: 'template-command',
    message: 'begins a line with a command for bots',
    remedy: 'put words, a code span or a list mark before the slash',
  },
  fence: {
    code: 'template-fence',
    message: 'leaves a code fence open',
    remedy: 'close it with as many signs as it was opened with, on a line of its own',
  },
  inset: {
    code: 'template-fence',
    message: 'sets a code fence in, or puts it into a list item or a quote',
    remedy: 'begin it at the edge: the lines of a command or an excerpt begin there too, and would end it',
  },
  comment: {
    code: 'template-comment',
    message: 'leaves an HTML comment open',
    remedy: 'close it with -->, on the same line unless it begins one',
  },
} satisfies Record<string, Fault>;

function openTag(tag: string): Fault {
  return {
    code: 'template-tag',
    message: `opens and closes <${tag}> not equally often`,
    remedy: `write a </${tag}> for every <${tag}>, in this order`,
  };
}

/** Elements that fold, box or swallow what follows. */
const paired =
  /<(?<end>\/?)(?<tag>details|summary|table|pre|div|blockquote|script|style|textarea)(?=[\s>/])[^>]{0,500}>/giu;

/** HTML in which signs of a fence are text: to the next blank line, or to its own end. */
const beginsHtml =
  /^ {0,3}<\/?(?:address|article|aside|blockquote|body|center|dd|details|dialog|div|dl|dt|figure|footer|form|h[1-6]|header|hr|html|li|main|nav|ol|p|section|summary|table|tbody|td|tfoot|th|thead|tr|ul)(?=[\s>/]|$)/iu;
const tagAlone = /^ {0,3}<\/?[a-z][^<>]{0,500}>\s*$/iu;
const beginsRaw = /^ {0,3}<(?:pre|script|style|textarea)(?=[\s>]|$)/iu;
const endsRaw = /<\/(?:pre|script|style|textarea)>/iu;

/** A line that is a block by itself: nothing, a heading, a rule, a comment, or HTML that ends where it begins. */
const isBlock =
  /^(?:\s*$| {0,3}(?:#{1,6}(?:\s|$)|(?:(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})$|<!--.*-->|<(?:pre|script|style|textarea)(?=[\s>]).*<\/(?:pre|script|style|textarea)>))/iu;

/** Marks of list items and quotes, or columns, before something. */
const inset = /^[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]*)*/u;
const fenceSigns = /^(?:`{3}`*[^`]*|~{3}.*)$/u;

/** What a line stands in: a fence by its signs, or HTML by how it ends. */
type Within = { fence: string } | 'blank-line' | 'raw' | 'comment' | null;

/** Reads a text line by line. */
class Reading {
  #within: Within = null;
  /** Whether no paragraph goes on into the next line: a tag alone begins HTML then, and is text otherwise. */
  #afterBlock = true;
  readonly #depths = new Map<string, number>();

  faultOf(lines: readonly string[]): Fault | null {
    for (const line of lines) {
      const before = this.#within;
      const fault = commandIn(line, this.#isFenced()) ?? this.#read(line);
      if (fault !== null) return fault;
      this.#afterBlock = this.#within === null && (before !== null || isBlock.test(line));
    }
    if (this.#isFenced()) return faults.fence;
    if (this.#within === 'comment') return faults.comment;
    const open = [...this.#depths].find(([, depth]) => depth !== 0);
    return open === undefined ? null : openTag(open[0]);
  }

  #isFenced(): boolean {
    return typeof this.#within === 'object' && this.#within !== null;
  }

  #read(line: string): Fault | null {
    const within = this.#within;
    if (typeof within === 'object' && within !== null) {
      if (closes(line, within.fence)) this.#within = null;
      return null;
    }
    if (within === 'comment') {
      if (line.includes('-->')) this.#within = null;
      return null;
    }
    if (within === 'blank-line' && line.trim() === '') this.#within = null;
    if (within === null) {
      const rest = line.replace(inset, '');
      if (fenceSigns.test(rest)) {
        if (rest !== line) return faults.inset;
        this.#within = { fence: /^(?:`+|~+)/u.exec(line)?.[0] ?? '' };
        return null;
      }
      if (/^ {0,3}<!--/u.test(line) && !line.includes('-->')) {
        this.#within = 'comment';
        return null;
      }
      if (beginsRaw.test(line)) this.#within = 'raw';
      else if (beginsHtml.test(line) || (this.#afterBlock && tagAlone.test(line)))
        this.#within = 'blank-line';
    }
    if (this.#within === 'raw' && endsRaw.test(line)) this.#within = null;
    return this.#tags(withoutCode(line));
  }

  /** Counts the tags of a line, but for those in comments. */
  #tags(line: string): Fault | null {
    const shown = withoutComments(line);
    if (shown.includes('<!--')) return faults.comment;
    for (const { groups } of shown.matchAll(paired)) {
      const tag = groups?.['tag']?.toLowerCase() ?? '';
      const depth = (this.#depths.get(tag) ?? 0) + (groups?.['end'] === '/' ? -1 : 1);
      if (depth < 0) return openTag(tag);
      this.#depths.set(tag, depth);
    }
    return null;
  }
}

/** In a fence a space before the slash is what keeps bots away; elsewhere Markdown takes it off. */
function commandIn(line: string, fenced: boolean): Fault | null {
  const parts = line.split(/[\r\v\f\u0085\u2028\u2029]/u);
  return parts.some((part) => (fenced ? /^\/[a-z]/iu : /^\s*\/[a-z]/iu).test(part)) ? faults.command : null;
}

function closes(line: string, fence: string): boolean {
  const signs = line.replace(/^ {0,3}/u, '').trimEnd();
  return signs.length >= fence.length && signs === fence.slice(0, 1).repeat(signs.length);
}

/** The line without its code spans: what stands in them is no tag. */
function withoutCode(line: string): string {
  const runs = line.split(/(`+)/u);
  let shown = '';
  for (let index = 0; index < runs.length; index += 1) {
    const run = runs[index] ?? '';
    const end = run.startsWith('`') ? runs.indexOf(run, index + 1) : -1;
    if (end > index) index = end;
    else shown += run;
  }
  return shown;
}

/** A line without the comments that end in it. */
function withoutComments(line: string): string {
  let [shown, place] = ['', 0];
  for (;;) {
    const from = line.indexOf('<!--', place);
    const to = from === -1 ? -1 : line.indexOf('-->', from + '<!--'.length);
    if (to === -1) return shown + line.slice(place);
    shown += line.slice(place, from);
    place = to + '-->'.length;
  }
}
