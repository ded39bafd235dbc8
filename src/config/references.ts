import { didYouMean } from '../core/did-you-mean.ts';
import { repositoryId } from '../core/repository-id.ts';
import type { Path } from './configuration-error.ts';
import { doubleProblems } from './doubles.ts';
import { closingEdges } from './edges.ts';
import { expectationProblems } from './expectations.ts';
import { childOf, valueAt } from './json-schema.ts';
import type { Configuration, RepositoryFile } from './repository.schema.ts';
import { environmentNames, layOver } from './resolve.ts';
import { componentGroups, idsAt, listAt, textAt } from './written.ts';
import type { Written } from './written.ts';

/** A part of a file that does not fit another one. */
export interface ReferenceProblem {
  /** Path of the faulty part; `key` where its key is at fault and not its value. */
  path: Path;
  at: 'key' | 'value';
  code: string;
  message: string;
  remedy: string;
}

/**
 * Ids that are named and do not exist, cycles, doubles, and what is missing for what there is. Names are looked
 * up in the data as they were written, so that a part with another fault is checked as well.
 *
 * @param data The file as data.
 * @param file What can be used of it.
 */
export function referenceProblems(data: unknown, file: RepositoryFile): ReferenceProblem[] {
  return [
    ...environmentNames(file).flatMap((name) => [
      ...edgeProblems(data, name),
      ...journeyProblems(data, name),
      ...cycleProblems(data, name),
      ...googleProblems(file, name),
    ]),
    ...componentProblems(data),
    ...expectationProblems(data),
    ...contactProblems(data),
    ...doubleProblems(data),
  ];
}

/** The paths under which an environment's part is written: the top level's, and its own. */
function groupsOf(part: 'components' | 'journeys', environment: string): Path[] {
  return [[part], ['environments', environment, part]];
}

function noComponent(id: string, known: readonly string[]): Omit<ReferenceProblem, 'path' | 'at'> {
  const near = didYouMean(id, known);
  return {
    code: 'unknown-component',
    message: `there is no component ${id}`,
    remedy:
      near === null ? `add it under components, or name one of ${known.join(', ')}` : `did you mean ${near}?`,
  };
}

/** The paths of an environment's components by their ids; its own replace those of the top level. */
function componentPaths(data: unknown, environment: string): Map<string, Path> {
  return new Map(
    groupsOf('components', environment).flatMap((path) =>
      idsAt(data, path).map((id): [string, Path] => [id, [...path, id]]),
    ),
  );
}

/** What a component needs: `depends_on` and `via`. */
function edgesAt(data: unknown, component: Path): Written[] {
  return [...listAt(data, [...component, 'depends_on']), ...textAt(data, [...component, 'via'])];
}

function edgeProblems(data: unknown, environment: string): ReferenceProblem[] {
  const components = [...componentPaths(data, environment).values()];
  return unknownTargets(
    data,
    environment,
    components.flatMap((path) => edgesAt(data, path)),
  );
}

function journeyProblems(data: unknown, environment: string): ReferenceProblem[] {
  const journeys = groupsOf('journeys', environment).flatMap((path) =>
    idsAt(data, path).map((id): Path => [...path, id]),
  );
  return unknownTargets(
    data,
    environment,
    journeys.flatMap((path) => listAt(data, [...path, 'steps'])),
  );
}

function unknownTargets(data: unknown, environment: string, targets: readonly Written[]): ReferenceProblem[] {
  const known = [...componentPaths(data, environment).keys()];
  return targets
    .filter(({ text }) => !known.includes(text))
    .map(({ text, path }) => ({ path, at: 'value', ...noComponent(text, known) }));
}

/** The path of a component: below `environments` where it is written there. */
function pathOfComponent(file: RepositoryFile, environment: string, id: string): Path {
  const own = childOf(childOf(file.environments, environment), 'components');
  return childOf(own, id) === undefined
    ? ['components', id]
    : ['environments', environment, 'components', id];
}

function cycleProblems(data: unknown, environment: string): ReferenceProblem[] {
  const written = new Map(
    [...componentPaths(data, environment)].map(([id, path]) => [id, edgesAt(data, path)]),
  );
  const edges = new Map([...written].map(([id, targets]) => [id, targets.map(({ text }) => text)]));
  return closingEdges(edges).flatMap(({ from, to, cycle }) =>
    (written.get(from) ?? [])
      .filter(({ text }) => text === to)
      .map(({ path }) => ({
        path,
        at: 'value',
        code: 'cycle',
        message: `the dependencies go in a circle: ${cycle.join(' → ')}`,
        remedy: 'remove one of these edges; an edge leads from a component to what it needs',
      })),
  );
}

const outsideGoogle: ReadonlySet<Configuration['components'][string]['type']> = new Set([
  'http',
  'websocket',
  'service',
]);

function googleProblems(file: RepositoryFile, environment: string): ReferenceProblem[] {
  const { components, google_cloud: google } = layOver(file, environment);
  const first = Object.entries(components).find(([, { type }]) => !outsideGoogle.has(type));
  if (google !== undefined || !first) return [];
  const [id, { type }] = first;
  return [
    {
      path: pathOfComponent(file, environment, id),
      at: 'key',
      code: 'missing-google-cloud',
      message: `${id} is of type ${type}, and google_cloud is missing in environment ${environment}`,
      remedy: 'add google_cloud: { project: your-project, region: us-central1 }',
    },
  ];
}

/** A file without components, and addresses with a password in them, which every update would show. */
function componentProblems(data: unknown): ReferenceProblem[] {
  const components = componentGroups(data).flatMap((path) =>
    idsAt(data, path).map((id): Path => [...path, id]),
  );
  if (components.length === 0) return [noComponents];
  return components.flatMap((path): ReferenceProblem[] => {
    if (path.at(-1) === repositoryId) return [{ path, ...reserved }];
    const url = valueAt(data, [...path, 'url']);
    const address = typeof url === 'string' ? URL.parse(url) : null;
    const isBare = address === null || (address.username === '' && address.password === '');
    return isBare ? [] : [{ path: [...path, 'url'], ...credentials }];
  });
}

const noComponents: ReferenceProblem = {
  path: ['components'],
  at: 'key',
  code: 'no-component',
  message: 'the file describes no component, so there is nothing to read',
  remedy: 'add one, for example components: { api: { type: http, url: "https://api.example.com/health" } }',
};

const reserved: Omit<ReferenceProblem, 'path'> = {
  at: 'key',
  code: 'reserved-id',
  message: `the id ${repositoryId} stands for the repository itself, whose commits and deployments Sitrep reads`,
  remedy: 'give the component another id, for example app',
};

const credentials: Omit<ReferenceProblem, 'path'> = {
  at: 'value',
  code: 'credentials-in-url',
  message: 'the address holds a user name or a password, and updates show addresses',
  remedy: 'remove what stands before the @, and probe an endpoint that needs no login',
};

function contactProblems(data: unknown): ReferenceProblem[] {
  const known = idsAt(data, ['contacts']);
  const rules = valueAt(data, ['escalation']);
  const count = Array.isArray(rules) ? rules.length : 0;
  const turnedTo = Array.from({ length: count }, (_, index) =>
    textAt(data, ['escalation', index, 'contact']),
  ).flat();
  const owners = componentGroups(data).flatMap((path) =>
    idsAt(data, path).flatMap((id) => textAt(data, [...path, id, 'owner'])),
  );
  return [...turnedTo, ...owners]
    .filter(({ text }) => !known.includes(text))
    .map(({ text, path }) => {
      const near = didYouMean(text, known);
      const list = known.length === 0 ? 'add it under contacts' : `name one of ${known.join(', ')}`;
      return {
        path,
        at: 'value',
        code: 'unknown-contact',
        message: `there is no contact ${text}`,
        remedy: near === null ? list : `did you mean ${near}?`,
      };
    });
}
