/**
 * The checklist in the text of the living comment. Our own points carry their number in bold; a box without one was
 * written by a person.
 */

/** A point of the checklist as a line of the text. */
export interface TaskLine {
  /** Zero-based place of the line. */
  at: number;
  ticked: boolean;
  /** Null for a box that a person wrote. */
  number: number | null;
  /** What stands behind the box, without the number. */
  title: string;
}

const box = /^(\s*[-*+] \[)([ xX])(\] +)(?:\*\*([1-9]\d{0,3})\*\* +)?(\S.*)$/u;
const fence = /^\s*(`{3,}|~{3,})/u;

/** The boxes of a text, those in code left out. */
export function taskLines(lines: readonly string[]): TaskLine[] {
  const found: TaskLine[] = [];
  let open: string | null = null;
  for (const [at, line] of lines.entries()) {
    const mark = fence.exec(line)?.[1];
    if (mark !== undefined && (open === null || mark.startsWith(open))) open = open === null ? mark : null;
    const [, , tick, , number, title] = open === null && mark === undefined ? (box.exec(line) ?? []) : [];
    if (tick === undefined || title === undefined) continue;
    found.push({
      at,
      ticked: tick !== ' ',
      number: number === undefined ? null : Number(number),
      title: title.trim(),
    });
  }
  return found;
}

/** The line with its box ticked or cleared. */
export function withTick(line: string, ticked: boolean): string {
  return line.replace(box, (whole, before: string) => {
    const mark = ticked ? 'x' : ' ';
    return `${before}${mark}${whole.slice(before.length + 1)}`;
  });
}
