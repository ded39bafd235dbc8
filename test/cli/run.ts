import type { CommandLine, ExitCode } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';

/** What a run of `sitrep` gave. */
export interface Run {
  code: ExitCode;
  out: string;
  err: string;
}

/** A command line that keeps what is written to it. */
export function openLine(
  environment: CommandLine['environment'] = {},
  interrupted: () => Promise<void> = () => Promise.withResolvers<void>().promise,
  screen: CommandLine['screen'] = noTerminal,
): CommandLine & { written: { out: string; err: string } } {
  const written = { out: '', err: '' };
  return {
    written,
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    screen,
    now: () => new Date(),
    environment,
    interrupted,
  };
}

const noTerminal: CommandLine['screen'] = {
  isTTY: false,
  columns: () => 0,
  beforeEnd: () => () => undefined,
};

/** Runs `sitrep` in this process. */
export async function sitrep(args: string[], environment: CommandLine['environment'] = {}): Promise<Run> {
  const line = openLine(environment);
  const code = await main(args, line);
  return { code, ...line.written };
}

/** What a stack trace looks like. */
export const stackTrace = /\n\s+at |node:internal|\.ts:\d+/u;
