import type { DoctorCheck } from '../../composition/doctor-check.ts';
import type { DoctorFindings, ReportedLetter, RetryReport } from '../../composition/doctor-report.ts';
import { withoutSecrets } from '../../core/secrets/without-secrets.ts';

/** What the doctor found, for the terminal: without secrets, what is wrong at the end. */
export function reportText(found: DoctorFindings): string {
  const wrong = [
    ...found.problems.map(({ about, text }) => `WRONG    ${about}: ${text}`),
    ...found.checks.filter(({ state }) => state === 'wrong').map(checkLine),
  ];
  const others = found.checks.filter(({ state }) => state !== 'wrong').map(checkLine);
  const text = [...lines(found), ...others, '', ...(wrong.length === 0 ? [conclusion(found)] : wrong), ''];
  return withoutSecrets(text.join('\n'), () => 'redacted');
}

const words = { ok: 'ok      ', wrong: 'WRONG   ', 'not looked at': 'not looked at' } as const;

function checkLine({ about, state, text, remedy }: DoctorCheck): string {
  const told = oneLine(text);
  const why = `${words[state]} ${about}: ${told}`;
  return remedy === null ? why : `${why}. ${remedy}`;
}

function conclusion({ checks }: DoctorFindings): string {
  const left = checks.filter(({ state }) => state === 'not looked at').length;
  return left === 0 ? 'all well' : `all well, as far as it was looked at: ${String(left)} not looked at`;
}

function lines({ database, server, queues, deadLetters, at }: DoctorFindings): string[] {
  if (database === null) return ['database not looked at'];
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

type Queue = NonNullable<DoctorFindings['queues']>[number];

function queueLines(queues: DoctorFindings['queues'], at: string): string[] {
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

/** What became of a retry, for the terminal. */
export function retriedText({ again, forgotten }: RetryReport, which: string): string {
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
