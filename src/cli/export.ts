import { databaseUrl } from './environment.ts';
import { expectWritable } from './files.ts';
import { exit, type CommandLine, type ExitCode } from './io.ts';
import { openProgress } from './progress/progress.ts';
import { rowsWords, watchTransfer } from './progress/transfer.ts';
import type { Subcommand } from './subcommand.ts';

/** `sitrep export`: all of a database as a file. */
export const exportCommand: Subcommand = {
  name: 'export',
  summary:
    'writes all of a database into a file, for a backup or for another database; the server is stopped',
  examples: [
    'sitrep export --out sitrep-2025-09-15.jsonl.gz',
    'DATABASE_URL=postgres://sitrep@db/incidents sitrep export --out sitrep.jsonl.gz --json',
  ],
  declare: (command, line, done) =>
    void command
      .requiredOption('--out <FILE>', 'where it goes: JSON Lines, compressed with gzip')
      .option('--json', 'prints what the file holds as JSON')
      .addHelpText(
        'after',
        '\nDATABASE_URL says which database, as for the server, which must not run meanwhile.\nThe file holds all that is recorded, as readable as the database itself, for its user alone (mode 600).',
      )
      .action(async (options: Options) => {
        done(await write(line, options));
      }),
};

interface Options {
  out: string;
  json?: boolean;
}

async function write(line: CommandLine, { out, json = false }: Options): Promise<ExitCode> {
  const url = databaseUrl(line);
  await expectWritable(out);
  // Loaded here: the other subcommands do without the database and its packages.
  const { exportDatabase, rowsIn } = await import('../composition/export.ts');
  const progress = openProgress(line);
  try {
    const header = await exportDatabase({
      url,
      file: out,
      now: line.now,
      log: { info: () => undefined, warn: tell, error: tell },
      watch: watchTransfer(progress, 'exporting'),
    });
    progress.end();
    line.out(
      json
        ? `${JSON.stringify({ file: out, ...header }, null, 2)}\n`
        : `${out} holds ${rowsWords(rowsIn(header))}, as of ${header.takenAt}\n`,
    );
  } finally {
    progress.end();
  }
  return exit.done;

  function tell(_fields: object, message: string): void {
    progress.tell(message);
  }
}
