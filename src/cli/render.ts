import { Option } from 'commander';
import { lookAt } from '../commands/assess.ts';
import { renderUpdate } from '../templates/render.ts';
import { version } from '../version.ts';
import { readAssessed, withAssessedOptions, type AssessedOptions } from './assessed.ts';
import { exit, InputError } from './io.ts';
import { renderKinds } from './render-kinds.ts';
import type { Subcommand } from './subcommand.ts';

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
          .choices([...renderKinds.keys()])
          .makeOptionMandatory(),
      )
      .action(async (options: AssessedOptions & { kind: string }) => {
        const { configuration, snapshot } = await readAssessed(options, line);
        const compose = renderKinds.get(options.kind);
        if (compose === undefined) throw new InputError(`there is no kind ${options.kind}`);
        const looked = lookAt(configuration, snapshot, [], configuration.checkpoints);
        line.out(renderUpdate(compose(looked, version)));
        done(exit.done);
      }),
};
