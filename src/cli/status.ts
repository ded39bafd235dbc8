import type { GitHubAnswers } from '../collectors/github-answers.ts';
import { foundTemplates } from '../collectors/github-templates.ts';
import { createRedactor } from '../collectors/redact.ts';
import { askGitHub } from '../commands/ask-github.ts';
import { assess } from '../commands/assess.ts';
import { readConfiguration, type ReadConfiguration } from '../commands/configuration.ts';
import { postingId } from '../commands/posting-id.ts';
import { readStatements } from '../commands/statements.ts';
import { configurationPath, noEtagCache } from '../config/remote.ts';
import type { ConfigurationError } from '../config/repository.ts';
import type { Configuration } from '../config/repository.schema.ts';
import { composeNotForAll } from '../core/compose/refusal.ts';
import type { RepositoryName } from '../core/github-request.ts';
import { acceptTemplates, templatesFolder } from '../core/own-templates/own-templates.ts';
import { asPublic } from '../core/redacted/as-public.ts';
import { textsWithoutSecrets } from '../core/secrets/in-values.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Update } from '../core/update.ts';
import { postComment } from '../publish/comment.ts';
import { renderWith } from '../templates/own/render-with.ts';
import { openTemplateThreads } from '../templates/own/threads.ts';
import { version } from '../version.ts';
import { commandLineEnvironment } from './environment.ts';
import { answered, openGitHub, type GitHub } from './github.ts';
import { errorLine, noEnvironment } from './inputs.ts';
import { InputError, NothingReadError, type CommandLine, type ExitCode } from './io.ts';
import { factsOf, readIssue, type Issue } from './issue.ts';
import { issueOption, repositoryOption } from './options.ts';
import { collectHere, readingTold } from './reading.ts';
import type { Subcommand } from './subcommand.ts';
import { problemLine } from './template-files.ts';

interface StatusOptions {
  repo: RepositoryName;
  issue: number;
  environment?: string;
  publish?: boolean;
  json?: boolean;
}

/** `sitrep status`: the main job against the real services, with the user's own credentials. */
export const status: Subcommand = {
  name: 'status',
  summary: 'collects, diagnoses and renders for an issue; prints, and posts only with --publish',
  examples: [
    'GITHUB_TOKEN=$(gh auth token) sitrep status --repo netra-systems/netra-apex --issue 1278',
    'GITHUB_TOKEN=$(gh auth token) sitrep status --repo netra-systems/netra-apex --issue 1278 --publish',
  ],
  declare: (command, line, done) =>
    void command
      .requiredOption('--repo <OWNER/NAME>', 'the repository', repositoryOption)
      .requiredOption('--issue <N>', 'number of the issue', issueOption)
      .option('--environment <NAME>', 'one of several environments')
      .option(
        '--publish',
        'posts the update as a comment, in the name of the token; in a public repository redacted',
      )
      .option('--json', 'prints markdown, diagnosis, snapshot and the comment as JSON')
      .action(async (options: StatusOptions) => done(await report(options, line))),
};

async function report(options: StatusOptions, line: CommandLine): Promise<ExitCode> {
  const environment = commandLineEnvironment(line, { githubToken: true });
  const github = openGitHub(environment.githubToken, environment.githubApiUrl);
  const issue = await readIssue(github, options.repo, options.issue);
  const answers = askGitHub(
    { request: github.request, now: line.now },
    { repository: issue.repository, issue },
    { state: { declared: null, regression: null }, update: null },
  );
  const [read, statements] = await readRepository(github, answers, issue, options.environment);
  const configuration = usable(read, line);
  const incident = factsOf(issue, configuration);
  const snapshot = await collectHere(environment, line, {
    configuration,
    statements,
    incident,
    github: answers,
  });
  const errors = read.kind === 'usable' ? read.errors : [];
  // Updates come by themselves from the server only, which does not hear of this one.
  const { diagnosis, update } = assess(configuration, snapshot, errors, version, { plan: [] });
  const markdown = await laidOut(answers, update, line);
  // Printed before it is posted: what GitHub refuses to take is not lost.
  if (options.json !== true) line.out(markdown);
  const post = async (): Promise<string> => {
    const posted = issue.public
      ? await laidOut(answers, publicStatus(issue, { configuration, snapshot, errors }), line)
      : markdown;
    return await publish(github, issue, { snapshot, markdown: posted }, line);
  };
  const url = options.publish === true ? await post() : null;
  if (options.json === true) {
    const comment = url === null ? null : { url };
    // The Markdown was neutralised piece by piece.
    line.out(`${JSON.stringify({ markdown, ...clean({ comment, diagnosis, snapshot }) }, null, 2)}\n`);
  }
  return readingTold(snapshot, line);
}

/**
 * What is posted where everybody can read it. Only an operator's policy lets a public repository show everything, and the
 * command line has none.
 */
function publicStatus(
  { repository, url }: Issue,
  {
    configuration,
    snapshot,
    errors,
  }: { configuration: Configuration; snapshot: Snapshot; errors: ConfigurationError[] },
): Update {
  const { update } = assess(configuration, snapshot, errors, version, { plan: [] }, 'redacted');
  const page = url.replace(/\/issues\/\d+$/u, '');
  const shown = asPublic(update, { repository, page, configuration, snapshot });
  return shown ?? composeNotForAll({ ...repository, version });
}

function clean<Value>(value: Value): Value {
  return textsWithoutSecrets(value, () => 'redacted');
}

/** By the repository's own template, where it brings one that works. */
async function laidOut(answers: GitHubAnswers, update: Update, line: CommandLine): Promise<string> {
  const found = await foundTemplates(answers);
  const threads = openTemplateThreads();
  try {
    const { text, problem } = await renderWith(threads, acceptTemplates(found ?? []), update);
    if (problem !== null) line.err(`${problemLine(templatesFolder, problem)}\n`);
    return text;
  } finally {
    await threads.close();
  }
}

function readRepository(
  { request, api }: GitHub,
  github: GitHubAnswers,
  issue: Issue,
  environment: string | undefined,
) {
  const { repository } = issue;
  const missing = `the token in GITHUB_TOKEN may not read ${repository.owner}/${repository.name}`;
  return answered(
    Promise.all([
      readConfiguration(request, repository, noEtagCache, environment),
      readStatements({ request, redact: createRedactor(), github }, repository, issue),
    ]),
    { api, repository, missing },
  );
}

/** The configuration; its errors are told on the error stream, and what can be read is read all the same. */
function usable(read: ReadConfiguration, line: CommandLine): Configuration {
  if (read.kind === 'no-environment') throw noEnvironment(configurationPath, read);
  const errors = read.errors.map((error) => errorLine(configurationPath, error)).join('\n');
  if (read.kind === 'unusable') throw new InputError(errors);
  if (errors !== '') line.err(`${errors}\n`);
  return read.configuration;
}

/** Posts the update; gives the comment's address. */
async function publish(
  { request, api }: GitHub,
  { repository, number, public: isPublic, url }: Issue,
  { snapshot, markdown }: { snapshot: Snapshot; markdown: string },
  line: CommandLine,
): Promise<string> {
  const { owner, name } = repository;
  const place = `${owner}/${name}#${String(number)}`;
  if (isPublic) line.err(`${owner}/${name} is public: the comment is redacted to states and durations\n`);
  const id = postingId(`${place} ${snapshot.takenAt}`, 'status');
  try {
    const posting = postComment(request, { id, owner, repo: name, issue: number, body: markdown });
    const comment = await answered(posting, { api, repository, missing: `${place} takes no comment` });
    line.err(`posted ${comment.url}\n`);
    return comment.url;
  } catch (error) {
    // Without an answer nobody knows whether the comment is there, and a second one is not wanted.
    if (error instanceof NothingReadError)
      throw new InputError(`${error.message}; look at ${url} before you post again`, { cause: error });
    if (error instanceof InputError) throw new InputError(`not posted: ${error.message}`, { cause: error });
    throw error;
  }
}
