import { databaseUrl } from './environment.ts';
import { exit, type CommandLine, type ExitCode } from './io.ts';
import { openProgress } from './progress/progress.ts';
import { rowsWords, watchTransfer } from './progress/transfer.ts';
import type { Subcommand } from './subcommand.ts';

/** `sitrep import`: all of a database from a file. */
export const importCommand: Subcommand = {
  name: 'import',
  summary:
    'puts what sitrep export wrote into an empty database, all of it or nothing; the server is stopped',
  examples: [
    'sitrep import sitrep-2025-09-15.jsonl.gz',
    'DATABASE_URL=postgres://sitrep@db/incidents sitrep import sitrep.jsonl.gz --json',
  ],
  declare: (command, line, done) =>
    void command
      .argument('<FILE>', 'what sitrep export wrote, of this version or an earlier one')
      .option('--json', 'prints what was taken over as JSON')
      .addHelpText(
        'after',
        '\nDATABASE_URL says which database: a directory that is not there yet, or an empty database of a PostgreSQL server.\nThe next start looks for each posting on GitHub before it makes it, since it may have been made after the export.',
      )
      .action(async (file: string, options: { json?: boolean }) => {
        done(await read(line, file, options));
      }),
};

async function read(
  line: CommandLine,
  file: string,
  { json = false }: { json?: boolean },
): Promise<ExitCode> {
  const url = databaseUrl(line);
  // Loaded here: the other subcommands do without the database and its packages.
  const { importDatabase } = await import('../composition/import.ts');
  const { rowsIn } = await import('../composition/export.ts');
  const progress = openProgress(line);
  try {
    const header = await importDatabase({
      url,
      file,
      log: { info: () => undefined, warn: tell, error: tell },
      watch: watchTransfer(progress, 'importing'),
    });
    progress.end();
    line.out(
      json
        ? `${JSON.stringify({ file, ...header }, null, 2)}\n`
        : `${rowsWords(rowsIn(header))} of ${header.takenAt} taken over from ${file}\n`,
    );
  } finally {
    progress.end();
  }
  return exit.done;

  function tell(_fields: object, message: string): void {
    progress.tell(message);
  }
}
