import { InvalidArgumentError } from 'commander';
import type { RepositoryName } from '../core/github-request.ts';

/** Readers of options' values: what they refuse is a wrong call. */

/** `--repo`: OWNER/NAME. */
export function repositoryOption(text: string): RepositoryName {
  const match = /^([\w-]+)\/([\w.-]+)$/u.exec(text);
  if (match?.[1] === undefined || match[2] === undefined)
    throw new InvalidArgumentError('Write OWNER/NAME, for example netra-systems/netra-apex.');
  return { owner: match[1], name: match[2] };
}

/** `--issue`: the number of an issue, with or without #. */
export function issueOption(text: string): number {
  if (!/^#?[1-9]\d{0,14}$/u.test(text)) throw new InvalidArgumentError('Write the number of an issue.');
  return Number(text.replace('#', ''));
}

/** `--closed`: how many incidents, 1 to 100. */
export function closedOption(text: string): number {
  const count = /^\d{1,3}$/u.test(text) ? Number(text) : Number.NaN;
  if (count >= 1 && count <= 100) return count;
  throw new InvalidArgumentError('Write a number from 1 to 100.');
}

/** `--retry`: id of a dead letter, or all of them. */
export function retryOption(text: string): string {
  if (text === 'all' || /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/u.test(text)) return text;
  throw new InvalidArgumentError('Write the id of a dead letter as sitrep doctor lists it, or all.');
}

/** `--port`: 0 takes a free one. */
export function portOption(text: string): number {
  const port = /^\d{1,5}$/u.test(text) ? Number(text) : Number.NaN;
  if (port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('Write a number from 0 to 65535.');
}

/** `--at`: an instant in UTC that is not ahead of `now`. */
export function instantOption(text: string, now: Date): Date {
  const time = utcOption(text);
  if (time > now) throw new InvalidArgumentError(`It is ${now.toISOString()}: that time is ahead.`);
  return time;
}

/** `--since`, `--until`: an instant in UTC. */
export function utcOption(text: string): Date {
  const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z$/u.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (Number.isNaN(time))
    throw new InvalidArgumentError('Write the time in UTC, for example 2025-09-15T18:05:00Z.');
  return new Date(time);
}
