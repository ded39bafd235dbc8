import { readTerminalStyle } from '../../config/environment-terminal.ts';
import type { CommandLine } from '../io.ts';
import { openSpinner } from './spinner.ts';
import { paintWith, type Paint } from './words.ts';

/** What is going on, on the error stream: lines that stay, and on a terminal below them what is waited for. */
export interface Progress {
  paint: Paint;
  /** Whether what is waited for is shown. */
  animated: boolean;
  /** Adds a line, or several. */
  tell: (text: string) => void;
  /** From now on shows what `words` give, asked for again and again; nothing where it cannot be drawn anew. */
  wait: (words: (room: number) => string) => void;
  /** Takes away what is waited for. */
  end: () => void;
}

/** Shows what is going on as the environment and the terminal allow it. `end` it whatever comes. */
export function openProgress(line: CommandLine): Progress {
  const { animated, colour } = readTerminalStyle(line.environment, line.screen.isTTY);
  const shown = animated ? openSpinner(line, colour) : plainLines(line);
  return { paint: paintWith(colour), animated, ...shown };
}

function plainLines({ err }: Pick<CommandLine, 'err'>): Pick<Progress, 'tell' | 'wait' | 'end'> {
  return { tell: (text) => err(`${text}\n`), wait: () => undefined, end: () => undefined };
}
