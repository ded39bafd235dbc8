import { Option } from 'commander';
import { assess, type Occasion } from '../commands/assess.ts';
import { latestCheckpoint } from '../core/checkpoints.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { version } from '../version.ts';
import { readAssessed, withAssessedOptions, type AssessedOptions } from './assessed.ts';
import { exit, InputError } from './io.ts';
import type { Subcommand } from './subcommand.ts';

const kinds = ['status', 'checkpoint'] as const;
type Kind = (typeof kinds)[number];

/** `sitrep render`: the Markdown of an update. */
export const render: Subcommand = {
  name: 'render',
  summary: 'prints the Markdown of an update, from a snapshot',
  examples: [
    'sitrep render --config .github/sitrep.yml --snapshot snapshot.json --kind status',
    'sitrep render --config .github/sitrep.yml --snapshot snapshot.json --kind checkpoint',
  ],
  declare: (command, line, done) =>
    void withAssessedOptions(command)
      .addOption(
        new Option(
          '--kind <KIND>',
          'kind of update; a checkpoint is the one that was due last, and needs a snapshot that knows its incident',
        )
          .choices([...kinds])
          .makeOptionMandatory(),
      )
      .action(async (options: AssessedOptions & { kind: Kind }) => {
        const { configuration, snapshot } = await readAssessed(options, line);
        const occasion = occasionOf(options.kind, configuration.checkpoints, snapshot);
        line.out(assess(configuration, snapshot, [], version, occasion).markdown);
        done(exit.done);
      }),
};

function occasionOf(kind: Kind, plan: readonly string[], { incident, takenAt }: Snapshot): Occasion {
  if (kind === 'status') return { plan };
  if (incident === null || incident === undefined)
    throw new InputError(
      'the snapshot knows no incident, so no checkpoint; take one of sitrep status --json or sitrep sandbox --once --json',
    );
  const due = latestCheckpoint(plan, incident.declaredAt, takenAt);
  if (due === null)
    throw new InputError(
      `no checkpoint was due by ${takenAt}: the incident was declared at ${incident.declaredAt}, and they are after ${plan.join(', ')}`,
    );
  return { plan, checkpoint: { ...due, missed: [] } };
}
