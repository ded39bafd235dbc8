import { z } from 'zod';
import { roleSuffices, type Role } from '../core/roles.ts';
import { inOrder } from './configuration-error.ts';
import type { ConfigurationError } from './configuration-error.ts';
import { schemaTree } from './json-schema.ts';
import { isMetadata } from './metadata.ts';
import { repositoryMatch } from './policy-match.ts';
import { grantsProbe, probeGrantProblem } from './probe-grant.ts';
import { structureProblems } from './schema-problems.ts';
import { readYaml } from './yaml-source.ts';

/**
 * The operator's policy (`SITREP_POLICY`): which repositories may read which Google projects and probe which
 * hosts. Without a grant nothing is read.
 */

const repositoryPattern = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._*-]{1,100}$/, 'owner/name; only the name may hold a *');

const project = z
  .string()
  .regex(/^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'the id of one project, without a wildcard');

const host = z.string().check((context) => {
  const message = probeGrantProblem(context.value);
  if (message !== null) context.issues.push({ code: 'custom', message, input: context.value });
});

const variable = z.string().regex(/^[A-Z][A-Z0-9_]{0,99}$/, 'the name of an environment variable');

const channelSchema = z
  .strictObject({
    slack: z
      .strictObject({ url_env: variable.describe('Variable that holds the address of an incoming webhook') })
      .optional()
      .describe('An incoming webhook of Slack, or of what takes the same'),
    webhook: z
      .strictObject({
        url_env: variable.describe('Variable that holds the address, https'),
        secret_env: variable.describe('Variable that holds the secret of the signature, whsec_…'),
      })
      .optional()
      .describe('A webhook with JSON, signed by Standard Webhooks'),
  })
  .refine(
    ({ slack, webhook }) => (slack === undefined) !== (webhook === undefined),
    'either slack or webhook',
  );

/** Of GitHub's own making: lower case, digits, hyphens and underscores. */
const team = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,99}$/, "the slug of a team of the repository's own organisation, without it");

/** Each is asked for with a request. */
const teamList = z.array(team).min(1).max(5);

const teamsSchema = z
  .strictObject({
    triage: teamList
      .optional()
      .describe('Teams of which one is needed for commands that need the role triage'),
    write: teamList
      .optional()
      .describe('The same for the role write; where it is missing the teams of triage count'),
    maintain: teamList
      .optional()
      .describe('The same for the roles maintain and admin; where it is missing the teams of write count'),
  })
  .prefault({});

const grantSchema = z.strictObject({
  google_cloud_projects: z.array(project).default([]).describe('Ids of the projects that may be read'),
  probe_hosts: z
    .array(host)
    .default([])
    .describe(
      'Hosts that may be probed: a name, *.name for all below it, or an address, literally. It grants https and wss at 443, http and ws at 80; another port is written out (api.example.com:8443), and https:// in front refuses http and ws',
    ),
  public: z
    .enum(['redacted', 'full'])
    .default('redacted')
    .describe(
      'What the updates of a public repository may show: states and durations alone, or everything. Private ones show everything',
    ),
  teams: teamsSchema.describe(
    "Teams of the repository's organisation of which people must be an active member, of one of each list, for their role to count; a member for a stronger role needs no team of a weaker one",
  ),
  notify: z
    .record(
      z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'the id of a contact'),
      z.array(channelSchema).min(1),
    )
    .default({})
    .describe(
      'Ways by which a contact of the repository’s configuration is told outside GitHub that an incident is declared, resolved, failing again, or escalated to them',
    ),
  comments_per_hour: z
    .int()
    .min(0)
    .max(60)
    .default(6)
    .describe(
      'Comments an hour and issue that nobody asked for, such as checkpoints; 0 for none. What somebody asked for is always answered',
    ),
});

const count = (most: number) => z.int().min(1).max(most);

const writesSchema = z
  .strictObject({
    burst: count(1_000).default(5).describe('Writes at once, after a rest'),
    per_second: count(1_000).default(1).describe('What comes back to the burst each second'),
    per_minute: count(10_000).default(80).describe("Writes a minute; github.com's own limit is 80"),
    per_hour: count(100_000).default(500).describe("Writes an hour; github.com's own limit is 500"),
  })
  .prefault({});

const readsSchema = z
  .strictObject({
    kept_seconds: z
      .int()
      .min(0)
      .max(30)
      .default(30)
      .describe(
        'Seconds for which an answer serves the same question again, dated as it was read; 0 to ask anew each time',
      ),
    per_minute: z
      .record(z.string().regex(/^[a-z0-9.-]+\.googleapis\.com$/, 'the host of an API'), count(100_000))
      .default({})
      .describe(
        "Reads a minute and project by the API's host, where your quota is another than Google's usual",
      ),
  })
  .prefault({});

/** owner/name#123 */
const issueReference = /^([A-Za-z0-9][A-Za-z0-9-]{0,38})\/([A-Za-z0-9._-]{1,100})#([1-9]\d{0,8})$/;

export const policySchema = z.strictObject({
  operator_issue: z
    .string()
    .regex(issueReference, 'an issue: owner/name#123')
    .optional()
    .describe(
      'Issue on which Sitrep tells of troubles of its own (owner/name#123), when they begin and when they are over; the App has to be installed there. The log has them in any case',
    ),
  github_writes: writesSchema.describe(
    'Comments, reactions and labels that one installation may write; raise it only for a GitHub server of your own',
  ),
  google_reads: readsSchema.describe('What all processes together read of Google Cloud'),
  repositories: z
    .record(repositoryPattern, grantSchema)
    .describe('By repository: owner/name, or owner/* for all of an owner; the most exact entry counts alone'),
});

export type Policy = z.infer<typeof policySchema>;

/** Where the operator is told of troubles of Sitrep itself. */
export interface OperatorIssue {
  owner: string;
  name: string;
  number: number;
}

/** The operator's issue; null where the policy names none. */
export function operatorIssue(policy: Policy | null): OperatorIssue | null {
  const [, owner, name, number] = issueReference.exec(policy?.operator_issue ?? '') ?? [];
  if (owner === undefined || name === undefined) return null;
  return { owner, name, number: Number(number) };
}
export type GitHubWrites = Policy['github_writes'];

export type GoogleReads = Policy['google_reads'];

/** What may be read of Google where there is no policy. */
export function defaultReads(): GoogleReads {
  return readsSchema.parse({});
}

/** The writes at GitHub where there is no policy. */
export function defaultWrites(): GitHubWrites {
  return writesSchema.parse({});
}

/** What one repository may do. */
export interface RepositoryGrants {
  /** Whether a Google project may be read. */
  project(id: string): boolean;
  /**
   * Whether a URL may be probed, by its scheme, host and port. An address is granted only where it is listed literally,
   * metadata of a cloud never.
   */
  endpoint(url: URL): boolean;
  /** What an update may show in a public repository. */
  public: 'redacted' | 'full';
  /**
   * Slugs of the teams of the repository's organisation of which one is needed for a role to count; none where the role
   * alone will do.
   */
  teams(role: Role): readonly string[];
  /** Comments an hour and issue that nobody asked for. */
  commentsPerHour: number;
  /** Ways to contacts outside GitHub, each by the variable that holds its address. */
  notify: Readonly<Record<string, readonly { kind: 'slack' | 'webhook'; name: string }[]>>;
}

/** Without a policy the server reads nothing outside GitHub, so it has nothing to say unasked. */
export const noGrants: RepositoryGrants = {
  project: () => false,
  endpoint: () => false,
  public: 'redacted',
  teams: () => [],
  commentsPerHour: 0,
  notify: {},
};

/** The command line reads with the user's own credentials and asks nobody; what it posts stays redacted. */
export const ownCredentials: RepositoryGrants = {
  project: () => true,
  endpoint: ({ hostname }) => !isMetadata(hostname),
  public: 'redacted',
  teams: () => [],
  commentsPerHour: 6,
  notify: {},
};

/** Reads a policy. Any error voids all of it: half a policy could grant more than was meant. */
export function readPolicy(
  text: string,
  file = 'sitrep.policy.yml',
): { policy: Policy | null; errors: ConfigurationError[] } {
  const source = readYaml(text, file);
  if (!source.complete) return { policy: null, errors: source.errors };
  const parsed = policySchema.safeParse(source.value ?? {});
  const faults = parsed.success
    ? []
    : structureProblems(parsed.error.issues, source, schemaTree(policySchema));
  const errors = inOrder([...source.errors, ...faults.map(({ error }) => error)]);
  return { policy: parsed.success && errors.length === 0 ? parsed.data : null, errors };
}

/** What a policy grants a repository, `owner/name`. Of several entries that fit the most exact one counts alone. */
export function grantsFor(policy: Policy | null, repository: string): RepositoryGrants {
  const entries = Object.entries(policy?.repositories ?? {})
    .map(([pattern, grant]) => ({ grant, exactness: repositoryMatch(pattern, repository) }))
    .toSorted((a, b) => b.exactness - a.exactness);
  const [best] = entries;
  if (!best || best.exactness === 0) return noGrants;
  const { grant } = best;
  return {
    project: (id) => grant.google_cloud_projects.includes(id),
    endpoint: (url) => grant.probe_hosts.some((entry) => grantsProbe(entry, url)),
    public: grant.public,
    teams: (role) => teamsFor(grant.teams, role),
    commentsPerHour: grant.comments_per_hour,
    notify: Object.fromEntries(
      Object.entries(grant.notify).map(([contact, ways]) => [
        contact,
        ways.map(({ slack, webhook }) =>
          slack === undefined
            ? { kind: 'webhook' as const, name: webhook?.url_env ?? '' }
            : { kind: 'slack' as const, name: slack.url_env },
        ),
      ]),
    ),
  };
}

/** The teams of a role, or of the nearest weaker one that has some: what needs more is never had for less. */
function teamsFor(teams: z.infer<typeof teamsSchema>, role: Role): readonly string[] {
  const lists = (['maintain', 'write', 'triage'] as const).filter((least) => roleSuffices(role, least));
  return lists.map((least) => teams[least]).find((list) => list !== undefined) ?? [];
}

/** Whether a policy names a repository, `owner/name`, itself, and not by a pattern alone. */
export function namesRepository(policy: Policy | null, repository: string): boolean {
  return Object.keys(policy?.repositories ?? {}).some(
    (pattern) => !pattern.includes('*') && repositoryMatch(pattern, repository) > 0,
  );
}
