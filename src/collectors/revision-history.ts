import type { Revision, Service } from './cloud-run.schema.ts';
import { trafficOf } from './cloud-run-services.ts';

/** The revisions of one service over time. All lists are newest first. */

const day = 86_400_000;

/** Revisions of one service that are shown at most: those in use, and the one before them. */
const shownAtMost = 4;

/** Changes of one service that are given at most. */
const changesAtMost = 20;

/** Sorted by the time of creation, the newest first; by name where the times are equal. */
export function newestFirst(revisions: readonly Revision[]): Revision[] {
  return revisions.toSorted((a, b) => createdAt(b) - createdAt(a) || (a.name < b.name ? 1 : -1));
}

/**
 * The revisions in use: those with traffic, and the one created last. Where the service itself could not be read,
 * only the latter.
 */
export function inUse(history: readonly Revision[], service: Service | undefined): Revision[] {
  const names = new Set(service ? trafficOf(service).map(({ revision }) => revision) : []);
  return history.filter((revision, index) => index === 0 || names.has(revision.name)).slice(0, shownAtMost);
}

/** The newest revision that is out of use and older than one in use: what these are compared with. */
export function comparedWith(history: readonly Revision[], used: readonly Revision[]): Revision | null {
  const before = history.find(
    (revision, index) =>
      !used.includes(revision) && history.slice(0, index).some((newer) => used.includes(newer)),
  );
  return before ?? null;
}

/**
 * Pairs of a revision and the one before it: those created within 24 hours before `now`, and those in use
 * whatever their age.
 */
export function steps(
  history: readonly Revision[],
  used: readonly Revision[],
  now: Date,
): { older: Revision; newer: Revision }[] {
  return history
    .flatMap((newer, index) => {
      const older = history[index + 1];
      const recent = now.getTime() - createdAt(newer) <= day;
      return older && (recent || used.includes(newer)) ? [{ older, newer }] : [];
    })
    .slice(0, changesAtMost);
}

function createdAt({ createTime }: Revision): number {
  return createTime === null ? 0 : Date.parse(createTime);
}
