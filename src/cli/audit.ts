import type { AuditLine } from '../composition/audit-lines.ts';
import type { RepositoryName } from '../core/github-request.ts';
import { databaseUrl } from './environment.ts';
import { exit, type CommandLine, type ExitCode } from './io.ts';
import { issueOption, repositoryOption, utcOption } from './options.ts';
import type { Subcommand } from './subcommand.ts';

/** `sitrep audit`: who did what, as the server recorded it. */
export const audit: Subcommand = {
  name: 'audit',
  summary: 'prints who did what: commands, refusals, comments, labels and what else Sitrep did, oldest first',
  examples: [
    'sitrep audit --repo netra-systems/netra-apex --issue 1278',
    'sitrep audit --since 2025-09-01T00:00:00Z --until 2025-10-01T00:00:00Z --json',
  ],
  declare: (command, line, done) =>
    void command
      .option('--repo <OWNER/NAME>', 'of this repository, by the name that it had then', repositoryOption)
      .option('--issue <N>', 'of this issue', issueOption)
      .option('--since <TIME>', 'at this time or later, UTC', utcOption)
      .option('--until <TIME>', 'before this time, UTC', utcOption)
      .option('--json', 'prints JSON Lines: one entry a line')
      .addHelpText(
        'after',
        '\nDATABASE_URL says which database, as for the server; the server may run meanwhile.',
      )
      .action(async (options: Options) => {
        done(await print(line, options));
      }),
};

interface Options {
  repo?: RepositoryName;
  issue?: number;
  since?: Date;
  until?: Date;
  json?: boolean;
}

async function print(
  line: CommandLine,
  { repo, issue, since, until, json = false }: Options,
): Promise<ExitCode> {
  const url = databaseUrl(line);
  // Loaded here: the other subcommands do without the database and its packages.
  const { doctorOf } = await import('../composition/doctor-call.ts');
  const { auditLine } = await import('../composition/audit-lines.ts');
  const tell = (_fields: object, message: string) => line.err(`${message}\n`);
  const reading = doctorOf(url, line.now, { info: () => undefined, warn: tell, error: tell });
  const repository = repo === undefined ? undefined : `${repo.owner}/${repo.name}`;
  let entries = 0;
  await reading.audit({ repository, issue, since, until }, (text) => {
    entries += 1;
    line.out(json ? `${text}\n` : rowOf(auditLine.parse(JSON.parse(text))));
  });
  if (entries === 0) line.err('no entry fits\n');
  return exit.done;
}

function rowOf({ at, who, what, repository, issue, delivery, detail }: AuditLine): string {
  const place = repository === null ? '' : `${repository}${issue === null ? '' : `#${String(issue)}`}`;
  const cells = [
    at,
    who.padEnd(16),
    what.padEnd(18),
    place,
    ...(detail === null ? [] : [JSON.stringify(detail)]),
    ...(delivery === null ? [] : [`delivery ${delivery}`]),
  ];
  return `${printable(cells.join('  '))}\n`;
}

/** Text from outside gets one line of the terminal, and no say in how it looks. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{FFFD}');
}
