import type { CommandLine } from '../../src/cli/io.ts';

/** A terminal of a test: what a person sees in the end of what was written to it. */
export interface Seen {
  lines: string[];
  cursorVisible: boolean;
  /** Whether what is written next would stand in colour. */
  coloured: boolean;
  /** Column of the cursor, from 0. */
  column: number;
}

const escape = '\u001b';
const token = new RegExp(`${escape}\\[(\\??)(\\d*(?:;\\d+)*)([A-Za-z])|[^]`, 'gu');

/**
 * Draws what was written as a terminal of so many columns would, long lines wrapped. It knows what the command line may
 * send, and throws at all else.
 */
export function drawn(written: string, columns: number): Seen {
  const rows: string[][] = [[]];
  const seen = { cursorVisible: true, coloured: false };
  let [row, column] = [0, 0];
  const rowNow = (): string[] => (rows[row] ??= []);
  for (const [text, mode = '', parameter = '', order] of written.matchAll(token)) {
    if (order === undefined) put(text);
    else act(`${mode}${order}`, parameter);
  }
  return { lines: rows.map((cells) => cells.join('').trimEnd()), ...seen, column };

  function put(text: string): void {
    if (text === '\r') column = 0;
    // A terminal's driver makes a carriage return of it as well.
    else if (text === '\n') [row, column] = [row + 1, 0];
    else if (/\p{Cc}/u.test(text)) throw new Error(`the terminal does not know ${JSON.stringify(text)}`);
    else {
      if (column === columns) [row, column] = [row + 1, 0];
      const cells = rowNow();
      while (cells.length < column) cells.push(' ');
      cells[column] = text;
      column += 1;
    }
    rowNow();
  }

  function act(order: string, parameter: string): void {
    const count = Number(parameter || '1');
    if (order === 'G') column = count - 1;
    else if (order === 'A') row = Math.max(0, row - count);
    else if (order === 'K' && parameter === '0') rowNow().splice(column);
    else if (order === 'm') seen.coloured = !['0', '39', '22'].includes(parameter);
    else if (order === '?h' && parameter === '25') seen.cursorVisible = true;
    else if (order === '?l' && parameter === '25') seen.cursorVisible = false;
    // What is between the two is shown at once.
    else if (!/^\?[hl]$/u.test(order) || parameter !== '2026')
      throw new Error(`the terminal does not know the order ${parameter}${order}`);
  }
}

/** The error stream of a test as a terminal of so many columns, or as none where that is null. */
export function screenOf(columns: number | null): CommandLine['screen'] & { restores: Set<() => void> } {
  const restores = new Set<() => void>();
  return {
    restores,
    isTTY: columns !== null,
    columns: () => columns ?? 0,
    beforeEnd(restore) {
      restores.add(restore);
      return () => void restores.delete(restore);
    },
  };
}
