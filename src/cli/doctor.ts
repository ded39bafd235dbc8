import type { DoctorFindings, RetryReport } from '../composition/doctor-report.ts';
import { isBeforeSetUp, policyPathOf } from '../config/environment.ts';
import { StoreError } from '../store/errors.ts';
import { version } from '../version.ts';
import { reportText, retriedText } from './doctor/report-text.ts';
import { databaseUrl, examinedEnvironment } from './environment.ts';
import { readConfigurationFile } from './inputs.ts';
import { exit, InputError, type CommandLine, type ExitCode } from './io.ts';
import { retryOption } from './options.ts';
import { printedJson } from './printed-json.ts';
import type { Subcommand } from './subcommand.ts';

interface DoctorOptions {
  retry?: string;
  config?: string;
  json?: boolean;
}

/** `sitrep doctor`: what an operator asks when something does not come. */
export const doctor: Subcommand = {
  name: 'doctor',
  summary:
    'looks at environment, GitHub App, webhook, policy and Google APIs, at the database and the queue; says what is missing and the step that mends it; lists jobs that failed at every try and has them tried again',
  examples: [
    'sitrep doctor',
    'sitrep doctor --config .github/sitrep.yml',
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
      .option('--config <FILE>', "looks at this configuration's project too, at the APIs that it needs")
      .option('--json', 'prints what was found as JSON')
      .addHelpText(
        'after',
        '\nRun it with the environment of the server, which may run meanwhile; nothing is changed but by --retry. What is looked at is ok, WRONG with its remedy, or not looked at, with the reason.\nExit code 1: something is wrong, and stands there with its remedy.',
      )
      .action(async (options: DoctorOptions) => {
        done(await (options.retry === undefined ? look(options, line) : retry(options.retry, options, line)));
      }),
};

async function retry(which: string, { json = false }: DoctorOptions, line: CommandLine): Promise<ExitCode> {
  const attending = await openDoctor(databaseUrl(line), line);
  const retried: RetryReport = await attending.retry(which);
  line.out(json ? `${JSON.stringify(retried, null, 2)}\n` : retriedText(retried, which));
  const isDone = retried.forgotten.length === 0 && (retried.again.length > 0 || which === 'all');
  return isDone ? exit.done : exit.input;
}

async function look({ config, json = false }: DoctorOptions, line: CommandLine): Promise<ExitCode> {
  const configuration = config === undefined ? null : await readConfigurationFile(config);
  const [report, checks] = await Promise.all([databaseReport(line), checksOf(configuration, line)]);
  const found: DoctorFindings = { ...report, checks };
  line.out(json ? printedJson(found) : reportText(found));
  const isWell = found.problems.length === 0 && checks.every(({ state }) => state !== 'wrong');
  return isWell ? exit.done : exit.input;
}

/** Loaded here: the other subcommands do without the database and its packages. */
async function openDoctor(url: string, line: CommandLine) {
  const { doctorOf } = await import('../composition/doctor-call.ts');
  const tell = (_fields: object, message: string) => line.err(`${message}\n`);
  return doctorOf(url, line.now, { info: () => undefined, warn: tell, error: tell });
}

/** What the database and the queue are like; where nobody can look, a problem that says why. */
async function databaseReport(line: CommandLine): Promise<Omit<DoctorFindings, 'checks'>> {
  try {
    return await (await openDoctor(databaseUrl(line), line)).report();
  } catch (error) {
    if (!(error instanceof StoreError || error instanceof InputError)) throw error;
    return {
      version,
      at: line.now().toISOString(),
      server: null,
      database: null,
      queues: null,
      deadLetters: [],
      troubles: [],
      problems: [{ about: 'database', text: error.message }],
    };
  }
}

/** Milliseconds for one answer of GitHub; two of them follow each other. */
const githubMs = 4_500;

async function checksOf(
  configuration: Awaited<ReturnType<typeof readConfigurationFile>> | null,
  line: CommandLine,
): Promise<DoctorFindings['checks']> {
  const [{ checkSetUp }, { openAppGitHub }, { createGoogleAccess }] = await Promise.all([
    import('../composition/doctor-set-up.ts'),
    import('../composition/app-github.ts'),
    import('../collectors/google-access.ts'),
  ]);
  return await checkSetUp({
    reading: await examinedEnvironment(line),
    isBeforeSetUp: isBeforeSetUp(line.environment),
    policyPath: policyPathOf(line.environment),
    configuration,
    github: (environment) => openAppGitHub(environment, githubMs),
    google: ({ googleEndpoint }) =>
      createGoogleAccess(googleEndpoint === null ? {} : { endpoint: googleEndpoint }),
    now: line.now,
  });
}
