import { configurationPath } from '../config/remote.ts';
import { readRepositoryConfiguration } from '../config/repository.ts';
import { readText } from './files.ts';
import { errorLine } from './inputs.ts';
import { exit } from './io.ts';
import type { Subcommand } from './subcommand.ts';

/** `sitrep check`: all errors of a configuration at once, each with its place and remedy. */
export const check: Subcommand = {
  name: 'check',
  summary: 'validates a configuration: all errors at once, each with line, column and remedy',
  examples: ['sitrep check', 'sitrep check staging.yml --json'],
  declare: (command, line, done) =>
    void command
      .argument('[FILE]', 'the configuration', configurationPath)
      .option('--json', 'prints file and errors as JSON')
      .action(async (file: string, options: { json?: boolean }) => {
        const { errors } = readRepositoryConfiguration(await readText(file), file);
        if (options.json === true) line.out(`${JSON.stringify({ file, errors }, null, 2)}\n`);
        else if (errors.length === 0) line.out(`${file}: no error\n`);
        else line.out(`${errors.map((error) => errorLine(file, error)).join('\n')}\n`);
        done(errors.length === 0 ? exit.done : exit.input);
      }),
};
