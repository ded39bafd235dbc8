import type { Command } from './command.ts';
import { ack } from './ack.ts';
import { checkpoints } from './checkpoints.ts';
import { declare } from './declare.ts';
import { helpOf } from './help.ts';
import { snooze } from './snooze.ts';
import { status } from './status.ts';

/** All commands, in the order in which help shows them. */
export const commands: readonly Command[] = [
  status,
  declare,
  ack,
  checkpoints,
  snooze,
  helpOf(() => commands),
];
