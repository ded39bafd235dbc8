import { applicationFrame } from './application-frame.ts';

/**
 * What a log message says in one line, and the chain of exceptions behind it. Tracebacks name the exception after
 * the frames (Python) or before them (Java, JavaScript, Go); the frames themselves say nothing of the error.
 */
export interface ErrorLines {
  /** The line that counts: the exception that came out, or the first line. */
  line: string;
  /** The exceptions that led to it, innermost last. */
  causes: string[];
  /** Where the application was, `function (file)` without line numbers; null where no frame of its own is named. */
  frame: string | null;
}

/** Lines of a message that are looked at. */
const lineCap = 400;

const pythonTrace = /^Traceback \(most recent call last\):/;
/** Java's and Node's words for what an exception wraps. */
const causedBy = /^(?:Caused by: |\s{0,20}\[cause\]: )/;
const exceptionLine = /^[A-Za-z_][\w.$]{0,200}(?: \[\w{1,60}\])?(?:: |$)/;
const errorLine = /^(?:[A-Za-z_][\w.$]{0,200})?(?:Error|Exception)(?: \[\w{1,60}\])?: /;

/** Lines of an exception's own message that are looked at. */
const messageCap = 20;

/** The lines that count of a message; null where it is but a frame of a trace that was logged line by line. */
export function errorLines(message: string): ErrorLines | null {
  const lines = message.split('\n', lineCap).map((line) => line.trimEnd());
  const said = lines.filter((line) => line.trim() !== '');
  const [first] = said;
  if (first === undefined) return null;
  if (said.length === 1) return isFrame(first) ? null : { line: first.trim(), causes: [], frame: null };
  const python = pythonExceptions(lines);
  const last = python.at(-1);
  if (last !== undefined) {
    const causes = python.slice(0, -1).map(({ line }) => line);
    return { line: last.line, causes: causes.toReversed(), frame: applicationFrame(last.frames) };
  }
  const start = thrownLine(said) ?? said.find((line) => !isFrame(line));
  if (start === undefined) return null;
  const end = said.findIndex((line) => causedBy.test(line));
  return {
    line: start.trim(),
    causes: said.filter((line) => causedBy.test(line)).map((line) => line.replace(causedBy, '')),
    frame: applicationFrame(said.slice(said.indexOf(start) + 1, end === -1 ? undefined : end)),
  };
}

/**
 * The exception line before the first `at` frame: where Node ends by an exception, the place in the source and a
 * marker below it come first. A message may have lines of its own in between, as `Require stack:` with its files.
 */
function thrownLine(said: readonly string[]): string | undefined {
  const frame = said.findIndex((line) => /^\s+at /.test(line));
  if (frame === -1) return undefined;
  const [before, ...earlier] = said.slice(Math.max(0, frame - messageCap), frame).toReversed();
  if (before !== undefined && exceptionLine.test(before)) return before;
  return earlier.find((line) => errorLine.test(line));
}

interface PythonException {
  line: string;
  frames: string[];
}

/** The exception line after each Python traceback, in the order of the text: the innermost comes first. */
function pythonExceptions(lines: readonly string[]): PythonException[] {
  const found: PythonException[] = [];
  let frames: string[] | null = null;
  for (const line of lines) {
    if (pythonTrace.test(line.trimStart())) frames = [];
    else if (frames !== null && line !== '' && !/^\s/.test(line) && exceptionLine.test(line)) {
      found.push({ line, frames: frames.toReversed() });
      frames = null;
    } else frames?.push(line);
  }
  return found;
}

/** Whether a line is but a frame of a traceback, or its head. */
export function isFrame(line: string): boolean {
  return (
    pythonTrace.test(line.trimStart()) ||
    /^\s+(?:File "|at |\.{3}|\^|~)/.test(line) ||
    /^\s{4,}\S/.test(line) ||
    /^\s*\d{1,4}: +\S+\n?$/.test(line) ||
    /^(?:goroutine \d+ \[|\t)/.test(line)
  );
}
