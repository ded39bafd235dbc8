import type { GapReason, Source } from '../core/snapshot.ts';
import { githubRemedy } from './github-remedy.ts';
import { githubApi } from './github-source.ts';
import { gcloud } from './provenance.ts';

/** What a remedy may name. */
export interface RemedyFacts {
  /** Host of the API, `probe`, or `none`. */
  api: string;
  role: string | null;
  project: string | null;
  source: Source;
  host: string | null;
  /** Bucket on which the role is granted, where it is not the project. */
  bucket: string | null;
}

/** What a person can do about a gap, in one or two sentences, with the command where there is one. */
export function remedy(reason: GapReason, facts: RemedyFacts): string {
  const { api, role, project, source, host } = facts;
  if (api === githubApi) return githubRemedy(reason, facts);
  switch (reason) {
    case 'denied':
      return deniedRemedy(facts);
    case 'api-disabled':
      return `enable ${api} on ${named(project)}: ${gcloud('services enable', [api], flag(project))}`;
    case 'not-found':
      return `check the name, project and region in the configuration${source.command ? `; to look: ${source.command}` : ''}`;
    case 'no-credentials':
      return `give Sitrep's process application default credentials with ${role ?? 'a viewer role'} on ${named(project)}; on a workstation: gcloud auth application-default login`;
    case 'quota':
      return `wait a minute and read again; if it stays, ask for more quota of ${api} on ${named(project)}`;
    case 'timeout':
    case 'budget':
      return `read again; if it stays slow, read it by hand${source.command ? `: ${source.command}` : ''}`;
    case 'unavailable':
      return host === null
        ? `read again; if it stays, see https://status.cloud.google.com${source.command ? ` and read it by hand: ${source.command}` : ''}`
        : `ask it by hand, also from another network${source.command ? `: ${source.command}` : ''}`;
    case 'invalid-response':
      return `look at the answer by hand${source.command ? `: ${source.command}` : ''}; if it is right, report a bug in Sitrep`;
    case 'invalid-query':
      return `correct the query of the component in the configuration${source.command ? `; to try it: ${source.command}` : ''}`;
    case 'no-data':
      return `look whether there was anything to measure${source.command ? `: ${source.command}` : ''}`;
    case 'not-granted':
      return host === null
        ? grantLine('google_cloud_projects', named(project))
        : `${grantLine('probe_hosts', host)}; a private address must be listed itself`;
    case 'unsupported':
      return api === 'none'
        ? 'look at it by hand'
        : 'set google_cloud: { project, region } in .github/sitrep.yml';
  }
}

/** For what no policy can grant. */
export const neverProbed = 'take the component out of the configuration; no policy grants it';

/** The line of the operator's policy that grants it. */
export function grantLine(list: 'google_cloud_projects' | 'probe_hosts', entry: string): string {
  return `in the operator's policy, below ${list} of this repository's entry, add the line: - ${JSON.stringify(entry)}`;
}

function deniedRemedy({ role, project, bucket }: RemedyFacts): string {
  if (role === null || project === null) return 'allow Sitrep to read it';
  if (bucket !== null) {
    const flags = { role, member: 'serviceAccount:SITREP_ACCOUNT' };
    const command = gcloud('storage buckets add-iam-policy-binding', [`gs://${bucket}`], flags);
    return `grant ${role} on gs://${bucket} to the identity Sitrep runs as: ${command}`;
  }
  const command = gcloud('projects add-iam-policy-binding', [project], {
    role,
    member: 'serviceAccount:SITREP_ACCOUNT',
  });
  return `grant ${role} on ${project} to the identity Sitrep runs as: ${command}`;
}

function named(project: string | null): string {
  return project ?? 'the project';
}

function flag(project: string | null): Record<string, string> {
  return project === null ? {} : { project };
}
