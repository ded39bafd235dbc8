import { createRedactor } from '../collectors/redact.ts';
import { commitsBetween, newestDeployments } from '../commands/changes-before.ts';
import { listIncidentIssues, readListedIssue, type ListedIssue } from '../commands/closed-incidents.ts';
import { readConfiguration } from '../commands/configuration.ts';
import { configurationPath, noEtagCache } from '../config/remote.ts';
import type { Configuration } from '../config/repository.schema.ts';
import { pauseAskedMs } from '../core/github-limit.ts';
import { failureStatus, type RepositoryName } from '../core/github-request.ts';
import type { IssueToRead } from '../core/regression/read-issue.ts';
import { replayIncidents, type ReplayedChanges } from '../core/regression/replay.ts';
import { commandLineEnvironment } from './environment.ts';
import { answered, openGitHub, type GitHub } from './github.ts';
import { errorLine, noEnvironment } from './inputs.ts';
import { exit, InputError, type CommandLine, type ExitCode } from './io.ts';
import { closedOption, repositoryOption } from './options.ts';
import { replayTold, saidOf } from './replay-told.ts';
import type { Subcommand } from './subcommand.ts';

interface ReplayOptions {
  repo: RepositoryName;
  closed: number;
  environment?: string;
  json?: boolean;
}

/** `sitrep replay`: what Sitrep would have said of closed incidents and matched them with. It writes nothing to GitHub. */
export const replay: Subcommand = {
  name: 'replay',
  summary:
    'prints what it would have said and matched of closed incidents; reads GitHub only, writes nothing',
  examples: [
    'GITHUB_TOKEN=$(gh auth token) sitrep replay --repo netra-systems/netra-apex --closed 20',
    'GITHUB_TOKEN=$(gh auth token) sitrep replay --repo netra-systems/netra-apex --closed 100 --json',
  ],
  declare: (command, line, done) =>
    void command
      .requiredOption('--repo <OWNER/NAME>', 'the repository', repositoryOption)
      .option(
        '--closed <N>',
        'how many closed incidents, those that were closed last, at most 100',
        closedOption,
        20,
      )
      .option('--environment <NAME>', 'one of several environments')
      .option('--json', 'prints repository, incidents and what would have been said as JSON')
      .action(async (options: ReplayOptions) => done(await play(options, line))),
};

async function play(
  { repo, closed, environment, json }: ReplayOptions,
  line: CommandLine,
): Promise<ExitCode> {
  const { githubToken, githubApiUrl } = commandLineEnvironment(line, { githubToken: true });
  const github = openGitHub(githubToken, githubApiUrl);
  const configuration = await readUsable(github, repo, environment, line);
  const listed = await listNewest(github, repo, configuration, closed);
  const name = `${repo.owner}/${repo.name}`;
  if (listed.length === 0) {
    const labels = configuration.labels.incident.join(', ');
    throw new InputError(
      `${name} has no closed issue labelled ${labels}; see labels.incident in ${configurationPath}`,
    );
  }
  const issues = await readAll(github, repo, listed, line);
  const incidents = replayIncidents(configuration, issues, await changesBefore(github, repo, issues, line));
  if (json === true) {
    const told = incidents.map((incident) => ({ ...incident, said: saidOf(incident) }));
    line.out(`${JSON.stringify({ repository: name, incidents: told }, null, 2)}\n`);
  } else line.out(replayTold(incidents));
  return exit.done;
}

async function readUsable(
  github: GitHub,
  repository: RepositoryName,
  environment: string | undefined,
  line: CommandLine,
): Promise<Configuration> {
  const read = await asked(
    github,
    repository,
    readConfiguration(github.request, repository, noEtagCache, environment),
  );
  if (read.kind === 'no-environment') throw noEnvironment(configurationPath, read);
  const errors = read.errors.map((error) => errorLine(configurationPath, error)).join('\n');
  if (read.kind === 'unusable') throw new InputError(errors);
  if (errors !== '') line.err(`${errors}\n`);
  return read.configuration;
}

/** Issues of one page of a list. */
const perPage = 100;

/** The incidents that were closed last. An issue with several of the labels comes once. */
async function listNewest(
  github: GitHub,
  repository: RepositoryName,
  { labels }: Configuration,
  count: number,
): Promise<ListedIssue[]> {
  const lists = labels.incident.map((label) =>
    listIncidentIssues(github.request, repository, { label, page: 1, perPage, since: null }),
  );
  const pages = await asked(github, repository, Promise.all(lists));
  const byNumber = new Map(pages.flatMap(({ issues }) => issues.map((one) => [one.issue, one] as const)));
  return [...byNumber.values()]
    .toSorted((a, b) => Date.parse(b.closedAt ?? '') - Date.parse(a.closedAt ?? '') || b.issue - a.issue)
    .slice(0, count);
}

/** How often the progress is told, in issues. */
const toldEvery = 10;

async function readAll(
  github: GitHub,
  repository: RepositoryName,
  listed: readonly ListedIssue[],
  line: CommandLine,
): Promise<IssueToRead[]> {
  const redact = createRedactor();
  const issues: IssueToRead[] = [];
  for (const one of listed) {
    issues.push(await asked(github, repository, readListedIssue(github.request, repository, one, redact)));
    if (issues.length % toldEvery === 0 || issues.length === listed.length)
      line.err(`${String(issues.length)} of ${String(listed.length)} incidents read\n`);
  }
  return issues;
}

const dayMs = 24 * 3_600_000;

async function changesBefore(
  github: GitHub,
  repository: RepositoryName,
  issues: readonly IssueToRead[],
  line: CommandLine,
): Promise<ReplayedChanges> {
  const redact = createRedactor();
  const { deployments, completeSince } = await deploymentsOf(github, repository, line);
  const changes = [...deployments];
  for (const { openedAt: until } of issues) {
    const since = new Date(Date.parse(until) - dayMs).toISOString();
    const commits = commitsBetween(github.request, repository, { since, until });
    changes.push(...(await asked(github, repository, commits)));
  }
  const once = new Map(changes.map((change) => [JSON.stringify(change), change]));
  const clean = [...once.values()].map(async (change) => ({ ...change, what: await redact(change.what) }));
  return { changes: await Promise.all(clean), deploymentsSince: completeSince };
}

/** The deployments; a token that may not read them leaves them unknown. */
async function deploymentsOf(
  github: GitHub,
  repository: RepositoryName,
  line: CommandLine,
): Promise<Awaited<ReturnType<typeof newestDeployments>>> {
  const read = newestDeployments(github.request, repository).catch((error: unknown) => {
    if (![403, 404].includes(failureStatus(error) ?? 0) || pauseAskedMs(error) !== null) throw error;
    line.err('deployments are unknown: the token in GITHUB_TOKEN may not read them (deployments: read)\n');
    return { deployments: [], completeSince: line.now().toISOString() };
  });
  return await asked(github, repository, read);
}

function asked<Answer>(
  { api }: GitHub,
  repository: RepositoryName,
  answer: Promise<Answer>,
): Promise<Answer> {
  const missing = `there is no repository ${repository.owner}/${repository.name}, or the token in GITHUB_TOKEN may not read it`;
  return answered(answer, { api, repository, missing });
}
