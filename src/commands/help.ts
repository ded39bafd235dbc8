import { composeCommandHelp, composeHelp } from '../core/compose/help.ts';
import type { Command } from './command.ts';
import { postingId } from './posting-id.ts';

/** `/sitrep help`, and `/sitrep` alone: the commands, made from the commands themselves; or all that is known of one. */
export function helpOf(commands: () => readonly Command[]): Command {
  const find = (word: string | undefined) => {
    const name = word?.toLowerCase().replace(/^\//u, '');
    return commands().find((command) => command.name === name);
  };
  return {
    name: 'help',
    usage: '/sitrep help [COMMAND]',
    role: 'triage',
    postsOnly: true,
    summary: 'Shows the commands that you may run, then the others; or how one is used.',
    examples: ['/sitrep help', '/sitrep help status'],
    accepts: ([word, ...rest]) => rest.length === 0 && (word === undefined || find(word) !== undefined),
    get subcommands() {
      return commands().map(({ name }) => name);
    },
    prepare:
      (deps, invocation, [word]) =>
      async (held) => {
        const { version } = deps;
        const one = find(word);
        const update =
          one === undefined
            ? composeHelp({ commands: commands(), held, version })
            : composeCommandHelp(one, version);
        await deps.publish(invocation, {
          id: postingId(invocation.id, 'help'),
          kind: 'help',
          update,
          outcome: 'done',
        });
      },
  };
}
