import type { Command } from './command.ts';
import { ack } from './ack.ts';
import { declare } from './declare.ts';
import { helpOf } from './help.ts';
import { reopen } from './reopen.ts';
import { resolve } from './resolve.ts';
import { status } from './status.ts';

/** All commands, in the order in which help shows them. */
export const commands: readonly Command[] = [status, declare, ack, resolve, reopen, helpOf(() => commands)];
