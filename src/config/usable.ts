import { z } from 'zod';
import { didYouMean } from '../core/did-you-mean.ts';
import type { Path } from './configuration-error.ts';
import { childOf, valueAt } from './json-schema.ts';
import { componentSchema, repositorySchema } from './repository.schema.ts';
import type { RepositoryFile, UnreadableComponent } from './repository.schema.ts';

/** The parts that are left out as a whole; `*` stands for any key or index. The first that fits counts. */
const parts: readonly (readonly string[])[] = [
  ['environments', '*', 'components', '*'],
  ['environments', '*', 'journeys', '*'],
  ['environments', '*', '*'],
  ['environments', '*'],
  ['components', '*'],
  ['journeys', '*'],
  ['success_criteria', '*'],
  ['escalation', '*'],
  ['labels', 'apply', '*'],
  ['labels', '*'],
  ['contacts', '*'],
  ['plan', '*'],
  ['prevention', '*'],
  ['*'],
];

/**
 * Leaves out what does not fit the schema, in the smallest parts that make sense alone: one component, one rule,
 * one contact. A success criterion that cannot be read stays as one that is unknown, since without it an
 * incident could be resolved that should not be. Null where nothing usable is left.
 */
export function usableOf(data: unknown): RepositoryFile | null {
  const version = childOf(data, 'version');
  if (typeof data !== 'object' || data === null || (version !== undefined && version !== 1)) return null;
  const dropped = new Map<string, Path>();
  for (;;) {
    const parsed = repositorySchema.safeParse(
      Object.assign(Object(prune(data, [], dropped)), { version: 1 }),
    );
    if (parsed.success) {
      const unreadable = [...dropped.values()].flatMap((path) => unreadableAt(data, path));
      return unreadable.length === 0 ? parsed.data : { ...parsed.data, unreadable };
    }
    const before = dropped.size;
    for (const path of parsed.error.issues.flatMap(faultyPaths)) {
      const part = partOf(originalPath(path, dropped));
      if (part) dropped.set(JSON.stringify(part), part);
    }
    if (dropped.size === before) return null;
  }
}

/** The paths of an issue, those of keys that are not known with a mark. */
function faultyPaths(issue: z.core.$ZodIssue): Path[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key, unknownKey]) : [path];
}

/** Marks the path of a key that is not known. */
const unknownKey = '\0unknown';

function partOf(path: Path): Path | null {
  const isUnknownKey = path.at(-1) === unknownKey;
  const pattern = parts.find(
    (part) => part.length <= path.length && part.every((name, depth) => name === '*' || name === path[depth]),
  );
  if (!pattern) return null;
  const part = path.slice(0, pattern.length);
  return isUnknownKey && !pattern.some((name) => strict.has(name)) ? path.slice(0, -1) : part;
}

/**
 * Parts in which a key that is not known voids the part: it may be a misspelt `expect` or `for`, and what it asks
 * for may not be passed over.
 */
const strict: ReadonlySet<string> = new Set(['components', 'success_criteria']);

/** A copy of the data without what was dropped. */
function prune(value: unknown, path: Path, dropped: ReadonlyMap<string, Path>): unknown {
  const isDropped = (part: string | number): boolean => dropped.has(JSON.stringify([...path, part]));
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => {
      if (!isDropped(index)) return [prune(item, [...path, index], dropped)];
      return path[0] === 'success_criteria' && path.length === 1 ? [unreadableCriterion(index, item)] : [];
    });
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, member]): [string, unknown][] => {
    if (!isDropped(key)) return [[key, prune(member, [...path, key], dropped)]];
    const isCriteria = path.length === 0 && didYouMean(key, topLevelKeys) === 'success_criteria';
    return isCriteria ? [['success_criteria', [unreadableCriterion(0, null)]]] : [];
  });
  return Object.fromEntries(entries);
}

const topLevelKeys = Object.keys(repositorySchema.shape);

/** Stands for a criterion that could not be read: its condition names nothing that exists, so it is unknown. */
function unreadableCriterion(index: number, item: unknown): Record<string, string> {
  const title = z.string().trim().min(1).max(500).safeParse(childOf(item, 'title'));
  return {
    id: `unreadable-${index + 1}`,
    title: title.success ? title.data : `Success criterion ${index + 1} (not readable in the configuration)`,
    when: 'unreadable',
  };
}

/** Translates the indexes of what is left into those of the file. */
function originalPath(path: Path, dropped: ReadonlyMap<string, Path>): Path {
  const found: (string | number)[] = [];
  for (const part of path) {
    found.push(typeof part === 'number' ? originalIndex(found, part, dropped) : part);
  }
  return found;
}

function originalIndex(list: Path, index: number, dropped: ReadonlyMap<string, Path>): number {
  if (list[0] === 'success_criteria') return index;
  let left = index;
  let at = 0;
  while (left > 0 || dropped.has(JSON.stringify([...list, at]))) {
    if (!dropped.has(JSON.stringify([...list, at]))) left -= 1;
    at += 1;
  }
  return at;
}

/** The component that a dropped path stands for; none where it is another part. */
function unreadableAt(data: unknown, path: Path): UnreadableComponent[] {
  const [environment, list, id] = path[0] === 'environments' ? path.slice(1) : [null, ...path];
  if (list !== 'components' || id === undefined) return [];
  const type = componentType.safeParse(childOf(valueAt(data, path), 'type'));
  return [
    {
      component: String(id),
      type: type.success ? type.data : null,
      environment: environment === null ? null : String(environment),
    },
  ];
}

const componentType = z.literal(componentSchema.options.map((kind) => kind.shape.type.value));
