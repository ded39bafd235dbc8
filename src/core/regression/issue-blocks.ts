/**
 * The parts of what somebody wrote on an issue: sentences, quotes and code, without what stands in HTML comments and
 * without what is told of another incident.
 */

/** How much of a text is read, in characters, in lines, and of a line. */
const readLength = 32_000;
const mostLines = 1_500;
const lineLength = 1_000;

/** A paragraph, a quote, or a fenced or indented block. */
export interface Block {
  kind: 'prose' | 'quote' | 'code';
  /** Language of a fence; empty without one. */
  language: string;
  lines: readonly string[];
}

/** The blocks of a Markdown text in their order, without those that tell of another incident. */
export function ownBlocks(markdown: string): Block[] {
  const blocks = blocksOf(markdown);
  return blocks.filter((block, at) => !isOfAnother(block, leadIn(blocks, at)));
}

/** A reference to another issue; what is only named as the fix or as where something is done is none. */
const reference = /(?:^|[\s(])(?:[\w.-]+\/[\w.-]+)?#[1-9]\d{0,9}\b|\/issues\/[1-9]\d{0,9}\b/;
const worked =
  /\b(?:fix(?:ed|es)?|clos(?:ed?|es|ing)|revert(?:ed|s)?|merg(?:ed?|es|ing)|deploy(?:ed|s)?|pr|pull request|track(?:ed|ing)?|follow-?up|rolled|in v?\d)\b/i;
const alike = /\b(?:same|again|like|as in|identical|duplicate|recurrence|back)\b/i;
const unlike = /\b(?:unlike|not the same|not like|different|nothing to do|no relation|unrelated)\b/i;

/** Whether a block tells of another incident: it names one, or the sentence before it does, as something else than this. */
function isOfAnother(block: Block, lead: string): boolean {
  const text = block.kind === 'code' ? lead : `${lead}\n${block.lines.join('\n')}`;
  return text.split('\n').some(tellsOfAnother);
}

function tellsOfAnother(line: string): boolean {
  if (!reference.test(line) || (worked.test(line) && !unlike.test(line))) return false;
  return unlike.test(line) || !alike.test(line);
}

/** The sentence above a quote or a block of code, if that is what stands right above it. */
function leadIn(blocks: readonly Block[], at: number): string {
  const before = blocks[at - 1];
  return blocks[at]?.kind === 'prose' || before?.kind !== 'prose' ? '' : (before.lines.at(-1) ?? '');
}

function blocksOf(markdown: string): Block[] {
  const read = markdown.slice(0, readLength).replaceAll(/<!--[^]*?(?:-->|$)/g, ' ');
  const reader = new BlockReader();
  for (const line of read.split(/\r?\n/, mostLines)) reader.read(line.slice(0, lineLength));
  return reader.end();
}

class BlockReader {
  readonly #blocks: Block[] = [];
  #kind: Block['kind'] = 'prose';
  #language = '';
  #lines: string[] = [];
  #fence: string | null = null;
  #afterBlank = true;

  read(line: string): void {
    const [, mark, info = ''] = /^\s{0,12}(`{3,}|~{3,})\s*([\w+-]*)/.exec(line) ?? [];
    if (this.#fence !== null) this.#within(line, mark);
    else if (mark !== undefined) {
      this.#open('code', info.toLowerCase());
      this.#fence = mark;
    } else this.#outside(line);
    this.#afterBlank = line.trim() === '';
  }

  end(): Block[] {
    this.#close();
    return this.#blocks;
  }

  #within(line: string, mark: string | undefined): void {
    if (mark !== undefined && this.#fence !== null && mark.startsWith(this.#fence)) {
      this.#close();
      this.#fence = null;
    } else this.#lines.push(line);
  }

  #outside(line: string): void {
    const quoted = /^\s{0,3}>\s?(.*)$/.exec(line)?.[1];
    if (quoted !== undefined) this.#add('quote', quoted);
    // Code by its indentation begins after a blank line only, and goes on over others.
    else if (/^(?: {4}|\t)\s*\S/.test(line) && (this.#afterBlank || this.#kind === 'code'))
      this.#add('code', line.replace(/^(?: {4}|\t)/, ''));
    else if (line.trim() === '') this.#close();
    else this.#add('prose', line);
  }

  #add(kind: Block['kind'], line: string): void {
    if (kind !== this.#kind) this.#open(kind, '');
    this.#lines.push(line);
  }

  #open(kind: Block['kind'], language: string): void {
    this.#close();
    this.#kind = kind;
    this.#language = language;
  }

  #close(): void {
    if (this.#lines.length > 0)
      this.#blocks.push({ kind: this.#kind, language: this.#language, lines: this.#lines });
    this.#kind = 'prose';
    this.#language = '';
    this.#lines = [];
  }
}
