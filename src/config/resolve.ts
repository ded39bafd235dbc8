import { withSoundEdges } from './edges.ts';
import type { Configuration, RepositoryFile } from './repository.schema.ts';

/** Why no environment could be chosen, with the names that exist. */
export interface EnvironmentProblem {
  error: string;
  names: string[];
}

/** Names of the environments of a file: its own, and those under `environments`. */
export function environmentNames(file: RepositoryFile): string[] {
  const named = Object.keys(file.environments ?? {});
  const own = named.length === 0 || Object.keys(file.components).length > 0 ? [file.environment] : [];
  return [...new Set([...own, ...named])];
}

/**
 * The configuration of one environment: its fields laid over those of the top level, components and journeys by
 * their ids. Without a name it is the file's `environment`, or the only one that there is. Edges, owners and contacts that
 * lead nowhere are left out, so that what is resolved is sound even where the file has errors.
 */
export function resolveEnvironment(file: RepositoryFile, name?: string): Configuration | EnvironmentProblem {
  const names = environmentNames(file);
  const preferred = names.includes(file.environment) || names.length !== 1 ? file.environment : names[0];
  const chosen = name ?? preferred ?? file.environment;
  if (!names.includes(chosen)) {
    const list = names.join(', ');
    return name === undefined
      ? { error: `say which environment is meant: ${list}`, names }
      : { error: `there is no environment ${name}; there is ${list}`, names };
  }
  const laid = layOver(file, chosen);
  return {
    ...laid,
    components: withKnownOwners(withSoundEdges(laid.components), laid.contacts),
    escalation: laid.escalation.map((rule) => withKnownContact(rule, laid.contacts)),
  };
}

function withKnownContact(
  rule: Configuration['escalation'][number],
  contacts: Configuration['contacts'],
): Configuration['escalation'][number] {
  const { contact, ...rest } = rule;
  return contact === undefined || Object.hasOwn(contacts, contact) ? rule : rest;
}

function withKnownOwners(
  components: Configuration['components'],
  contacts: Configuration['contacts'],
): Configuration['components'] {
  return Object.fromEntries(
    Object.entries(components).map(([id, component]) => {
      const { owner, ...rest } = component;
      return [id, owner === undefined || Object.hasOwn(contacts, owner) ? component : rest];
    }),
  );
}

/** As `resolveEnvironment` for a name that exists, with all faults of the file. */
export function layOver(file: RepositoryFile, name: string): Configuration {
  const { environments, unreadable, ...top } = file;
  const own = environments && Object.hasOwn(environments, name) ? environments[name] : undefined;
  const google = own?.google_cloud ?? top.google_cloud;
  const github = own?.github ?? top.github;
  const impact = own?.impact ?? top.impact;
  const left = unreadable?.filter(({ environment }) => environment === null || environment === name) ?? [];
  return {
    ...top,
    environment: name,
    ...(google === undefined ? {} : { google_cloud: google }),
    ...(github === undefined ? {} : { github }),
    ...(impact === undefined ? {} : { impact }),
    components: { ...top.components, ...own?.components },
    journeys: { ...top.journeys, ...own?.journeys },
    ...(left.length === 0 ? {} : { unreadable: left }),
  };
}
