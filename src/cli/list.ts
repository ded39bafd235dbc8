import { audit } from './audit.ts';
import { check } from './check.ts';
import { collect } from './collect.ts';
import { diagnose } from './diagnose.ts';
import { doctor } from './doctor.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { init } from './init.ts';
import { render } from './render.ts';
import { replay } from './replay.ts';
import { restored } from './restored.ts';
import { sandbox } from './sandbox.ts';
import { start } from './start.ts';
import { status } from './status.ts';
import type { Subcommand } from './subcommand.ts';

/** All subcommands, in the order in which help shows them. */
export const subcommands: readonly Subcommand[] = [
  start,
  init,
  sandbox,
  collect,
  diagnose,
  render,
  status,
  replay,
  check,
  doctor,
  audit,
  exportCommand,
  importCommand,
  restored,
];
