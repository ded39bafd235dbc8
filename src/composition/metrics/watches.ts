import type { CollectWatch } from '../../collectors/collect.ts';
import type { WatchDeliveries } from '../../intake/webhook.ts';
import type { WatchJobs } from '../../queue/port.ts';
import type { Metrics } from './catalogue.ts';
import type { githubOutcomes, publicationOutcomes, redeliveryOutcomes } from './catalogue.ts';

/** Who is told of what happens, part by part. */
export interface Watches {
  delivery: WatchDeliveries;
  job: WatchJobs;
  /** One for each collection. */
  collection: () => CollectWatch;
  github: (outcome: (typeof githubOutcomes)[number]) => void;
  /** @param lateMs from the promised time to the record of the update */
  checkpoint: (lateMs: number) => void;
  publication: (outcome: (typeof publicationOutcomes)[number]) => void;
  redelivery: (outcome: (typeof redeliveryOutcomes)[number]) => void;
}

/**
 * Counts all of it.
 *
 * @param clock milliseconds that only grow
 */
export function watchesInto(metrics: Metrics, clock: () => number): Watches {
  return {
    delivery(outcome, reason, tookMs) {
      metrics.count('sitrep_deliveries_total', { outcome, reason });
      if (outcome === 'accepted' || outcome === 'duplicate')
        metrics.observe('sitrep_ack_seconds', tookMs / 1_000, {});
    },
    job(queue, outcome, tookMs) {
      metrics.count('sitrep_jobs_total', { queue, outcome });
      metrics.observe('sitrep_job_seconds', tookMs / 1_000, { queue });
    },
    collection: () => collectionInto(metrics, clock),
    github: (outcome) => metrics.count('sitrep_github_requests_total', { outcome }),
    checkpoint: (lateMs) =>
      metrics.observe('sitrep_checkpoint_late_seconds', Math.max(0, lateMs) / 1_000, {}),
    publication: (outcome) => metrics.count('sitrep_publications_total', { outcome }),
    redelivery: (outcome) => metrics.count('sitrep_redeliveries_total', { outcome }),
  };
}

/** One collection: how long each collector took to its last read, and what could not be read. */
function collectionInto(metrics: Metrics, clock: () => number): CollectWatch {
  const beganAt = clock();
  const left = new Map<string, number>();
  return {
    onPlan(reads) {
      for (const { collector } of reads) left.set(collector, (left.get(collector) ?? 0) + 1);
    },
    onRead({ collector, gaps }) {
      for (const { reason } of gaps) metrics.count('sitrep_gaps_total', { collector, reason });
      const more = (left.get(collector) ?? 1) - 1;
      left.set(collector, more);
      if (more === 0) metrics.observe('sitrep_collector_seconds', (clock() - beganAt) / 1_000, { collector });
    },
  };
}

/** Lets all of them look on. */
export function together(watches: readonly CollectWatch[]): CollectWatch {
  return {
    onPlan: (reads) => watches.forEach(({ onPlan }) => onPlan?.(reads)),
    onRead: (read) => watches.forEach(({ onRead }) => onRead?.(read)),
    onEnd: (snapshot) => watches.forEach(({ onEnd }) => onEnd?.(snapshot)),
  };
}
