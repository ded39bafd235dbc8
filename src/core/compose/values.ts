import { atLeast, clock, figure } from '../figures.ts';
import { differing } from '../secret-names.ts';
import type { Observation } from '../snapshot.ts';
import { code, plain, say, type Text } from '../text.ts';

/** How single values are shown. */

const secretName =
  /pass(word|wd|phrase)?$|pwd$|secret|token|credential|api[_-]?key|private[_-]?key|access[_-]?key|dsn$|database_url|connection_string/i;
const wholeNumber = /^-?\d{1,15}(\.\d{1,15})?$/;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** What was read, with its unit; a lower bound says so. Settings keep the form in which they are set. */
export function measured(found: Observation, seen: string): Text {
  if (instant.test(found.value)) return say`${plain(clock(found.value, seen))}`;
  if (isSetting(found.signal) || !wholeNumber.test(found.value))
    return setting(found.signal, found.value, found.unit);
  return say`${plain(atLeast(figure(found.value, found.unit), found.partial))}`;
}

/** The value of a setting as it is set; hidden where its name says that it is a secret. */
export function setting(key: string, value: string | null, unit: string | null = null): Text {
  if (value === null) return say`not set`;
  if (key === 'image') return say`${code(value.split('/').at(-1) ?? value)}`;
  if (key.startsWith('env.') && secretName.test(key) && value !== '')
    return value.endsWith(differing) ? say`(hidden, another value)` : say`(hidden)`;
  return say`${code(unit === null ? value : `${value} ${unit}`)}`;
}

/** The name of a revision without its service's name, which readers know: `00750-69k`. */
export function shortRevision(revision: string): string {
  return /(?<=-)\d{5}-[a-z0-9]{3}$/.exec(revision)?.[0] ?? revision;
}

function isSetting(signal: string): boolean {
  return signal.startsWith('env.') || signal.startsWith('flag.');
}
