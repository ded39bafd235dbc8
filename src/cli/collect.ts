import { openGitHubAnswers, type GitHubAnswers } from '../collectors/github-answers.ts';
import type { CommandLineEnvironment } from '../config/environment.ts';
import { changesSince } from '../core/changes-since.ts';
import type { RepositoryName } from '../core/github-request.ts';
import { commandLineEnvironment } from './environment.ts';
import { expectWritable, writeText } from './files.ts';
import { bothOf, readConfigurationFile } from './inputs.ts';
import type { CommandLine, ExitCode } from './io.ts';
import { openGitHub } from './github.ts';
import { instantOption, issueOption, repositoryOption } from './options.ts';
import { collectHere, readingTold } from './reading.ts';
import { openRecording } from './recording/recording.ts';
import type { Subcommand } from './subcommand.ts';
import { printedJson } from './printed-json.ts';

interface CollectOptions {
  config: string;
  out: string;
  at?: Date;
  environment?: string;
  record?: string;
  rename?: string;
  anonymous?: boolean;
  repo?: RepositoryName;
  issue?: number;
}

/** `sitrep collect`: a snapshot of the infrastructure, as a file. */
export const collect: Subcommand = {
  name: 'collect',
  summary: 'reads the infrastructure into a snapshot (JSON)',
  examples: [
    'sitrep collect --config .github/sitrep.yml --out snapshot.json',
    'sitrep collect --config .github/sitrep.yml --at 2025-09-15T18:05:00Z --out -',
    'sitrep collect --config .github/sitrep.yml --out snapshot.json --record my-outage --anonymous',
    'GITHUB_TOKEN=$(gh auth token) sitrep collect --config .github/sitrep.yml --repo netra-systems/netra-apex --out -',
  ],
  declare: (command, line, done) =>
    void command
      .requiredOption('--config <FILE>', 'the configuration')
      .requiredOption('--out <FILE>', 'where the snapshot goes; - for standard output')
      .option(
        '--at <TIME>',
        'as of this time (UTC): metrics and logs of the hour before it; settings and endpoints are read now, and dated so',
        (text: string) => instantOption(text, line.now()),
      )
      .option('--environment <NAME>', 'one of several environments')
      .option(
        '--record <DIR>',
        'also keeps what was answered, without secrets, as a scenario that sitrep sandbox --scenario DIR plays; DIR is new or empty',
      )
      .option(
        '--rename <FILE>',
        'with --record: names and what stands for them, everywhere; YAML, one name: other-name a line',
      )
      .option(
        '--anonymous',
        'with --record: gives projects, services, hosts, domains, e-mail addresses, IP addresses and people other names',
      )
      .option(
        '--repo <OWNER/NAME>',
        'reads the changes of this repository as well, with GITHUB_TOKEN',
        repositoryOption,
      )
      .option('--issue <N>', 'with --repo: reads what refers to this issue', issueOption)
      .action(async (options: CollectOptions) => {
        const { record, rename, anonymous } = options;
        if (record === undefined && (rename !== undefined || anonymous === true))
          command.error('error: --rename and --anonymous need --record');
        if (options.issue !== undefined && options.repo === undefined)
          command.error('error: --issue needs --repo');
        done(await collectInto(options, line));
      }),
};

const hour = 3_600_000;

async function collectInto(
  { config, out, at, environment, record, rename, anonymous = false, repo, issue }: CollectOptions,
  line: CommandLine,
): Promise<ExitCode> {
  const variables = commandLineEnvironment(line, { githubToken: repo !== undefined });
  const [configuration] = await bothOf(
    readConfigurationFile(config, environment),
    out === '-' ? Promise.resolve() : expectWritable(out),
  );
  const recording =
    record === undefined ? null : await openRecording({ dir: record, rename, anonymous }, line);
  const past =
    at === undefined ? null : { to: at.toISOString(), from: new Date(at.getTime() - hour).toISOString() };
  const request = {
    configuration,
    ...(past === null ? {} : { window: past }),
    ...(repo === undefined ? {} : { github: askedOf(repo, issue ?? null, at ?? line.now(), variables) }),
  };
  const read = await collectHere(variables, line, request, recording?.recorder);
  // Each observation keeps the time at which it was really read; ages and states count from the asked time.
  const snapshot = past === null ? read : { ...read, takenAt: past.to };
  const text = printedJson(snapshot);
  if (out === '-') line.out(text);
  else await writeText(out, text);
  const endpoint = variables.googleEndpoint;
  await recording?.write({ config, environment: environment ?? null, configuration, snapshot, endpoint });
  return readingTold(snapshot, line);
}

function askedOf(
  repository: RepositoryName,
  issue: number | null,
  at: Date,
  { githubToken, githubApiUrl }: CommandLineEnvironment,
): GitHubAnswers {
  const server = githubApiUrl === null ? 'https://github.com' : new URL(githubApiUrl).origin;
  return openGitHubAnswers(openGitHub(githubToken, githubApiUrl).request, {
    ...repository,
    page: `${server}/${repository.owner}/${repository.name}`,
    issue,
    since: changesSince(at, null),
    earlier: [],
    comments: 0,
  });
}
