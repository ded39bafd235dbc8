import { dirname, join } from 'node:path';
import { configurationPath } from '../config/remote.ts';
import { readRepositoryConfiguration } from '../config/repository.ts';
import type { TemplateProblem } from '../core/own-templates/problem.ts';
import { checkTemplates } from '../templates/own/check.ts';
import { openTemplateThreads } from '../templates/own/threads.ts';
import { readText } from './files.ts';
import { errorLine } from './inputs.ts';
import { exit } from './io.ts';
import type { Subcommand } from './subcommand.ts';
import { problemLine, readTemplateFiles } from './template-files.ts';
import { printedJson } from './printed-json.ts';

/** `sitrep check`: all errors of a configuration, and of the templates beside it, each with its place and remedy. */
export const check: Subcommand = {
  name: 'check',
  summary:
    'validates a configuration, and the templates beside it: all errors at once, each with line, column and remedy',
  examples: ['sitrep check', 'sitrep check staging.yml --json'],
  declare: (command, line, done) =>
    void command
      .argument(
        '[FILE]',
        'the configuration; templates are looked for in sitrep/templates beside it',
        configurationPath,
      )
      .option('--json', 'prints file and errors as JSON, and those of templates')
      .action(async (file: string, options: { json?: boolean }) => {
        const { errors } = readRepositoryConfiguration(await readText(file), file);
        const templates = await checkedTemplates(join(dirname(file), 'sitrep', 'templates'));
        if (options.json === true) line.out(printedJson({ file, errors, ...(templates && { templates }) }));
        else {
          const lines = errors.map((error) => errorLine(file, error));
          line.out(told(file, lines));
          if (templates !== null) {
            const { folder, errors: problems } = templates;
            line.out(
              told(
                folder,
                problems.map((problem) => problemLine(folder, problem)),
              ),
            );
          }
        }
        done(errors.length + (templates?.errors.length ?? 0) === 0 ? exit.done : exit.input);
      }),
};

function told(what: string, lines: readonly string[]): string {
  return lines.length === 0 ? `${what}: no error\n` : `${lines.join('\n')}\n`;
}

/** What is wrong with the templates of a directory; null where there is no such directory. */
async function checkedTemplates(
  folder: string,
): Promise<{ folder: string; errors: TemplateProblem[] } | null> {
  const templates = await readTemplateFiles(folder);
  if (templates === null) return null;
  const threads = openTemplateThreads();
  try {
    return { folder, errors: await checkTemplates(threads, templates) };
  } finally {
    await threads.close();
  }
}
