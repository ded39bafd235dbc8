import { label } from '../../text.ts';
import type { CommandRow, Fold } from '../../update.ts';
import { fold } from './fold.ts';

/** The commands to run, in full. */
export function commandFold(commands: readonly CommandRow[]): Fold<CommandRow> | null {
  return fold(
    commands.length === 1 ? label`Command to run` : label`Commands to run: ${commands.length}`,
    commands,
  );
}
