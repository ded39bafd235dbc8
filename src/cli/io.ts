/** What a subcommand needs of the terminal and the machine. */
export interface CommandLine {
  /** Results: what a pipe or a file is to get. */
  out(text: string): void;
  /** Progress and faults, for the person who looks on. */
  err(text: string): void;
  /** What `err` is shown on. */
  screen: Screen;
  now: () => Date;
  /** Environment variables, read by `config/` only. */
  environment: Record<string, string | undefined>;
  /** Resolves when the person or the supervisor asks the process to end; they are heard from the call on. */
  interrupted(): Promise<void>;
}

/** What the error stream is shown on. */
export interface Screen {
  isTTY: boolean;
  /** How many characters a line of it has now. */
  columns(): number;
  /**
   * Calls `restore` where the process ends in the midst of its work, by a signal or a fault: what was done to the terminal
   * is undone then. Gives what lets go of it.
   */
  beforeEnd(restore: () => void): () => void;
}

/** Exit codes of every subcommand. */
export const exit = {
  done: 0,
  input: 1,
  usage: 2,
  nothing: 3,
  internal: 70,
} as const;

export type ExitCode = (typeof exit)[keyof typeof exit];

/** What the exit codes mean, for `--help` and the reference page. */
export const exitMeanings: readonly (readonly [code: ExitCode, meaning: string])[] = [
  [exit.done, 'done; what could not be read is in the result, as gaps'],
  [exit.input, 'something given is wrong or cannot be had: a file, a token, an issue, a port, a database'],
  [exit.usage, 'called wrongly'],
  [exit.nothing, 'nothing at all could be read'],
  [exit.internal, 'a defect of Sitrep; with LOG_LEVEL=debug it shows where'],
];

/** A fault that a person can mend: told without a stack trace, with what to do. */
export class ExpectedError extends Error {
  override readonly name: string = 'ExpectedError';
  readonly exitCode: ExitCode = exit.input;
}

/** What was given is wrong or cannot be had. */
export class InputError extends ExpectedError {
  override readonly name = 'InputError';
}

/** Nothing at all could be read, whatever was given. */
export class NothingReadError extends ExpectedError {
  override readonly name = 'NothingReadError';
  override readonly exitCode = exit.nothing;
}
