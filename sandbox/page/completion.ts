import { commands } from '../../src/commands/list.ts';
import type { Command } from '../../src/commands/command.ts';
import { roles } from '../../src/core/roles.ts';

/** A line that the box for commands offers. */
export interface Offer {
  /** What is written when it is taken; ends with a space where more is to follow. */
  text: string;
  usage: string;
  role: string;
  help: string;
  examples: readonly string[];
}

/** What the page needs to offer commands: the product's own, and the roles from the weakest on. */
export interface Completion {
  offers: readonly Offer[];
  roles: readonly string[];
}

/** All commands as offers; one that needs a verb of its own is offered with each of them. */
export function completion(): Completion {
  return { offers: commands.flatMap(offersOf), roles };
}

function offersOf(command: Command): Offer[] {
  const { usage, role, summary: help, examples, subcommands = [] } = command;
  const [call = ''] = usage.split(' ');
  const line = call === '/sitrep' ? `${call} ${command.name}` : call;
  const offer = (words: readonly string[]): Offer => {
    const complete = command.accepts([...words]);
    const text = [line, ...words].join(' ');
    return { text: complete ? text : `${text} `, usage, role, help, examples };
  };
  const isWhole = subcommands.length === 0 || command.accepts([]);
  return isWhole ? [offer([])] : subcommands.map((verb) => offer([verb]));
}
