import type { Path } from './configuration-error.ts';
import { valueAt } from './json-schema.ts';

/** What a file's data hold at a path, whatever else is wrong with them. */

/** A text of the data and where it stands. */
export interface Written {
  text: string;
  path: Path;
}

/** The keys of the map at a path; none where there is no map. */
export function idsAt(data: unknown, path: Path): string[] {
  const value = valueAt(data, path);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

/** The text at a path; none where there is no text. */
export function textAt(data: unknown, path: Path): Written[] {
  const value = valueAt(data, path);
  return typeof value === 'string' ? [{ text: value, path }] : [];
}

/** The texts of the list at a path; none where there is no list. */
export function listAt(data: unknown, path: Path): Written[] {
  const value = valueAt(data, path);
  return Array.isArray(value) ? value.flatMap((_item, index) => textAt(data, [...path, index])) : [];
}

/** A field of each item of the list at a path. */
export function fieldsAt(data: unknown, path: Path, field: string): Written[] {
  const value = valueAt(data, path);
  return Array.isArray(value) ? value.flatMap((_item, index) => textAt(data, [...path, index, field])) : [];
}

/** The paths of all maps of components: the top level's and those of the environments. */
export function componentGroups(data: unknown): Path[] {
  const own = idsAt(data, ['environments']).map((name): Path => ['environments', name, 'components']);
  return [['components'], ...own];
}
