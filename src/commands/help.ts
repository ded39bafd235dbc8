import { composeHelp } from '../core/compose/help.ts';
import { renderUpdate } from '../templates/render.ts';
import type { Command } from './command.ts';
import { postingId } from './posting-id.ts';

/** `/sitrep help`: the table of commands, made from the commands themselves. */
export function helpOf(commands: () => readonly Command[]): Command {
  return {
    name: 'help',
    usage: '/sitrep help',
    role: 'triage',
    postsOnly: true,
    summary: 'Shows the commands.',
    examples: ['/sitrep help'],
    accepts: (words) => words.length === 0,
    prepare: (deps, invocation) => async () => {
      const update = composeHelp({ commands: commands(), version: deps.version });
      await deps.publish(invocation, {
        id: postingId(invocation.id, 'help'),
        kind: 'help',
        body: renderUpdate(update),
        outcome: 'done',
      });
    },
  };
}
