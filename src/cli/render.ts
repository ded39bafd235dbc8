import { Option } from 'commander';
import { lookAt } from '../commands/assess.ts';
import { noTemplates } from '../core/own-templates/own-templates.ts';
import { renderWith } from '../templates/own/render-with.ts';
import { openTemplateThreads } from '../templates/own/threads.ts';
import { version } from '../version.ts';
import { readAssessed, withAssessedOptions, type AssessedOptions } from './assessed.ts';
import { exit, InputError } from './io.ts';
import { renderKinds } from './render-kinds.ts';
import type { Subcommand } from './subcommand.ts';
import { demandTemplateFiles, problemLine } from './template-files.ts';

/** `sitrep render`: the Markdown of an update. */
export const render: Subcommand = {
  name: 'render',
  summary: 'prints the Markdown of an update, from a snapshot',
  examples: [
    'sitrep render --config .github/sitrep.yml --snapshot snapshot.json --kind status',
    'sitrep render --config .github/sitrep.yml --snapshot snapshot.json --kind checkpoint',
    'sitrep render --config .github/sitrep.yml --snapshot snapshot.json --kind status --templates .github/sitrep/templates',
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
      .option(
        '--templates <DIR>',
        "templates of one's own, as a repository has them in .github/sitrep/templates",
      )
      .action(async (options: AssessedOptions & { kind: string; templates?: string }) => {
        const { configuration, snapshot } = await readAssessed(options, line);
        const compose = renderKinds.get(options.kind);
        if (compose === undefined) throw new InputError(`there is no kind ${options.kind}`);
        const looked = lookAt(configuration, snapshot, [], configuration.checkpoints);
        const folder = options.templates;
        const templates = folder === undefined ? noTemplates : await demandTemplateFiles(folder);
        const threads = openTemplateThreads();
        try {
          const { text, problem } = await renderWith(threads, templates, compose(looked, version));
          line.out(text);
          if (problem !== null) line.err(`${problemLine(folder ?? '', problem)}\n`);
          done(problem === null ? exit.done : exit.input);
        } finally {
          await threads.close();
        }
      }),
};
