import type { Command } from './command.ts';
import { ack } from './ack.ts';
import { escalate } from './escalate.ts';
import { helpOf } from './help.ts';
import { status } from './status.ts';

/** All commands, in the order in which help shows them. */
export const commands: readonly Command[] = [status, ack, escalate, helpOf(() => commands)];
