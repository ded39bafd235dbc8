import type { Command } from './command.ts';
import { accept } from './accept.ts';
import { ack } from './ack.ts';
import { checkpoints } from './checkpoints.ts';
import { action } from './action.ts';
import { brief } from './brief.ts';
import { criteria } from './criteria.ts';
import { declare } from './declare.ts';
import { diff } from './diff.ts';
import { evidence } from './evidence.ts';
import { escalate } from './escalate.ts';
import { handoff } from './handoff.ts';
import { helpOf } from './help.ts';
import { impact } from './impact.ts';
import { lead } from './lead.ts';
import { notRegression } from './not-regression.ts';
import { note } from './note.ts';
import { postmortem } from './postmortem.ts';
import { regression } from './regression.ts';
import { severity } from './severity.ts';
import { stage } from './stage.ts';
import { reopen } from './reopen.ts';
import { resolve } from './resolve.ts';
import { snooze } from './snooze.ts';
import { status } from './status.ts';
import { timeline } from './timeline.ts';
import { why } from './why.ts';
import { whys } from './whys.ts';

/** All commands, in the order in which help shows them. */
export const commands: readonly Command[] = [
  status,
  brief,
  whys,
  criteria,
  diff,
  evidence,
  declare,
  lead,
  ack,
  impact,
  note,
  why,
  action,
  severity,
  stage,
  regression,
  notRegression,
  escalate,
  resolve,
  reopen,
  timeline,
  handoff,
  accept,
  postmortem,
  checkpoints,
  snooze,
  helpOf(() => commands),
];
