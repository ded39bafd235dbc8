import type { Component } from '../../config/repository.schema.ts';
import type { Identity } from '../diagnosis.ts';
import { inUse } from '../graph.ts';
import { compareText, evidenceIds, gapsOf, latest, sortedIds } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Case } from './case.ts';
import { code } from './wording.ts';

/** A component's name at its provider, and the id that the API has for it; null where that was not read. */
interface Named {
  component: string;
  name: string;
  canonical: string | null;
  evidence: string[];
}

interface Known extends Named {
  canonical: string;
}

/**
 * The resources behind the names of the configuration: the API's own id where a reading shows it, names that do not
 * exist, two components that are one resource, and a service that is attached to another resource of the same name.
 */
export function identitiesOf(found: Case): Identity[] {
  const known = knownIdentities(found);
  const byCanonical = Map.groupBy(known.values(), ({ canonical }) => canonical);
  const attached = attachedTo(found);
  return Object.entries(found.configuration.components).flatMap(([id, component]): Identity[] => {
    const name = nameOf(component);
    if (name === null) return [];
    const own = known.get(id);
    const twins = (byCanonical.get(own?.canonical ?? '') ?? []).filter((other) => other.component !== id);
    const problems = [
      ...(own === undefined ? missing(found, id, name) : twins.map((twin) => sameAs(own, twin))),
      ...attachedElsewhere(
        found,
        attached,
        own ?? { component: id, name, canonical: null, evidence: [] },
        component,
      ),
    ];
    const isSound = problems.length === 0 && own !== undefined;
    return isSound ? [{ ...own, problem: 'none', why: 'the API has it under this id' }] : problems;
  });
}

/**
 * Tells whether two components are one resource: what is found of the one is not held against the other. Nothing is one
 * resource with another one where either id was not read.
 */
export function resourceTwins(found: Case): (one: string, other: string) => boolean {
  const known = knownIdentities(found);
  return (one, other) => {
    const canonical = known.get(one)?.canonical;
    return one === other || (canonical !== undefined && canonical === known.get(other)?.canonical);
  };
}

const remembered = new WeakMap<Case, ReadonlyMap<string, Known>>();

function knownIdentities(found: Case): ReadonlyMap<string, Known> {
  const known = remembered.get(found) ?? readIdentities(found);
  remembered.set(found, known);
  return known;
}

function readIdentities(found: Case): Map<string, Known> {
  return new Map(
    Object.entries(found.configuration.components).flatMap(([id, component]): [string, Known][] => {
      const name = nameOf(component);
      const read = name === null ? null : canonicalOf(found, id, component, name);
      return name === null || read === null ? [] : [[id, { component: id, name, ...read }]];
    }),
  );
}

/** The name that the configuration gives a resource; null for what is no resource with a name. */
function nameOf(component: Component): string | null {
  switch (component.type) {
    case 'cloud-run':
      return component.service;
    case 'vpc-connector':
    case 'secret':
      return component.name;
    case 'cloud-sql':
      return component.instance;
    case 'load-balancer':
      return component.backend_service;
    case 'terraform-state':
      return `gs://${component.bucket}/${component.object}`;
    case 'http':
    case 'websocket':
    case 'google-region':
    case 'metric':
    case 'log-filter':
    case 'service':
    default:
      return null;
  }
}

/** The collections in which the APIs of a type have their resources. */
const collections: Readonly<Partial<Record<Component['type'], string>>> = {
  'cloud-run': 'services',
  'vpc-connector': 'connectors',
  secret: 'secrets',
  'load-balancer': 'backendServices',
};

/** The id that an API answered with, or under which it answered; null where nothing was read of the resource itself. */
function canonicalOf(
  { index }: Case,
  id: string,
  { type }: Component,
  name: string,
): { canonical: string; evidence: string[] } | null {
  if (type === 'cloud-sql') {
    const read = latest(index, id, signal.name);
    return read ? { canonical: read.value, evidence: [read.id] } : null;
  }
  const read = (index.byComponent.get(id) ?? []).find(
    ({ source }) => resourceIn(source.query, type, name) !== null,
  );
  const canonical = read && resourceIn(read.source.query, type, name);
  if (!read || !canonical) return null;
  // Two versions of a secret are two things: one may be disabled while the other is not.
  const version = type === 'secret' ? latest(index, id, signal.secretVersion) : undefined;
  return version === undefined
    ? { canonical, evidence: [read.id] }
    : { canonical: `${canonical}/versions/${version.value}`, evidence: evidenceIds([read, version]) };
}

/** The resource's full name at the beginning of what was asked; null where that is another one. */
function resourceIn(query: string, type: Component['type'], name: string): string | null {
  if (type === 'terraform-state') return query === name ? name : null;
  const collection = collections[type];
  const part = `/${collection ?? ''}/${name}`;
  const at = query.indexOf(part);
  const end = at + part.length;
  const isWhole = query[end] === undefined || query[end] === '/';
  return collection !== undefined && query.startsWith('projects/') && at > 0 && isWhole
    ? query.slice(0, end)
    : null;
}

/** Of the resource itself: a metric that does not exist says nothing of it. */
function missing({ index }: Case, component: string, name: string): Identity[] {
  const gaps = gapsOf(index, component).filter(
    ({ signal: of, reason, source }) =>
      of === '*' && reason === 'not-found' && !/^(?:monitoring|logging)\./.test(source.api),
  );
  if (gaps.length === 0) return [];
  return [
    {
      component,
      name,
      canonical: null,
      problem: 'no-such-resource',
      evidence: evidenceIds(gaps),
      why: `the API knows no ${code(name)} where the configuration says it is`,
    },
  ];
}

function sameAs(own: Known, twin: Known): Identity {
  return {
    ...own,
    problem: 'same-as',
    with: twin.component,
    evidence: sortedIds([...own.evidence, ...twin.evidence]),
    why: `${code(own.component)} and ${code(twin.component)} are one resource, ${code(own.canonical)}`,
  };
}

/** How a revision names what it is attached to, where it does so in full. */
interface Attachment {
  signal: string;
  /** What a full name begins with, in a project. */
  inProject(project: string): string;
  /** What comes before the short name. */
  before: string;
}

const attachments: Readonly<Partial<Record<Component['type'], Attachment>>> = {
  'cloud-sql': { signal: signal.cloudSqlInstance, inProject: (project) => `${project}:`, before: ':' },
  'vpc-connector': {
    signal: signal.connector,
    inProject: (project) => `projects/${project}/`,
    before: '/connectors/',
  },
};

/** A service that a reading shows attached to a resource, by the full name of that. */
interface Attached {
  service: string;
  id: string;
  full: string;
}

/** What services are attached to, by the end of the full name that an attachment of its type has. */
function attachedTo(found: Case): ReadonlyMap<string, readonly Attached[]> {
  const all = Object.entries(found.configuration.components).flatMap(([service, { type }]) =>
    type === 'cloud-run'
      ? Object.values(attachments).flatMap((attachment) =>
          inUse(found.index, service, attachment.signal).flatMap((seen) =>
            seen.value.split(', ').flatMap((full) => {
              const at = full.lastIndexOf(attachment.before);
              return at === -1 ? [] : [{ end: full.slice(at), service, id: seen.id, full }];
            }),
          ),
        )
      : [],
  );
  return Map.groupBy(all, ({ end }) => end);
}

/** Services that are attached to a resource with the configured name in another project or region. */
function attachedElsewhere(
  found: Case,
  attached: ReadonlyMap<string, readonly Attached[]>,
  own: Named,
  { type }: Component,
): Identity[] {
  const attachment = attachments[type];
  if (attachment === undefined) return [];
  const project = found.configuration.google_cloud?.project;
  const isOwn = (full: string): boolean =>
    own.canonical === null
      ? project === undefined || full.startsWith(attachment.inProject(project))
      : full === own.canonical;
  const others = (attached.get(`${attachment.before}${own.name}`) ?? []).filter(({ full }) => !isOwn(full));
  return [...Map.groupBy(others, ({ service }) => service)].flatMap(([service, of]) =>
    [...Map.groupBy(of, ({ full }) => full)]
      .toSorted(([a], [b]) => compareText(a, b))
      .map(([full, alike]) => elsewhere(own, service, full, evidenceIds(alike))),
  );
}

function elsewhere(own: Named, service: string, full: string, evidence: readonly string[]): Identity {
  const is =
    own.canonical === null ? 'lies in another project by its configuration' : `is ${code(own.canonical)}`;
  return {
    ...own,
    problem: 'another-name',
    with: service,
    evidence: sortedIds([...evidence, ...own.evidence]),
    why: `${code(service)} is attached to ${code(full)}, and ${code(own.component)} ${is}`,
  };
}
