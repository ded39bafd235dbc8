import type { Role } from '../roles.ts';
import { code, plain, prose, say } from '../text.ts';
import type { HelpUpdate } from '../update.ts';
import { replyFooter } from './reply-footer.ts';

/** What help shows of one command. */
interface CommandHelp {
  readonly usage: string;
  readonly role: Role;
  readonly summary: string;
}

/** The table of commands, each with the role that it needs. */
export function composeHelp(input: { commands: readonly CommandHelp[]; version: string }): HelpUpdate {
  return {
    kind: 'help',
    headline: say`Commands`,
    commands: input.commands.map(({ usage, role, summary }) => ({
      usage: say`${code(usage)}`,
      role: say`${plain(role)}`,
      does: say`${prose(summary)}`,
    })),
    notes: [
      say`A command is a line of its own in a new comment, not in a quote, a fence, an indented block or an HTML comment. Case does not matter.`,
    ],
    footer: replyFooter(input.version),
  };
}
