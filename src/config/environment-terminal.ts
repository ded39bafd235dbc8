import type { VariableName } from './variables.ts';

/** How what is going on is shown. */
export interface TerminalStyle {
  /** A line is drawn anew in its place; otherwise lines are only ever added. */
  animated: boolean;
  colour: boolean;
}

/**
 * How to show what is going on on a stream: drawn anew only on a terminal that can, and where no machine reads along;
 * in colour there, unless that is wanted otherwise. FORCE_COLOR wins over NO_COLOR, as in Node.
 */
export function readTerminalStyle(
  environment: Readonly<Record<string, string | undefined>>,
  isTTY: boolean,
): TerminalStyle {
  const set = (name: VariableName): string => environment[name] ?? '';
  // Whatever its value: so the packages around read it as well.
  const isWatchedByMachine = environment['CI' satisfies VariableName] !== undefined;
  const animated = isTTY && set('TERM') !== 'dumb' && !isWatchedByMachine;
  const forced = set('FORCE_COLOR');
  const colour = forced === '' ? animated && set('NO_COLOR') === '' : !['0', 'false'].includes(forced);
  return { animated, colour };
}
