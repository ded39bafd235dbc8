import { collectors } from '../../collectors/list.ts';
import { gapReasons } from '../../core/snapshot.ts';
import { troubleKinds } from '../../core/troubles.ts';
import { deliveryOutcomes } from '../../intake/webhook.ts';
import { jobOutcomes, queueNames } from '../../queue/port.ts';
import { readinessChecks } from '../readiness.ts';

/** One metric: all that is known of it. The values of its labels are listed, so that nobody's text becomes one. */
interface Declared {
  kind: 'counter' | 'gauge' | 'histogram';
  /** In words, for people. */
  help: string;
  labels: Readonly<Record<string, readonly string[]>>;
  /** Whether each process tells its own, or all tell the same of the database that they share. */
  of: 'process' | 'database';
  /** Upper bounds of a histogram's buckets. */
  buckets?: readonly number[];
}

/** What GitHub counts requests by; what else it may name is `other`. */
export const githubResources = ['core', 'graphql', 'search', 'other'] as const;
/** `limited`: GitHub asked for a pause. `failed`: 5xx, or no answer. */
export const githubOutcomes = ['answered', 'limited', 'failed'] as const;
/** `found`: it was out already, by an attempt whose answer was lost. `refused`: given up for good. */
export const publicationOutcomes = ['posted', 'found', 'refused'] as const;
/** `asked`: GitHub was asked to send it again. */
export const redeliveryOutcomes = ['asked', 'failed'] as const;

/**
 * Every metric, as Prometheus reads it from `/metrics`. Seconds and whole numbers alone; no name of a repository, no number
 * of an issue, no text of anybody. `docs/operations.md` has the table from here.
 */
export const metrics = {
  sitrep_deliveries_total: {
    kind: 'counter',
    help: 'Requests for the webhook, by what became of them',
    labels: {
      outcome: ['accepted', 'duplicate', 'ignored', 'refused'],
      reason: [...new Set(Object.values(deliveryOutcomes).flat())],
    },
    of: 'process',
  },
  sitrep_ack_seconds: {
    kind: 'histogram',
    help: 'Time from the headers of a delivery that is for Sitrep to its 202: it is stored then',
    labels: {},
    of: 'process',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
  sitrep_queue_jobs: {
    kind: 'gauge',
    help: 'Jobs of a queue: due and not begun, running, and for a later time',
    labels: { queue: queueNames, state: ['waiting', 'running', 'later'] },
    of: 'database',
  },
  sitrep_queue_oldest_seconds: {
    kind: 'gauge',
    help: 'How long the oldest job of a queue has been due; 0 where none waits',
    labels: { queue: queueNames },
    of: 'database',
  },
  sitrep_dead_letters: {
    kind: 'gauge',
    help: 'Jobs that failed at every try; `sitrep doctor` lists them',
    labels: { queue: queueNames },
    of: 'database',
  },
  sitrep_jobs_total: {
    kind: 'counter',
    help: 'Runs of jobs, by how they ended; what failed is tried again, what was put off waits for GitHub or its budget',
    labels: { queue: queueNames, outcome: jobOutcomes },
    of: 'process',
  },
  sitrep_job_seconds: {
    kind: 'histogram',
    help: 'Time of one run of a job',
    labels: { queue: queueNames },
    of: 'process',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
  },
  sitrep_collector_seconds: {
    kind: 'histogram',
    help: 'Time from the start of a collection to the last answer of a collector',
    labels: { collector: collectors.map(({ name }) => name) },
    of: 'process',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8],
  },
  sitrep_gaps_total: {
    kind: 'counter',
    help: 'What could not be read, by collector and reason',
    labels: { collector: collectors.map(({ name }) => name), reason: gapReasons },
    of: 'process',
  },
  sitrep_github_requests_total: {
    kind: 'counter',
    help: 'Requests to GitHub, by what came of them',
    labels: { outcome: githubOutcomes },
    of: 'process',
  },
  sitrep_github_requests_left: {
    kind: 'gauge',
    help: "Requests of GitHub's hourly limit that are left, of the installation with the fewest, as this process was told last",
    labels: { resource: githubResources },
    of: 'process',
  },
  sitrep_github_writes_left: {
    kind: 'gauge',
    help: 'Writes of an hour (`github_writes`) that are left, of the installation with the fewest',
    labels: {},
    of: 'database',
  },
  sitrep_checkpoint_late_seconds: {
    kind: 'histogram',
    help: 'Time from the promised time of an update to its record; it is posted then',
    labels: {},
    of: 'process',
    buckets: [1, 5, 10, 30, 60, 120, 300, 900, 3_600],
  },
  sitrep_publications_total: {
    kind: 'counter',
    help: 'Comments, by how their posting ended',
    labels: { outcome: publicationOutcomes },
    of: 'process',
  },
  sitrep_redeliveries_total: {
    kind: 'counter',
    help: 'Missed deliveries that GitHub was asked for again',
    labels: { outcome: redeliveryOutcomes },
    of: 'process',
  },
  sitrep_ready: {
    kind: 'gauge',
    help: 'The checks of `/readyz`: 1 where one holds',
    labels: { check: readinessChecks },
    of: 'process',
  },
  sitrep_trouble: {
    kind: 'gauge',
    help: 'Troubles of Sitrep itself that this process sees: 1 while one lasts',
    labels: { kind: troubleKinds },
    of: 'process',
  },
} as const satisfies Record<string, Declared>;

type MetricName = keyof typeof metrics;

/** The names of the metrics of a kind. */
type NameOf<Kind extends Declared['kind']> = {
  [Name in MetricName]: (typeof metrics)[Name]['kind'] extends Kind ? Name : never;
}[MetricName];

/** The labels of a metric, each with one of the values that it may have. */
type LabelsOf<Name extends MetricName> = {
  [
    Label in keyof (typeof metrics)[Name]['labels']
  ]: (typeof metrics)[Name]['labels'][Label] extends readonly (infer Value extends string)[] ? Value : never;
};

/** All metrics with what is declared of them. */
export function declaredMetrics(): [name: string, declared: Declared][] {
  return Object.entries<Declared>(metrics);
}

/** What is told of as it happens. */
export interface Metrics {
  count(
    ...counted: { [Name in NameOf<'counter'>]: [name: Name, labels: LabelsOf<Name>] }[NameOf<'counter'>]
  ): void;
  /** Values are in the unit of the name, seconds as a rule. */
  observe(
    ...observed: {
      [Name in NameOf<'histogram'>]: [name: Name, value: number, labels: LabelsOf<Name>];
    }[NameOf<'histogram'>]
  ): void;
}

/** What a gauge says at one moment. */
export type Reading = {
  [Name in NameOf<'gauge'>]: { name: Name; value: number; labels: LabelsOf<Name> };
}[NameOf<'gauge'>];
