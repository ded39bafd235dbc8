import { z } from 'zod';
import { issueReference } from './policy.ts';
import { probeGrantProblem } from './probe-grant.ts';

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

export type TeamsOfGrant = z.infer<typeof teamsSchema>;
