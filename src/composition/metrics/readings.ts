import type { Logger } from 'pino';
import { troubleKinds, type TroubleKind } from '../../core/troubles.ts';
import { countDeadLetters, countJobs } from '../../queue/dead-letters.ts';
import { leastWritesLeft } from '../../store/github-budget.ts';
import type { Store } from '../../store/open.ts';
import { readinessChecks, type Readiness } from '../readiness.ts';
import type { Reading } from './catalogue.ts';
import type { RequestsLeft } from './requests-left.ts';

export interface ReadingDeps {
  store: Store;
  readiness: Pick<Readiness, 'notReady'>;
  requestsLeft: Pick<RequestsLeft, 'least'>;
  /** The troubles that this process sees. */
  troubles(): readonly TroubleKind[];
  /** Writes an hour of one installation. */
  writesPerHour: number;
  now: () => Date;
  log: Pick<Logger, 'warn'>;
}

/** What all gauges say now. What the database would tell is left out while it does not answer. */
export async function readGauges(deps: ReadingDeps): Promise<Reading[]> {
  const failing = await deps.readiness.notReady();
  const ready = readinessChecks.map((check): Reading => ({
    name: 'sitrep_ready',
    value: failing.includes(check) ? 0 : 1,
    labels: { check },
  }));
  const open = deps.troubles();
  const troubles = troubleKinds.map((kind): Reading => ({
    name: 'sitrep_trouble',
    value: open.includes(kind) ? 1 : 0,
    labels: { kind },
  }));
  const left = deps.requestsLeft.least().map(({ resource, left: value }): Reading => ({
    name: 'sitrep_github_requests_left',
    value,
    labels: { resource },
  }));
  return [...ready, ...troubles, ...left, ...(failing.includes('database') ? [] : await ofDatabase(deps))];
}

async function ofDatabase({ store, writesPerHour, now, log }: ReadingDeps): Promise<Reading[]> {
  try {
    const [jobs, letters, writesLeft] = await Promise.all([
      countJobs(store),
      countDeadLetters(store),
      leastWritesLeft(store.db, writesPerHour),
    ]);
    const at = now().getTime();
    return [
      ...jobs.flatMap(({ name: queue, waiting, running, later, oldestDueAt }): Reading[] => [
        { name: 'sitrep_queue_jobs', value: waiting, labels: { queue, state: 'waiting' } },
        { name: 'sitrep_queue_jobs', value: running, labels: { queue, state: 'running' } },
        { name: 'sitrep_queue_jobs', value: later, labels: { queue, state: 'later' } },
        {
          name: 'sitrep_queue_oldest_seconds',
          value: oldestDueAt === null ? 0 : Math.max(0, at - oldestDueAt.getTime()) / 1_000,
          labels: { queue },
        },
      ]),
      ...letters.map(({ queue, count }): Reading => ({
        name: 'sitrep_dead_letters',
        value: count,
        labels: { queue },
      })),
      { name: 'sitrep_github_writes_left', value: writesLeft, labels: {} },
    ];
  } catch (error) {
    log.warn({ err: error }, 'the database could not be asked for its metrics');
    return [];
  }
}
