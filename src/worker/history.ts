import { z } from 'zod';
import { RetryLater } from '../core/retry-later.ts';
import { jobDataOf } from './job-data.ts';

const jobData = z.object({ repository: z.int() });

/** Pages read of one label: with 20 issues each the newest 200. */
const mostPages = 10;

/** How far the issues of a repository are read; see the record. */
export interface HistoryPlace {
  label: number;
  page: number;
  since: Date | null;
}

/** A repository whose issues are read, with what it takes to read them. */
export interface OpenHistory<Issue> {
  /** owner/name */
  repository: string;
  cursor: HistoryPlace;
  /** The incident labels, which are read one after the other. */
  labels: readonly string[];
  /** A page of the issues with the cursor's label. */
  list(label: string): Promise<{ issues: readonly Issue[]; last: boolean }>;
  /** Those of them that are not kept as they are now. */
  changed(issues: readonly Issue[]): Promise<readonly Issue[]>;
  /** Reads an issue with its comments, and keeps it. */
  read(issue: Issue): Promise<void>;
  /** Goes on with the next page in a minute; null ends the round. */
  advance(next: HistoryPlace | null): Promise<void>;
}

export interface HistoryWorkerDeps<Issue> {
  /** Null where nothing is read there any more; a reason why it cannot be read now. */
  load(repository: number): Promise<OpenHistory<Issue> | { repository: string; reason: string } | null>;
  /** Looks at the repository again in so many milliseconds. */
  postpone(repository: number, milliseconds: number): Promise<void>;
  /** Why GitHub will not answer however often it is asked; null for other failures. */
  refusal(error: unknown): string | null;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * Reads one page of a repository's closed incidents. Each issue is kept when it is read, so a page that broke off goes on
 * where it was. It never fails: the record says when the page is tried again, and nobody waits for it.
 */
export async function workHistory<Issue>(
  deps: HistoryWorkerDeps<Issue>,
  job: { data: unknown; signal?: AbortSignal },
): Promise<void> {
  const { repository } = jobDataOf(jobData, job);
  try {
    const found = await deps.load(repository);
    if (found === null) return;
    if ('reason' in found) {
      deps.log.info(found, `earlier incidents are not read: ${found.reason}`);
      return await deps.postpone(repository, dayMs);
    }
    await readPage(found, job.signal);
  } catch (error) {
    await deps.postpone(repository, pauseAfter(deps, repository, error));
  }
}

/** Milliseconds until a page that failed is tried again; says why in the log. */
function pauseAfter<Issue>(deps: HistoryWorkerDeps<Issue>, repositoryId: number, error: unknown): number {
  if (error instanceof RetryLater) return error.afterMs;
  const reason = deps.refusal(error);
  if (reason === null) {
    deps.log.warn({ err: error, repositoryId }, 'earlier incidents could not be read; they are in an hour');
    return hourMs;
  }
  deps.log.info({ repositoryId, reason }, `earlier incidents are not read: ${reason}`);
  return dayMs;
}

async function readPage<Issue>(found: OpenHistory<Issue>, signal: AbortSignal | undefined): Promise<void> {
  const { cursor, labels } = found;
  const label = labels[cursor.label];
  if (label === undefined) return await found.advance(null);
  const { issues, last } = await found.list(label);
  for (const issue of await found.changed(issues)) {
    signal?.throwIfAborted();
    await found.read(issue);
  }
  await found.advance(nextPlace(cursor, last, labels.length));
}

function nextPlace({ label, page, since }: HistoryPlace, last: boolean, labels: number): HistoryPlace | null {
  if (!last && page < mostPages) return { label, page: page + 1, since };
  return label + 1 < labels ? { label: label + 1, page: 1, since } : null;
}
