import { createHash } from 'node:crypto';
import { listIncidentIssues, readListedIssue, type ListedIssue } from '../commands/closed-incidents.ts';
import { readConfiguration } from '../commands/configuration.ts';
import type { Configuration } from '../config/repository.schema.ts';
import { pauseToSpareMs } from '../core/github-limit.ts';
import { failureStatus, type GitHubRequest } from '../core/github-request.ts';
import { issueReader } from '../core/regression/read-issue.ts';
import { RetryLater } from '../core/retry-later.ts';
import type { Queue } from '../queue/port.ts';
import type { CheckpointClock } from '../store/checkpoints.ts';
import {
  advanceHistory,
  beginHistoryAnew,
  findHistoryReading,
  isHistoryDue,
  keepEarlier,
  keptAsTheyAre,
  postponeHistory,
  takeDueHistory,
  type HistoryReading,
} from '../store/history.ts';
import type { Store } from '../store/open.ts';
import type { HistoryWorkerDeps, OpenHistory } from '../worker/history.ts';
import type { Shared } from './command-deps.ts';
import type { InstallationRequest } from './installations.ts';
import { startSweeper, type Sweeper } from './sweeper.ts';

/** How often a process looks for pages that are due. */
const askMs = 5_000;
/** Issues of a page: with the comments of each, the list and the configuration 22 requests, and a page comes once a minute. */
const pageSize = 20;
/** The part of GitHub's hourly limit that is left to updates. */
const spared = 0.2;

/** Makes each page that is due a job, in one of all processes; those of an installation run one at a time. */
export function startHistory(
  store: Store,
  queue: Queue,
  clock: CheckpointClock,
  log: { warn(fields: object, message: string): void },
): Sweeper {
  return startSweeper(
    askMs,
    () => enqueueDue(store, queue, clock),
    (error) => log.warn({ err: error }, 'earlier incidents could not be looked for; it is tried again'),
  );
}

async function enqueueDue({ db }: Store, queue: Queue, clock: CheckpointClock): Promise<void> {
  if (!(await isHistoryDue(db, clock))) return;
  await db.transaction().execute(async (trx) => {
    const due = await takeDueHistory(trx, clock);
    const jobs = due.map(({ repositoryId, installationId }) => ({
      data: { repository: repositoryId },
      key: String(installationId),
    }));
    await queue.enqueueAll(trx, 'history', jobs);
  });
}

/** What reading needs of what all installations share. */
type HistoryDeps = Pick<Shared, 'store' | 'configurationsOf' | 'redact' | 'checkpointClock' | 'log'>;

/** How the worker reads the issues of a repository and keeps them. */
export function storedHistory(
  shared: HistoryDeps,
  requestOf: InstallationRequest,
): HistoryWorkerDeps<ListedIssue> {
  const { store, checkpointClock: clock } = shared;
  return {
    log: shared.log,
    async load(repository) {
      const reading = await findHistoryReading(store.db, repository);
      return reading === null ? null : await openHistory(shared, requestOf, reading);
    },
    postpone: (repository, milliseconds) => postponeHistory(store.db, repository, milliseconds, clock),
    refusal,
  };
}

/** What GitHub will answer tomorrow as well: the App is gone there, or may not read. */
function refusal(error: unknown): string | null {
  const status = failureStatus(error);
  return status !== null && [401, 403, 404, 410, 451].includes(status)
    ? `GitHub answered ${String(status)}`
    : null;
}

async function openHistory(
  shared: HistoryDeps,
  requestOf: InstallationRequest,
  reading: HistoryReading,
): Promise<OpenHistory<ListedIssue> | { repository: string; reason: string }> {
  const { store, checkpointClock: clock, redact } = shared;
  const { repository } = reading;
  const [owner = '', name = ''] = repository.split('/');
  const place = { owner, name };
  const request = sparing(requestOf(reading.installationId));
  const read = await readConfiguration(request, place, shared.configurationsOf(reading), undefined);
  if (read.kind !== 'usable') return { repository, reason: 'its configuration cannot be used' };
  const { configuration } = read;
  const current = await underConfiguration(store, reading, configuration);
  const toEarlier = issueReader(configuration);
  return {
    repository,
    cursor: current.cursor,
    labels: configuration.labels.incident,
    list: (label) => {
      const { page, since } = current.cursor;
      return listIncidentIssues(request, place, { label, page, since, perPage: pageSize });
    },
    async changed(issues) {
      const kept = await keptAsTheyAre(store.db, reading, issues);
      return issues.filter(({ issue }) => !kept.has(issue));
    },
    async read(issue) {
      const whole = await readListedIssue(request, place, issue, redact);
      await keepEarlier(store.db, reading, toEarlier(whole), issue.updatedAt);
    },
    advance: (next) => store.db.transaction().execute((trx) => advanceHistory(trx, reading, next, clock)),
  };
}

/** The reading as it is under the configuration of now: other names of components make all issues worth reading again. */
async function underConfiguration(
  { db }: Store,
  reading: HistoryReading,
  { labels, components }: Configuration,
): Promise<HistoryReading> {
  const reads = createHash('sha256')
    .update(JSON.stringify([labels.incident, components]))
    .digest('hex')
    .slice(0, 12);
  if (reading.reads === reads) return reading;
  await db.transaction().execute((trx) => beginHistoryAnew(trx, reading, reads));
  return { ...reading, reads, cursor: { label: 0, page: 1, since: null } };
}

/** The client, as long as a fifth of GitHub's limit is left. @throws RetryLater below that, until the limit starts anew. */
function sparing(request: GitHubRequest): GitHubRequest {
  let pauseMs: number | null = null;
  return async (route, parameters) => {
    if (pauseMs !== null) throw new RetryLater('the rest of GitHub’s limit is left to updates', pauseMs);
    const answer = await request(route, parameters);
    pauseMs = pauseToSpareMs(answer.headers, spared);
    return answer;
  };
}
