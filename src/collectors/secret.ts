import { signal } from '../core/signals.ts';
import type { SecretComponent } from '../config/repository.schema.ts';
import type { Source } from '../core/snapshot.ts';
import { ofType } from './collector.ts';
import type { GoogleCollector, GoogleContext, Measured, Missed, NamedComponent, Read } from './collector.ts';
import { parseAnswer } from './parse-answer.ts';
import { consoleLink, gcloud, segment } from './provenance.ts';
import { secretAnswer, versionAnswer, versionList } from './secret.schema.ts';
import type { Secret, SecretVersion } from './secret.schema.ts';

const api = 'secretmanager.googleapis.com';

/** Versions asked for: the newest ones, far more than are kept enabled. */
const asked = 100;

/**
 * Secrets and the state of their versions. The payload is never asked for: reading it would prove our own access
 * only, and would need a role that viewers do not have.
 */
export const secret: GoogleCollector = {
  name: 'secret',
  kind: 'google',
  api,
  role: 'roles/secretmanager.viewer',
  types: ['secret'],
  signals: [
    {
      signal: signal.state,
      unit: null,
      example: 'ENABLED',
      meaning: 'State of the configured version: ENABLED, DISABLED or DESTROYED',
    },
    {
      signal: signal.secretVersion,
      unit: null,
      example: '7',
      meaning: 'Its number, which is what latest or an alias stands for',
    },
    {
      signal: signal.created,
      unit: null,
      example: '2025-08-30T09:12:00.000Z',
      meaning: 'When the configured version was created',
    },
    {
      signal: signal.rotated,
      unit: null,
      example: '2025-08-30T09:12:00.000Z',
      meaning: 'When the newest version was created: the last rotation',
    },
    {
      signal: signal.newestEnabled,
      unit: null,
      example: '7',
      meaning: 'Number of the newest enabled version; none where none is enabled',
    },
    {
      signal: signal.replication,
      unit: null,
      example: 'automatic',
      meaning: 'automatic, or the regions that hold it',
    },
    {
      signal: signal.expires,
      unit: null,
      example: '2025-12-01T00:00:00.000Z',
      meaning: 'When the secret is deleted by itself, where that is set',
    },
    {
      signal: signal.nextRotation,
      unit: null,
      example: '2025-11-28T09:00:00.000Z',
      meaning: 'When the next rotation is due, where that is set',
    },
  ],
  reads: (context) =>
    ofType(context.components, 'secret').flatMap((named) => [
      readSecret(named, context),
      ...(named.component.version === 'latest' ? [] : [readVersion(named, context)]),
    ]),
};

/** The secret with its versions; `latest` among them is the newest, whatever its state. */
function readSecret({ id, component }: NamedComponent<SecretComponent>, context: GoogleContext): Read {
  const { google } = context;
  const [own, listed] = [secretSource(component, context), versionsSource(component, context)];
  return {
    components: [id],
    signal: component.version === 'latest' ? '*' : signal.rotated,
    source: own,
    run: async (abort) => {
      const path = pathOf(component, context);
      const query = { pageSize: String(asked) };
      const [found, list] = await Promise.all([
        google.get({ host: api, path, signal: abort }),
        google.get({ host: api, path: `${path}/versions`, query, signal: abort }),
      ]);
      const facts = parseAnswer(secretAnswer, found, 'secret');
      const { versions, nextPageToken } = parseAnswer(versionList, list, 'versions of the secret');
      const latest = component.version === 'latest' ? versionFacts(id, versions[0], listed) : nothing;
      const enabled = newestEnabled(id, versions, Boolean(nextPageToken), listed);
      return {
        observations: [
          ...latest.observations,
          ...observe(id, signal.rotated, versions[0]?.createTime ?? null, listed),
          ...enabled.observations,
          ...secretFacts(id, facts, own),
        ],
        gaps: [...latest.gaps, ...enabled.gaps],
      };
    },
  };
}

/** The configured version, by its number or an alias. */
function readVersion({ id, component }: NamedComponent<SecretComponent>, context: GoogleContext): Read {
  const source = versionSource(component, context);
  return {
    components: [id],
    signal: signal.state,
    source,
    run: async (abort) => {
      const path = `${pathOf(component, context)}/versions/${segment(component.version)}`;
      const answer = await context.google.get({ host: api, path, signal: abort });
      return versionFacts(id, parseAnswer(versionAnswer, answer, 'version of the secret'), source);
    },
  };
}

interface Facts {
  observations: Measured[];
  gaps: Missed[];
}

const nothing: Facts = { observations: [], gaps: [] };

function versionFacts(component: string, version: SecretVersion | undefined, source: Source): Facts {
  if (!version) return { observations: [], gaps: [without(component, 'the secret has no version', source)] };
  return {
    observations: [
      ...observe(component, signal.state, version.state, source),
      ...observe(component, signal.secretVersion, version.number, source),
      ...observe(component, signal.created, version.createTime, source),
    ],
    gaps: version.state === null ? [without(component, 'the answer has no state', source)] : [],
  };
}

/** None is a measured none only where all versions were seen. */
function newestEnabled(
  component: string,
  versions: readonly SecretVersion[],
  cut: boolean,
  source: Source,
): Facts {
  const enabled = versions.find(({ state }) => state === 'ENABLED');
  if (!enabled && cut) {
    const detail = `none of the newest ${versions.length} versions is enabled; older ones were not read`;
    const gap = { component, signal: signal.newestEnabled, reason: 'no-data' as const, detail, source };
    return { observations: [], gaps: [gap] };
  }
  const value = enabled?.number ?? 'none';
  return { observations: observe(component, signal.newestEnabled, value, source), gaps: [] };
}

function secretFacts(component: string, facts: Secret, source: Source): Measured[] {
  return [
    ...observe(component, signal.replication, replicationOf(facts), source),
    ...observe(component, signal.expires, facts.expireTime, source),
    ...observe(component, signal.nextRotation, facts.rotation?.nextRotationTime ?? null, source),
  ];
}

function replicationOf({ replication }: Secret): string | null {
  if (replication?.automatic !== undefined) return 'automatic';
  const regions = replication?.userManaged?.replicas.flatMap(({ location }) => location ?? []) ?? [];
  return regions.length === 0 ? null : regions.toSorted().join(', ');
}

function observe(component: string, name: string, value: string | null, source: Source): Measured[] {
  return value ? [{ component, signal: name, value, unit: null, window: null, source }] : [];
}

function without(component: string, detail: string, source: Source): Missed {
  return { component, signal: signal.state, reason: 'no-data', detail, source };
}

type Place = Pick<GoogleContext, 'project'>;

function pathOf({ name }: SecretComponent, { project }: Place): string {
  return `/v1/projects/${segment(project)}/secrets/${segment(name)}`;
}

function secretSource({ name }: SecretComponent, { project }: Place): Source {
  return {
    api,
    method: 'Secrets.Get',
    query: `projects/${project}/secrets/${name}`,
    console: secretLink(name, project),
    command: gcloud('secrets describe', [name], { project }),
  };
}

function versionsSource({ name }: SecretComponent, { project }: Place): Source {
  return {
    api,
    method: 'SecretVersions.List',
    query: `projects/${project}/secrets/${name}/versions`,
    console: secretLink(name, project),
    command: gcloud('secrets versions list', [name], { project }),
  };
}

function versionSource({ name, version }: SecretComponent, { project }: Place): Source {
  return {
    api,
    method: 'SecretVersions.Get',
    query: `projects/${project}/secrets/${name}/versions/${version}`,
    console: secretLink(name, project),
    command: gcloud('secrets versions describe', [version], { secret: name, project }),
  };
}

function secretLink(name: string, project: string): string {
  return consoleLink(`security/secret-manager/secret/${segment(name)}/versions`, project);
}
