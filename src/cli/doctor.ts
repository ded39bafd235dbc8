import type { DoctorReport, ReportedLetter, RetryReport } from '../composition/doctor-report.ts';
import { databaseUrl } from './environment.ts';
import { exit, type CommandLine, type ExitCode } from './io.ts';
import { retryOption } from './options.ts';
import type { Subcommand } from './subcommand.ts';

/** `sitrep doctor`: what an operator asks when something does not come. */
export const doctor: Subcommand = {
  name: 'doctor',
  summary:
    'looks at the database and the queue, lists jobs that failed at every try and has them tried again',
  examples: [
    'sitrep doctor',
    'sitrep doctor --json',
    'sitrep doctor --retry 0d9f6c6e-6a55-4d0e-9a39-0c7f4c1c2a01',
    'sitrep doctor --retry all',
  ],
  declare: (command, line, done) =>
    void command
      .option(
        '--retry <ID>',
        'has a dead letter tried again, or all; what was posted is not posted twice',
        retryOption,
      )
      .option('--json', 'prints what was found as JSON')
      .addHelpText(
        'after',
        '\nDATABASE_URL says which database, as for the server; the server may run meanwhile.\nExit code 1: something is wrong, and stands there with its remedy.',
      )
      .action(async (options: { retry?: string; json?: boolean }) => {
        done(await attend(line, options));
      }),
};

async function attend(
  line: CommandLine,
  { retry, json = false }: { retry?: string; json?: boolean },
): Promise<ExitCode> {
  const url = databaseUrl(line);
  // Loaded here: the other subcommands do without the database and its packages.
  const { doctorOf } = await import('../composition/doctor-call.ts');
  const tell = (_fields: object, message: string) => line.err(`${message}\n`);
  const attending = doctorOf(url, line.now, {
    info: () => undefined,
    warn: tell,
    error: tell,
  });
  if (retry !== undefined) {
    const retried = await attending.retry(retry);
    line.out(json ? `${JSON.stringify(retried, null, 2)}\n` : retriedText(retried, retry));
    const isDone = retried.forgotten.length === 0 && (retried.again.length > 0 || retry === 'all');
    return isDone ? exit.done : exit.input;
  }
  const found = await attending.report();
  line.out(json ? `${JSON.stringify(found, null, 2)}\n` : reportText(found));
  return found.problems.length === 0 ? exit.done : exit.input;
}

function reportText(report: DoctorReport): string {
  const wrong = report.problems.map(({ about, text }) => `WRONG    ${about}: ${text}`);
  return [...lines(report), '', ...(wrong.length === 0 ? ['all well'] : wrong), ''].join('\n');
}

function lines({ database, server, queues, deadLetters, at }: DoctorReport): string[] {
  const name = database.kind === 'embedded' ? 'embedded database' : 'PostgreSQL';
  const free =
    database.freeBytes === null
      ? ''
      : `, ${String(Math.floor(database.freeBytes / 1024 / 1024))} MB of the disk free`;
  const served =
    server === null ? 'none runs on this directory' : `process ${String(server)} runs, and answered`;
  return [
    `database ${name} ${database.where}${free}`,
    ...(database.kind === 'embedded' ? [`server   ${served}`] : []),
    ...queueLines(queues, at),
    `dead     ${deadLetters.length === 0 ? 'no job failed at every try' : `${jobs(deadLetters.length)} failed at every try:`}`,
    ...deadLetters.flatMap(letterLines),
  ];
}

type Queue = NonNullable<DoctorReport['queues']>[number];

function queueLines(queues: DoctorReport['queues'], at: string): string[] {
  if (queues === null) return ['queue    not made yet: the first start makes it'];
  const busy = queues.filter(({ running, waiting, later }) => running + waiting + later > 0);
  return busy.length === 0 ? ['queue    nothing runs or waits'] : busy.map((queue) => queueLine(queue, at));
}

function queueLine({ name, waiting, later, running, oldestDueAt }: Queue, at: string): string {
  const counts = [
    `${String(running)} running`,
    `${String(waiting)} waiting${oldestDueAt === null ? '' : ` (the oldest for ${age(oldestDueAt, at)})`}`,
    `${String(later)} for later`,
  ];
  return `queue    ${name}: ${counts.join(', ')}`;
}

function letterLines({ id, queue, createdAt, givenUpAt, tries, reason, purpose }: ReportedLetter): string[] {
  return [
    `  ${id}  ${queue}`,
    `    for     ${purpose === null ? 'what is not recorded any more' : purposeText(purpose)}`,
    `    made    ${createdAt}, given up ${givenUpAt} after ${String(tries)} ${tries === 1 ? 'try' : 'tries'}`,
    `    reason  ${oneLine(reason)}`,
  ];
}

function purposeText({ what, repository, issue, delivery }: NonNullable<ReportedLetter['purpose']>): string {
  const place = repository === null ? '' : ` on ${repository}${issue === null ? '' : `#${String(issue)}`}`;
  return oneLine(`${what}${place}${delivery === null ? '' : `, delivery ${delivery}`}`);
}

function retriedText({ again, forgotten }: RetryReport, which: string): string {
  if (again.length + forgotten.length === 0)
    return which === 'all'
      ? 'no dead letter: there is nothing to try again\n'
      : `${which} is no dead letter: it was tried again already, or never was one; sitrep doctor lists them\n`;
  return [
    ...again.map(({ id, queue }) => `${id} goes back to ${queue}, with fresh tries`),
    ...forgotten.map(
      ({ id }) => `${id} stays: its delivery is not recorded any more; ask for it anew on the issue`,
    ),
    '',
  ].join('\n');
}

/** How long before another moment, in the largest unit that is not zero. */
function age(from: string, to: string): string {
  const seconds = Math.max(0, Math.floor((Date.parse(to) - Date.parse(from)) / 1_000));
  if (seconds < 120) return `${String(seconds)} s`;
  return seconds < 7_200
    ? `${String(Math.floor(seconds / 60))} min`
    : `${String(Math.floor(seconds / 3_600))} h`;
}

function jobs(count: number): string {
  return `${String(count)} job${count === 1 ? '' : 's'}`;
}

/** A reason may come from outside: it gets one line of the terminal, without control characters. */
function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 500);
}
