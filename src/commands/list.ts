import type { Command } from './command.ts';
import { accept } from './accept.ts';
import { ack } from './ack.ts';
import { handoff } from './handoff.ts';
import { helpOf } from './help.ts';
import { postmortem } from './postmortem.ts';
import { status } from './status.ts';
import { timeline } from './timeline.ts';

/** All commands, in the order in which help shows them. */
export const commands: readonly Command[] = [
  status,
  ack,
  timeline,
  handoff,
  accept,
  postmortem,
  helpOf(() => commands),
];
