import { roleSuffices, type Role } from '../core/roles.ts';
import { isMetadata } from './metadata.ts';
import { repositoryMatch } from './policy-match.ts';
import type { Policy, TeamsOfGrant } from './policy.schema.ts';
import { grantsProbe } from './probe-grant.ts';

/** What the operator's policy says of a repository. What reads its file is loaded where there is one. */

/** owner/name#123 */
export const issueReference = /^([A-Za-z0-9][A-Za-z0-9-]{0,38})\/([A-Za-z0-9._-]{1,100})#([1-9]\d{0,8})$/;

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
function teamsFor(teams: TeamsOfGrant, role: Role): readonly string[] {
  const lists = (['maintain', 'write', 'triage'] as const).filter((least) => roleSuffices(role, least));
  return lists.map((least) => teams[least]).find((list) => list !== undefined) ?? [];
}

/** Whether a policy names a repository, `owner/name`, itself, and not by a pattern alone. */
export function namesRepository(policy: Policy | null, repository: string): boolean {
  return Object.keys(policy?.repositories ?? {}).some(
    (pattern) => !pattern.includes('*') && repositoryMatch(pattern, repository) > 0,
  );
}
