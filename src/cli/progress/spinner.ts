import * as terminal from 'node:readline';
import { Writable } from 'node:stream';
import yoctoSpinner, { type Spinner } from 'yocto-spinner';
import type { CommandLine } from '../io.ts';

/** How often what is waited for is asked for: its seconds go on. */
const everyMs = 200;

/** Columns of a terminal that does not tell. */
const usualColumns = 80;

/** The spinner's frame, a space, and one column so that the cursor stays in its line. */
const besideWords = 3;

interface Shown {
  spinner: Spinner;
  timer: NodeJS.Timeout;
  letGo: () => void;
}

/** Lines that stay, and below them a spinner with what is waited for; see `Progress`. The cursor is hidden meanwhile. */
export function openSpinner({ err, screen }: Pick<CommandLine, 'err' | 'screen'>, colour: boolean) {
  const columns = () => screen.columns() || usualColumns;
  const stream = drawable((text) => err(colour ? text : withoutColour(text)), columns);
  let wanted: (room: number) => string = nothing;
  let shown: Shown | null = null;
  const text = () => wanted(Math.max(0, columns() - besideWords));

  function show(): Shown {
    // First of all: a signal that comes while the cursor is hidden and nobody hears it leaves it so.
    const letGo = screen.beforeEnd(end);
    // It would end the process with an exit code of its own; a signal shall have its effect.
    const spinner = yoctoSpinner({ stream, handleSignals: false }).start(text());
    const timer = setInterval(() => {
      spinner.text = text();
    }, everyMs);
    return { spinner, timer, letGo };
  }

  function end(): void {
    if (shown === null) return;
    const { spinner, timer, letGo } = shown;
    shown = null;
    clearInterval(timer);
    spinner.stop();
    letGo();
  }

  return {
    // The spinner steps aside for what is written to its stream.
    tell: (line: string) => void stream.write(`${line}\n`),
    wait(words: (room: number) => string) {
      wanted = words;
      if (shown === null) shown = show();
      else shown.spinner.text = text();
    },
    end,
  };
}

function nothing(): string {
  return '';
}

/** A stream as the spinner needs it, whose text goes the way of all others. */
function drawable(write: (text: string) => void, columns: () => number): Writable {
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      write(String(chunk));
      done();
    },
  });
  Object.defineProperty(stream, 'columns', { get: columns });
  return Object.assign(stream, {
    isTTY: true,
    cursorTo: (x: number) => terminal.cursorTo(stream, x),
    moveCursor: (dx: number, dy: number) => terminal.moveCursor(stream, dx, dy),
    clearLine: (direction: terminal.Direction) => terminal.clearLine(stream, direction),
  });
}

const escape = '\u001b';
const colours = new RegExp(`${escape}\\[[0-9;]*m`, 'gu');

/** The spinner colours its frame by the environment of the process. */
function withoutColour(text: string): string {
  return text.replaceAll(colours, '');
}
