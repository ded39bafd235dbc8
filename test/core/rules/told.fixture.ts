import { expect } from 'vitest';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { answer, at, connector, database, requests, window } from '../diagnose.fixture.ts';
import type { Seen } from '../diagnose.fixture.ts';
import { soundDiagnosis } from './asked.fixture.ts';
import type { Asked } from './asked.fixture.ts';

/** The revision of `auth` that serves, and the one before it. */
export const serving = 'auth-2';
export const older = 'auth-1';

/** `auth` answers most of its requests with 5xx since 17:20; everything else works. */
export function authFails(all = 60, failed = 40, since = '17:20'): Seen[] {
  return [
    ...answer('login', '503', '0.9'),
    ...answer('api', '200'),
    ...requests('auth', all, failed, since),
    ['auth', 'revision.serving', serving],
    ...requests('backend', 60, 0),
    ...connector('3', '20', '09:00'),
    ...database,
  ];
}

/** A count of entries from some time on until the end of the window. */
export function counted(
  signal: string,
  count: number,
  more: { since?: string; until?: string; revision?: string; text?: string } = {},
): Seen {
  const { since = '17:20:10', until = '18:04:50', revision = serving, text } = more;
  const span = { window, first: at(since), last: at(until), revision };
  return ['auth', signal, String(count), text === undefined ? span : { ...span, text }];
}

/** One line of the log of `auth`, and that the log was read. */
export function says(text: string, count = 40, more: Parameters<typeof counted>[2] = {}): Seen[] {
  return [counted('log.error', count, { ...more, text }), ['auth', 'log.errors', String(count), { window }]];
}

/** The database is in maintenance since 17:18, instead of running. */
export function databaseAway(seen: readonly Seen[]): Seen[] {
  return [
    ...seen.filter(([component]) => component !== 'db'),
    ['db', 'state', 'MAINTENANCE'],
    ['db', 'up', '0', { window, first: at('17:18'), last: at('18:04') }],
  ];
}

/**
 * What becomes of a cause: its verdict where it is the root; the root where another cause was named; otherwise
 * `unknown` with its verdict among the alternatives.
 */
export function told(asked: Asked, seen: readonly Seen[], more: Partial<Snapshot> = {}): string {
  const { root, alternatives, findings } = soundDiagnosis(asked, seen, more);
  const isAsked = (one: { cause: string; component: string }): boolean =>
    one.cause === asked.cause && one.component === asked.component;
  if (isAsked(root)) return root.verdict;
  const strangers = findings.filter((one) => one.verdict === 'confirmed' && !isAsked(one));
  if (root.verdict !== 'unknown') return `${root.cause} of ${root.component} ${root.verdict}`;
  expect(strangers).toEqual([]);
  return `unknown: ${alternatives.find(isAsked)?.verdict ?? 'not told'}`;
}

/** What the table of alternatives says of a cause. */
export function whyNot(
  asked: Asked,
  seen: readonly Seen[],
  more: Partial<Snapshot> = {},
): string | undefined {
  return soundDiagnosis(asked, seen, more).alternatives.find(
    ({ cause, component }) => cause === asked.cause && component === asked.component,
  )?.why;
}
