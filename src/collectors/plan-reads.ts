import { isMetadata } from '../config/metadata.ts';
import { probeGrantOf } from '../config/probe-grant.ts';
import type { Component, Configuration } from '../config/repository.schema.ts';
import type { Source } from '../core/snapshot.ts';
import type { Grants } from './collect.ts';
import type {
  Collector,
  GitHubCollector,
  GoogleContext,
  NamedComponent,
  ProbeContext,
  Read,
} from './collector.ts';
import type { GitHubAnswers } from './github-answers.ts';
import { collectors } from './list.ts';
import { namedProjects, pathForName } from './named-projects.ts';
import { withoutCredentials } from './provenance.ts';
import { ReadFailure } from './read-failure.ts';
import { grantLine, neverProbed } from './remedy.ts';
import type { RemedyFacts } from './remedy.ts';

/** A read with what is known of it before it is made. */
export interface PlannedRead {
  collector: string;
  /** Position of its collector: the first key of the evidence's order. */
  rank: number;
  read: Read;
  /** How many reads its collector makes for each component. */
  readsOf: ReadonlyMap<string, number>;
  /** Why it is not made at all; null where it is. */
  refusal: ReadFailure | null;
  remedyFacts: RemedyFacts;
}

/** All that reads may use; each collector gets the part for its own components. */
export type Reach = Omit<GoogleContext & ProbeContext, 'components' | 'configured' | 'project' | 'region'> & {
  /** null where no repository is known: then nothing of it is read. */
  github: GitHubAnswers | null;
};

/** The reads of all collectors for this configuration, in the collectors' order. Makes no request. */
export function planReads(configuration: Configuration, grants: Grants, reach: Reach): PlannedRead[] {
  const all = Object.entries(configuration.components).map(([id, component]) => ({ id, component }));
  const beyond = all.flatMap((named) => beyondGrants(named, grants));
  const components = all.filter(({ id }) => !beyond.some(({ read }) => read.components.includes(id)));
  const planned = collectors.flatMap((collector, rank) =>
    planCollector(collector, rank, components, configuration, grants, reach),
  );
  return [...planned, ...beyond, ...unsupported(components)];
}

/** A component that leads to what this repository may not read is no part of any request, not even of a shared one. */
function beyondGrants({ id, component }: NamedComponent, grants: Grants): PlannedRead[] {
  const refusal = refusalBeyond(component, grants);
  if (refusal === null) return [];
  const source = { api: 'none', method: 'none', query: nameOf(component) };
  const read: Read = { components: [id], signal: '*', source, run: () => Promise.reject(refusal) };
  return [unplanned(read, refusal)];
}

function refusalBeyond(component: Component, grants: Grants): ReadFailure | null {
  const project = namedProjects(component).find((one) => !grants.project(one));
  // Only an id is shown: a pattern may be any text of the configuration.
  if (project !== undefined && /^[a-z0-9:.-]{1,100}$/.test(project)) {
    const detail = `the component leads to the Google project ${project}, which this repository may not read`;
    return new ReadFailure('not-granted', detail, { remedy: grantLine('google_cloud_projects', project) });
  }
  if (project !== undefined) {
    return new ReadFailure('not-granted', 'the component selects projects by more than the id of one', {
      remedy: 'name one granted project in the query',
    });
  }
  const path = pathForName(component);
  if (path === null) return null;
  return new ReadFailure('not-granted', `${path} is a path; only what is in the project itself is read`, {
    remedy: 'write the name alone in the configuration',
  });
}

/** A read of no collector, which is known to fail. */
function unplanned(read: Read, refusal: ReadFailure | null): PlannedRead {
  const { source } = read;
  return {
    collector: 'none',
    rank: collectors.length,
    read,
    readsOf: countByComponent([read]),
    refusal,
    remedyFacts: { api: 'none', role: null, project: null, source, host: null, bucket: null },
  };
}

function planCollector(
  collector: Collector,
  rank: number,
  all: readonly NamedComponent[],
  configuration: Configuration,
  grants: Grants,
  reach: Reach,
): PlannedRead[] {
  if (collector.kind === 'github') return planGitHub(collector, rank, configuration, reach);
  const components = all.filter(({ component }) => collector.types.some((type) => type === component.type));
  if (components.length === 0) return [];
  const project = configuration.google_cloud?.project ?? null;
  const reads = readsOfCollector(collector, { components, configured: all }, configuration, reach);
  return reads.map((read) => ({
    collector: collector.name,
    rank,
    read,
    readsOf: countByComponent(reads),
    refusal: refusalOf(collector, read, project, grants),
    remedyFacts: {
      api: collector.api,
      role: collector.role,
      project,
      source: read.source,
      host: read.endpoint === undefined ? null : probeGrantOf(read.endpoint),
      bucket: read.bucket ?? null,
    },
  }));
}

/** The repository needs no grant: Sitrep is installed there, or the token is the user's own. */
function planGitHub(
  collector: GitHubCollector,
  rank: number,
  configuration: Configuration,
  { github, ...reach }: Reach,
): PlannedRead[] {
  if (github === null) return [];
  const { environment = null, deploy_workflows: deployWorkflows = null } = configuration.github ?? {};
  const reads = collector.reads({ ...reach, github, environment, deployWorkflows });
  const { api, role } = collector;
  return reads.map((read) => ({
    collector: collector.name,
    rank,
    read,
    readsOf: countByComponent(reads),
    refusal: null,
    remedyFacts: { api, role, project: null, source: read.source, host: null, bucket: null },
  }));
}

function readsOfCollector(
  collector: Exclude<Collector, GitHubCollector>,
  { components, configured }: Pick<GoogleContext, 'components' | 'configured'>,
  { google_cloud: place }: Configuration,
  reach: Reach,
): Read[] {
  if (collector.kind === 'probe') return collector.reads({ ...reach, components, configured });
  if (place) return collector.reads({ ...reach, ...place, components, configured });
  const source = { api: collector.api, method: 'none', query: 'google_cloud' };
  return [
    unreadable(components, source, 'google_cloud (project and region) is not set in the configuration'),
  ];
}

function refusalOf(
  collector: Collector,
  read: Read,
  project: string | null,
  grants: Grants,
): ReadFailure | null {
  if (collector.kind === 'probe') {
    const { endpoint } = read;
    if (endpoint === undefined || grants.endpoint(endpoint)) return null;
    return isMetadata(endpoint.hostname)
      ? new ReadFailure(
          'not-granted',
          `${endpoint.hostname} has metadata of a cloud, which is never probed`,
          {
            remedy: neverProbed,
          },
        )
      : new ReadFailure('not-granted', `this repository may not probe ${endpoint.origin}`);
  }
  if (project === null || grants.project(project)) return null;
  return new ReadFailure('not-granted', `this repository may not read the Google project ${project}`);
}

/** The components of types that no collector reads: each an honest unknown. */
function unsupported(components: readonly NamedComponent[]): PlannedRead[] {
  return components
    .filter(({ component }) => !collectors.some(({ types }) => types.some((type) => type === component.type)))
    .map((named) => {
      const source = { api: 'none', method: 'none', query: nameOf(named.component) };
      const read = unreadable([named], source, unreadDetail(named.component));
      return unplanned(read, null);
    });
}

function unreadDetail({ type }: Component): string {
  return type === 'service'
    ? 'readings of a component of type service are brought in a snapshot file'
    : `components of type ${type} are not read yet`;
}

function unreadable(components: readonly NamedComponent[], source: Source, detail: string): Read {
  return {
    components: components.map(({ id }) => id),
    signal: '*',
    source,
    run: () => Promise.reject(new ReadFailure('unsupported', detail)),
  };
}

/** What a component is called outside, for the gap's source. */
function nameOf(component: Component): string {
  switch (component.type) {
    case 'cloud-run':
      return component.service;
    case 'cloud-sql':
      return component.instance;
    case 'load-balancer':
      return component.backend_service;
    case 'http':
    case 'websocket':
      return withoutCredentials(component.url);
    case 'vpc-connector':
    case 'secret':
      return component.name;
    case 'terraform-state':
      return `gs://${component.bucket}/${component.object}`;
    case 'google-region':
    case 'service':
      return component.type;
    case 'metric':
      return component.query;
    case 'log-filter':
      return component.filter;
  }
}

function countByComponent(reads: readonly Read[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of reads.flatMap((read) => (read.derived ? [] : read.components)))
    counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}
