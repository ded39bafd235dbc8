import { databaseUrl } from './environment.ts';
import { exit, type CommandLine, type ExitCode } from './io.ts';
import { instantOption } from './options.ts';
import type { Subcommand } from './subcommand.ts';

/** `sitrep restored`: what has to be said of a database that was put back from a backup. */
export const restored: Subcommand = {
  name: 'restored',
  summary:
    'notes that the database was put back from a backup: what was posted since is not posted again; before the server is started',
  examples: ['sitrep restored --since 2025-09-15T03:00:00Z'],
  declare: (command, line, done) =>
    void command
      .requiredOption('--since <TIME>', 'when the backup was made, UTC', (text: string) =>
        instantOption(text, line.now()),
      )
      .option('--json', 'prints what was noted as JSON')
      .addHelpText(
        'after',
        '\nDATABASE_URL says which database, as for the server, which must not run meanwhile. sitrep import does it by itself.',
      )
      .action(async (options: Options) => {
        done(await note(line, options));
      }),
};

interface Options {
  since: Date;
  json?: boolean;
}

async function note(line: CommandLine, { since, json = false }: Options): Promise<ExitCode> {
  const url = databaseUrl(line);
  // Loaded here: the other subcommands do without the database and its packages.
  const { noteRestored } = await import('../composition/restored.ts');
  const tell = (_fields: object, message: string) => line.err(`${message}\n`);
  const noted = await noteRestored({ url, log: { info: () => undefined, warn: tell, error: tell } }, since);
  line.out(
    json
      ? `${JSON.stringify({ database: noted.where, since: noted.since.toISOString() }, null, 2)}\n`
      : `${noted.where}: what was posted since ${noted.since.toISOString()} is looked for before it is posted again\n`,
  );
  return exit.done;
}
