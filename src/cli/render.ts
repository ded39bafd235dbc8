import { Option } from 'commander';
import { assess } from '../commands/assess.ts';
import { version } from '../version.ts';
import { readAssessed, withAssessedOptions, type AssessedOptions } from './assessed.ts';
import { exit } from './io.ts';
import type { Subcommand } from './subcommand.ts';

/** `sitrep render`: the Markdown of an update. */
export const render: Subcommand = {
  name: 'render',
  summary: 'prints the Markdown of an update, from a snapshot',
  examples: ['sitrep render --config .github/sitrep.yml --snapshot snapshot.json --kind status'],
  declare: (command, line, done) =>
    void withAssessedOptions(command)
      .addOption(new Option('--kind <KIND>', 'kind of update').choices(['status']).makeOptionMandatory())
      .action(async (options: AssessedOptions) => {
        const { configuration, snapshot } = await readAssessed(options, line);
        const occasion = { plan: configuration.checkpoints };
        line.out(assess(configuration, snapshot, [], version, occasion).markdown);
        done(exit.done);
      }),
};
