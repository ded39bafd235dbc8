import { stringify } from 'yaml';
import { probeGrantOf } from '../../config/probe-grant.ts';
import type { Found } from '../../collectors/discovery/found.ts';
import type { ProposedComponent } from './proposal.ts';

/** The entry of the operator's policy that lets a repository read what its configuration names. */
export interface PolicyEntry {
  google_cloud_projects: string[];
  probe_hosts: string[];
}

/** What the policy has to grant for these components. */
export function policyEntry({ project }: Found, components: readonly ProposedComponent[]): PolicyEntry {
  const urls = components.flatMap(({ entry }) => (typeof entry['url'] === 'string' ? [entry['url']] : []));
  return {
    google_cloud_projects: [project],
    probe_hosts: [...new Set(urls.map((url) => probeGrantOf(new URL(url))))].toSorted(),
  };
}

/** A whole policy with that entry. */
export function policyText(repository: string, entry: PolicyEntry): string {
  return stringify({ repositories: { [repository]: entry } }, { lineWidth: 0 });
}
