import type { Invocation } from '../core/invocation.ts';
import type { Role } from '../core/roles.ts';
import type { CommandDeps } from './deps.ts';

/** One slash command: all that is known of it in one place; help and the reference page are derived from it. */
export interface Command {
  /** The word by which it is called. */
  name: string;
  /** The whole line, with what is optional in brackets. */
  usage: string;
  role: Role;
  /**
   * It tells something and changes nothing: where GitHub does not tell roles, one that was seen in the last hour is
   * enough for it. Default false.
   */
  postsOnly?: boolean;
  summary: string;
  examples: string[];
  /** Words of which one comes first after the name, for "did you mean"; missing where there is no such choice. */
  subcommands?: readonly string[];
  /** Whether the words after the name make sense; otherwise the usage is shown. */
  accepts(words: string[]): boolean;
  /**
   * Begins at once what needs no role, which is reading from GitHub only, and gives what is left to do once the
   * role is proven. So the look-up of the role costs no time of its own, and a person without it causes no
   * request to Google. It is told the role that the person holds, and ends when its answer is stored, with the reaction
   * that follows it.
   */
  prepare(deps: CommandDeps, invocation: Invocation, words: string[]): (held: Role) => Promise<void>;
}
