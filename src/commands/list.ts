import type { Command } from './command.ts';
import { ack } from './ack.ts';
import { helpOf } from './help.ts';
import { status } from './status.ts';
import { timeline } from './timeline.ts';

/** All commands, in the order in which help shows them. */
export const commands: readonly Command[] = [status, ack, timeline, helpOf(() => commands)];
