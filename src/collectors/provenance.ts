import { isSecretSetting } from '../core/secret-names.ts';
import { redacted } from './redact.ts';
import type { Window } from '../core/snapshot.ts';

/** Links and commands with which a person reads the same as a collector did. */

/** A word of a POSIX shell that stands for exactly this text. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A string of Google's filter languages (Logging and Monitoring). */
export function filterString(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** A segment of an API path or a console link. */
export function segment(name: string): string {
  return encodeURIComponent(name);
}

/** `https://console.cloud.google.com/PATH?project=P`. */
export function consoleLink(path: string, project: string): string {
  return `https://console.cloud.google.com/${path}?project=${segment(project)}`;
}

/** A Logging query over a window, in the Logs Explorer. */
export function logsLink(filter: string, window: Window, project: string): string {
  const range = `${segment(window.from)}%2F${segment(window.to)}`;
  return consoleLink(`logs/query;query=${segment(filter)};timeRange=${range}`, project);
}

/** A `gcloud` command: fixed words, then `--flag=value` for each flag. */
export function gcloud(words: string, names: readonly string[], flags: Record<string, string>): string {
  const given = Object.entries(flags).map(([flag, value]) => `--${flag}=${shellWord(value)}`);
  return ['gcloud', words, ...names.map(shellWord), ...given].join(' ');
}

/** A `curl` command that reads a Google API with the person's own token. */
export function curlGoogle(url: string): string {
  return `curl -sS -H "Authorization: Bearer $(gcloud auth print-access-token)" ${shellWord(url)}`;
}

/** A URL as it may be shown: without its user and password, and without secrets in its query. */
export function withoutCredentials(url: string): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  for (const [name, value] of new URLSearchParams(shown.search)) {
    if (isSecretSetting(name, value)) shown.searchParams.set(name, redacted);
  }
  return shown.href === `${url}/` ? url : shown.href;
}
