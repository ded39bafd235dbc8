/**
 * How much of a statement is read, in characters: what people write by hand fits, and the rest is left unread. Longer
 * lines are cut as well, since a sentence of that length is none, and so are lines beyond a thousand.
 */
const readLength = 16_000;
const lineLength = 600;
const mostLines = 1_000;

/** A paragraph, a list item, a row of a table or a heading of a statement, without its Markdown. */
export interface Passage {
  text: string;
  /** The headings and introducing lines above it, the outermost first. */
  under: string;
  /** A heading, or an item that a box says is still to be done. */
  kind: 'text' | 'heading' | 'todo';
}

/**
 * What a person wrote in a statement, passage by passage. Quotes, HTML comments and fences are left out: those are
 * others' words, or a log line or a command, not what the person says is so.
 */
export function passagesOf(text: string): Passage[] {
  const reader = new PassageReader();
  for (const line of ownLines(text)) if (!line.fenced) reader.read(line.text);
  return reader.end();
}

/** The statement with its fences, but without quotes and HTML comments. */
export function unquoted(text: string): string {
  return ownLines(text)
    .map((line) => line.text)
    .join('\n');
}

interface Line {
  text: string;
  fenced: boolean;
}

function ownLines(text: string): Line[] {
  const read = text.slice(0, readLength).replaceAll(/<!--[^]*?(?:-->|$)/g, ' ');
  let fence: string | null = null;
  let quoting = false;
  const lines: Line[] = [];
  for (const raw of read.split(/\r?\n/, mostLines)) {
    const line = raw.slice(0, lineLength);
    const mark = /^\s{0,12}(`{3}|~{3})/.exec(line)?.[1];
    const within: boolean = fence !== null;
    if (mark !== undefined && (fence === null || fence === mark)) fence = within ? null : mark;
    // A line right below a quote goes on with it.
    quoting = !within && (/^\s{0,3}>/.test(line) || (quoting && isProse(line)));
    if (!quoting) lines.push({ text: line, fenced: within || mark !== undefined });
  }
  return lines;
}

function isProse(line: string): boolean {
  return line.trim() !== '' && !/^\s{0,12}(?:[#|`~]|[-*+]\s|\d{1,3}[.)]\s)/.test(line);
}

/** `**Status:** …`: a line that says something of its own, whatever stands above it. */
const labelled = /^\s{0,3}\*\*[^*]{1,60}(?::\*\*|\*\*:)/;

/** Level of a line that introduces what follows it (`Success criteria:`), below all headings. */
const introducing = 7;

class PassageReader {
  readonly #passages: Passage[] = [];
  #under: { level: number; text: string }[] = [];
  #paragraph: string[] = [];
  #afterBlank = true;

  read(line: string): void {
    const heading = /^\s{0,3}(#{1,6})\s(.*)$/.exec(line);
    if (line.trim() === '' || /^\s{0,3}(?:-{3,}|={3,}|_{3,})\s*$/.test(line)) this.#close(true);
    else if (heading) this.#head(heading[1]?.length ?? 1, plain(heading[2] ?? ''));
    else if (line.trimStart().startsWith('|')) this.#row(line);
    else this.#words(line);
  }

  end(): Passage[] {
    this.#close(false);
    return this.#passages;
  }

  #words(line: string): void {
    const item = /^\s{0,16}(?:[-*+]|\d{1,3}[.)])\s{1,4}(?:\[([ xX])\]\s)?(.*)$/.exec(line);
    if (item) {
      this.#close(false);
      const [, box, words = ''] = item;
      if (!this.#introduces(words)) this.#paragraph = [words];
      if (box === ' ') this.#close(false, 'todo');
    } else if (this.#paragraph.length === 0 || labelled.test(line)) {
      this.#close(this.#afterBlank);
      // A paragraph of its own is not introduced by the line above the list before it.
      if (this.#afterBlank) this.#under = this.#under.filter(({ level }) => level < introducing);
      if (!this.#introduces(line)) this.#paragraph = [line];
    } else this.#paragraph.push(line);
    this.#afterBlank = false;
  }

  /** `**Evidence:**`, `Success criteria:` alone on a line. */
  #introduces(line: string): boolean {
    const words = plain(line);
    if (!words.endsWith(':') || words.length > 80) return false;
    this.#head(introducing, words);
    return true;
  }

  #head(level: number, text: string): void {
    this.#close(false);
    this.#passages.push({ text, under: this.#path(), kind: 'heading' });
    this.#under = [...this.#under.filter((one) => one.level < level), { level, text }];
  }

  #row(line: string): void {
    this.#close(false);
    const [first = '', ...rest] = line
      .split('|')
      .map(plain)
      .filter((cell) => cell !== '');
    if (rest.length > 0 && !/^[-: ]*$/.test(first)) this.#add(`${first}: ${rest.join('; ')}`, 'text');
  }

  #close(blank: boolean, kind: Passage['kind'] = 'text'): void {
    if (this.#paragraph.length > 0) this.#add(plain(this.#paragraph.join(' ')), kind);
    this.#paragraph = [];
    this.#afterBlank = blank;
  }

  #add(text: string, kind: Passage['kind']): void {
    if (text !== '') this.#passages.push({ text, under: this.#path(), kind });
  }

  #path(): string {
    return this.#under.map(({ text }) => text).join(' / ');
  }
}

/** Without emphasis, what is struck out, pictures and the addresses of links; code spans keep their marks. */
function plain(markdown: string): string {
  return markdown
    .replaceAll(/\[([^[\]]{0,200})\]\([^()]{0,400}\)/g, '$1')
    .replaceAll(/~~[^~]{0,400}~~/g, ' ')
    .replaceAll(/\*{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)/g, '')
    .replaceAll(/[\p{Extended_Pictographic}\uFE0F\u200D]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
