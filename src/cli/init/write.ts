import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { startDeadline } from '../../collectors/deadline.ts';
import { discover, discoverRegions } from '../../collectors/discovery/discover.ts';
import type { Found } from '../../collectors/discovery/found.ts';
import type { Looking } from '../../collectors/discovery/read-list.ts';
import { createGoogleAccess } from '../../collectors/google-access.ts';
import type { CommandLineEnvironment } from '../../config/environment.ts';
import { readRepositoryConfiguration } from '../../config/repository.ts';
import type { RepositoryName } from '../../core/github-request.ts';
import { commandLineEnvironment } from '../environment.ts';
import { expectWritable, fileFault, writeText } from '../files.ts';
import { exit, InputError, NothingReadError, type CommandLine, type ExitCode } from '../io.ts';
import { printedJson } from '../printed-json.ts';
import { configurationText, missingLines } from './document.ts';
import { policyEntry, policyText, type PolicyEntry } from './policy-entry.ts';
import { propose, type Proposal } from './proposal.ts';

export interface InitOptions {
  project?: string;
  region?: string;
  out: string;
  repo?: RepositoryName;
  force?: boolean;
  json?: boolean;
}

/** Milliseconds that one list may take, and all of them together. */
const listMs = 10_000;
const wholeMs = 25_000;

/** Writes the configuration and tells what it holds. @throws InputError or NothingReadError that says what to do */
export async function write(options: InitOptions, line: CommandLine): Promise<ExitCode> {
  const environment = commandLineEnvironment(line);
  const project = options.project ?? environment.googleProject;
  if (project === null) {
    throw new InputError(
      'no project is named: set --project or GOOGLE_CLOUD_PROJECT; gcloud projects list shows yours',
    );
  }
  await expectNew(options);
  const found = await look(project, options.region ?? null, environment, line);
  const proposal = propose(found);
  const text = soundText(proposal, found);
  const entry = policyEntry(
    found,
    proposal.sections.flatMap(({ components }) => components),
  );
  if (options.out !== '-') await place(options.out, text);
  tell({ found, proposal, text, entry }, options, line);
  return exit.done;
}

/** Finds out before the work whether the file may be written. */
async function expectNew({ out, force = false }: InitOptions): Promise<void> {
  if (out === '-') return;
  if (existsSync(out) && !force)
    throw new InputError(
      `${out} is there already: name another file with --out, or overwrite it with --force`,
    );
  if (existsSync(dirname(out))) await expectWritable(out);
}

async function place(out: string, text: string): Promise<void> {
  await mkdir(dirname(out), { recursive: true }).catch((error: unknown) => {
    throw fileFault(dirname(out), error);
  });
  await writeText(out, text);
}

async function look(
  project: string,
  region: string | null,
  { googleEndpoint }: CommandLineEnvironment,
  line: CommandLine,
): Promise<Found> {
  const google = createGoogleAccess(googleEndpoint === null ? {} : { endpoint: googleEndpoint });
  const deadline = startDeadline(wholeMs, listMs);
  try {
    const looking = { google, deadline };
    const chosen = region ?? (await regionOf(project, looking, line));
    const found = await discover({ project, region: chosen }, looking);
    if (isEmpty(found)) throw nothingIn(found);
    return found;
  } finally {
    deadline.close();
  }
}

/** The region with the most services; the others are told. */
async function regionOf(project: string, looking: Looking, line: CommandLine): Promise<string> {
  const answer = await discoverRegions(project, looking);
  if ('missing' in answer)
    throw new NothingReadError(
      [...missingLines({ missing: [answer.missing], partial: [] }), 'or name the region with --region'].join(
        '\n',
      ),
    );
  const [first, ...others] = answer.value;
  if (first === undefined)
    throw new InputError(
      `${project} has no Cloud Run service in any region: check the project, or name a region with --region`,
    );
  if (others.length > 0) {
    const names = others.map(({ region }) => region).join(', ');
    line.err(
      `${first.region} has the most Cloud Run services; others are in ${names}: --region reads one of them\n`,
    );
  }
  return first.region;
}

function isEmpty({ services, connectors, instances }: Found): boolean {
  return services.length + connectors.length + instances.length === 0;
}

function nothingIn(found: Found): Error {
  if (found.missing.length === 0)
    return new InputError(
      `${found.project} has nothing that Sitrep reads in ${found.region}: check the project and the region`,
    );
  return new NothingReadError(['nothing was found', ...missingLines(found)].join('\n'));
}

/** The file's text, which has to be right as it stands. */
function soundText(proposal: Proposal, found: Found): string {
  const text = configurationText(proposal, found);
  const { errors } = readRepositoryConfiguration(text);
  const [first] = errors;
  if (first === undefined) return text;
  throw new Error(`what was made is no sound configuration: line ${String(first.line)}: ${first.message}`);
}

interface Made {
  found: Found;
  proposal: Proposal;
  text: string;
  entry: PolicyEntry;
}

function tell(
  { found, proposal, text, entry }: Made,
  { out, repo, json = false }: InitOptions,
  line: CommandLine,
) {
  const repository = repo === undefined ? 'OWNER/NAME' : `${repo.owner}/${repo.name}`;
  const components = proposal.sections.flatMap((section) => section.components);
  if (json) {
    line.out(
      printedJson({
        file: out === '-' ? null : out,
        project: found.project,
        region: found.region,
        components: Object.fromEntries(components.map(({ id, entry: component }) => [id, component])),
        missing: found.missing,
        partial: found.partial,
        policy: { repositories: { [repository]: entry } },
        configuration: text,
      }),
    );
    return;
  }
  if (out === '-') line.out(text);
  const told = [
    out === '-' ? 'found:' : `${out} is written, with what was found in ${found.project}, ${found.region}:`,
    ...components.map(({ id, entry: { type, depends_on: needs } }) => {
      const edges = Array.isArray(needs) ? ` → ${needs.join(', ')}` : '';
      return `  ${type.padEnd(15)} ${id}${edges}`;
    }),
    ...missingLines(found),
    '',
    "For the operator's policy (the file that SITREP_POLICY names):",
    '',
    policyText(repository, entry),
    out === '-'
      ? 'Complete what the comments ask for.'
      : `Complete what the comments in ${out} ask for, run sitrep check ${out}, and propose it as a pull request.`,
    '',
  ].join('\n');
  // Where the file itself goes to the output, that stays a file.
  if (out === '-') line.err(told);
  else line.out(told);
}
