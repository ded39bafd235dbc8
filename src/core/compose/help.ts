import { type Role, roleSuffices } from '../roles.ts';
import { code, join, label, plain, prose, say } from '../text.ts';
import type { HelpRow, HelpUpdate, NoticeUpdate } from '../update.ts';
import { fold } from './folds/fold.ts';
import { replyFooter } from './reply-footer.ts';

/** What help shows of one command. */
interface CommandHelp {
  readonly usage: string;
  readonly role: Role;
  readonly summary: string;
}

/** The commands: first those that a person with the role `held` may run, then, folded, those that need a higher one. */
export function composeHelp(input: {
  commands: readonly CommandHelp[];
  held: Role;
  version: string;
}): HelpUpdate {
  const { commands, held, version } = input;
  const own = commands.filter(({ role }) => roleSuffices(held, role));
  const others = commands.filter(({ role }) => !roleSuffices(held, role));
  return {
    kind: 'help',
    headline: others.length === 0 ? say`Commands` : say`Commands for you, with the role ${plain(held)}`,
    commands: own.map(helpRow),
    folds: { others: fold(label`Commands that need another role: ${others.length}`, others.map(helpRow)) },
    notes: [
      say`A command is a line of its own in a new comment, not in a quote, a fence, an indented block or an HTML comment. Case does not matter. ${code('/sitrep help COMMAND')} tells more of one.`,
    ],
    footer: replyFooter(version),
  };
}

function helpRow({ usage, role, summary }: CommandHelp): HelpRow {
  return { usage: say`${code(usage)}`, role: say`${plain(role)}`, does: say`${prose(summary)}` };
}

/** One command: what it does, how it is written, who may run it. */
export function composeCommandHelp(
  { usage, role, summary, examples }: CommandHelp & { readonly examples: readonly string[] },
  version: string,
): NoticeUpdate {
  return {
    kind: 'notice',
    headline: say`${code(usage)}`,
    lines: [
      say`${prose(summary)}`,
      say`**Role needed:** ${plain(role)}`,
      say`**For example:** ${join(examples.map((example) => code(example)))}`,
    ],
    footer: replyFooter(version),
  };
}
