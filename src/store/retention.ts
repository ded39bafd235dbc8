import type { Kysely } from 'kysely';
import { forgetAuditBefore } from './audit.ts';
import { pruneDeliveries } from './deliveries.ts';
import { pruneTagged } from './etags.ts';
import { pruneForgotten } from './forget.ts';
import { pruneBudgets, pruneWrites } from './github-budget.ts';
import { pruneAnswers, pruneReads, pruneWindows } from './google-reads.ts';
import { pruneHistory } from './history.ts';
import { pruneIncidents } from './incidents.ts';
import { pruneNotifications } from './notifications.ts';
import { pruneTemplates } from './own-templates.ts';
import { prunePublications } from './publications.ts';
import { pruneRedeliveries } from './redeliveries.ts';
import { pruneRoles } from './roles.ts';
import type { Database } from './schema.ts';
import { pruneSnapshots } from './snapshots.ts';

/** A time so many days ago, by the clock of the process. */
type DaysAgo = (days: number) => Date;

/** How long one kind of data is kept. */
export interface Retention {
  /** In words. */
  what: string;
  /** Tables that hold it; those of the queue with their schema. */
  tables: readonly string[];
  /** How long, in words. */
  kept: string;
  why: string;
  /** Deletes what is older; null where something else does, or nothing has to. */
  prune: ((db: Kysely<Database>, ago: DaysAgo) => Promise<unknown>) | null;
}

/** GitHub redelivers for three days; a GUID that is forgotten is taken for new. */
const deliveryDays = 7;
/** Evidence of a resolved incident may be asked for while its postmortem is written. */
const evidenceDays = 90;
const roleDays = 1;
/** A failure that came back after a year is still a regression, and a review of a year needs the year before. */
const recordDays = 730;

/**
 * Every table of the database, by kind of data: how long it is kept, and why. `docs/operations.md` has the list from
 * here; a test fails where a table is in no row.
 */
export const retentions: readonly Retention[] = [
  {
    what: 'webhook deliveries, trimmed to what is read of them',
    tables: ['delivery'],
    kept: '7 days after they were carried out or given up',
    why: 'GitHub sends again for three days; by its GUID one is known again',
    prune: (db, ago) => pruneDeliveries(db, ago(deliveryDays)),
  },
  {
    what: 'which missed deliveries GitHub was asked for again',
    tables: ['redelivery'],
    kept: '7 days',
    why: 'five times at most',
    prune: (db) => pruneRedeliveries(db),
  },
  {
    what: 'incidents: their events, criteria, checkpoints, labels and living comment',
    tables: [
      'incident',
      'incident_event',
      'criterion_state',
      'checkpoint',
      'kept_label',
      'board',
      'sampling',
    ],
    kept: '2 years after the last change of one that is over; 90 days of an issue where Sitrep only answered',
    why: 'postmortems, and the regressions that are told by them',
    prune: (db, ago) => pruneIncidents(db, { over: ago(recordDays), answered: ago(evidenceDays) }),
  },
  {
    what: 'earlier incidents, as they are compared with new ones',
    tables: ['history', 'history_read'],
    kept: 'the newest 200 of a repository, as long as one incident of it is kept',
    why: 'regressions',
    prune: (db) => pruneHistory(db),
  },
  {
    what: 'evidence: what was read of the infrastructure, and what was concluded',
    tables: ['snapshot'],
    kept: '90 days after the incident was resolved, the last one as long as the incident',
    why: 'people ask for it until the postmortem is written',
    prune: (db, ago) => pruneSnapshots(db, { resolvedBefore: ago(evidenceDays), keep: 1 }),
  },
  {
    what: 'samples: figures of each minute',
    tables: ['sample'],
    kept: '14 days, thinned after two hours and after a day',
    why: 'criteria over time, and charts',
    prune: null,
  },
  {
    what: 'comments: where they stand, and the reactions that followed',
    tables: ['publication', 'acknowledgement'],
    kept: 'their text 90 days; the rest as long as the incident, 90 days where there is none',
    why: 'a comment is posted once, edited, folded away and linked to',
    prune: (db, ago) => prunePublications(db, ago(evidenceDays)),
  },
  {
    what: 'notifications to people outside GitHub',
    tables: ['notification'],
    kept: '90 days after they were sent or given up',
    why: 'whom an incident was told to',
    prune: (db, ago) => pruneNotifications(db, ago(evidenceDays)),
  },
  {
    what: 'roles that people were seen to hold',
    tables: ['role_seen'],
    kept: '1 day',
    why: 'for the hour in which GitHub may not tell roles',
    prune: (db, ago) => pruneRoles(db, ago(roleDays)),
  },
  {
    what: 'configurations of repositories, as GitHub answered last',
    tables: ['etag'],
    kept: '30 days after they were read last',
    why: 'what has not changed costs no request of the limit',
    prune: (db) => pruneTagged(db),
  },
  {
    what: 'templates of repositories',
    tables: ['own_templates'],
    kept: '90 days after they were seen last',
    why: 'updates for which GitHub is not asked are laid out by them',
    prune: (db) => pruneTemplates(db),
  },
  {
    what: 'answers of Google Cloud, encrypted',
    tables: ['google_answer'],
    kept: '1 minute',
    why: 'processes share them for 30 s',
    prune: (db) => pruneAnswers(db),
  },
  {
    what: 'how much was read of Google Cloud, by project and API',
    tables: ['google_read', 'google_budget', 'google_window'],
    kept: '1 hour; the names of projects 1 day after the last read',
    why: 'quotas count a minute',
    prune: async (db) => {
      await pruneReads(db);
      await pruneWindows(db);
    },
  },
  {
    what: 'how much was written to GitHub, by installation',
    tables: ['github_write', 'github_budget'],
    kept: '1 hour; the installation 30 days after its last write',
    why: 'limits count an hour',
    prune: async (db) => {
      await pruneWrites(db);
      await pruneBudgets(db);
    },
  },
  {
    what: 'the audit',
    tables: ['audit'],
    kept: '2 years',
    why: 'who did what may be asked long afterwards',
    prune: (db, ago) => forgetAuditBefore(db, ago(recordDays)),
  },
  {
    what: 'that an installation was removed, or a repository taken from it: its id',
    tables: ['forgotten'],
    kept: 'installations 90 days, repositories 1 day',
    why: 'what still comes of it is not kept',
    prune: (db, ago) => pruneForgotten(db, { repositories: ago(roleDays), installations: ago(evidenceDays) }),
  },
  {
    what: 'troubles of Sitrep itself, the last of each kind',
    tables: ['trouble'],
    kept: 'as long as the database',
    why: 'what the operator was told of; it belongs to no installation',
    prune: null,
  },
  {
    what: 'jobs, which name rows of the tables above',
    tables: [
      'pgboss.job',
      'pgboss.job_common',
      'pgboss.job_dependency',
      'pgboss.queue_stats',
      'pgboss.warning',
    ],
    kept: 'until they are done and 3 days more; 90 days where they failed at every try',
    why: '`sitrep doctor --retry`',
    prune: null,
  },
  {
    what: 'what belongs to the database itself, and to nobody',
    tables: [
      'round',
      'doubt',
      'kysely_migration',
      'kysely_migration_lock',
      'pgboss.queue',
      'pgboss.version',
      'pgboss.schedule',
      'pgboss.subscription',
      'pgboss.bam',
      'pgboss.instance',
    ],
    kept: 'as long as the database',
    why: 'the version of its tables, and what is due',
    prune: null,
  },
];
