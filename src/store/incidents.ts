import { sql, type Kysely, type Selectable, type Transaction, type Updateable } from 'kysely';
import type { InstalledRepository } from '../core/installed-repository.ts';
import type { Severity, Stage } from '../core/snapshot.ts';
import { text } from './json.ts';
import type { Database, IncidentTable } from './schema.ts';

/** An issue under Sitrep's care, as recorded. */
export interface Incident {
  id: string;
  installationId: number;
  /** GitHub's id of the repository, which stays when it is renamed. */
  repositoryId: number;
  /** owner/name */
  repository: string;
  issue: number;
  title: string;
  severity: Severity | null;
  stage: Stage;
  declaredAt: Date;
  lead: string | null;
  /** Issue of the earlier incident; 0 for none. */
  regressionOf: number;
  /** The first evidence number that is free. */
  nextEvidence: number;
  updatedAt: Date;
  /** Otherwise Sitrep only answers there. */
  declared: boolean;
  /** Declared, not stood down, not resolved: Sitrep looks after it by itself. */
  watched: boolean;
  resolvedAt: Date | null;
  /** The environment that was asked for last; null for the configuration's own. */
  environment: string | null;
}

export interface NewIncident {
  installationId: number;
  repositoryId: number;
  repository: string;
  issue: number;
  title: string;
  severity: Severity | null;
  /** When the issue was opened, until it is declared. */
  declaredAt: Date;
}

/** What may change of an incident. Evidence numbers are not among it: `saveSnapshot` moves them. */
export type IncidentChange = Partial<
  Pick<Incident, 'repository' | 'title' | 'severity' | 'stage' | 'declaredAt' | 'lead' | 'regressionOf'>
>;

/**
 * Begins the record of an issue, or finds it where there is one already: then its names follow the repository and all
 * else stays. It is an incident when it is declared (`store/events.ts`). `opened` says which it was.
 */
export async function openIncident(
  db: Kysely<Database>,
  incident: NewIncident,
): Promise<Incident & { opened: boolean }> {
  const row = await db
    .insertInto('incident')
    .values({
      installation_id: incident.installationId,
      repository_id: incident.repositoryId,
      repository: incident.repository,
      issue: incident.issue,
      title: text(incident.title),
      severity: incident.severity,
      stage: 'investigating',
      declared_at: incident.declaredAt,
      lead: null,
      updated_at: incident.declaredAt,
    })
    .onConflict((conflict) =>
      conflict.columns(['repository_id', 'issue']).doUpdateSet((excluded) => ({
        installation_id: excluded.ref('excluded.installation_id'),
        repository: excluded.ref('excluded.repository'),
        title: excluded.ref('excluded.title'),
      })),
    )
    .returningAll()
    .returning(sql<boolean>`xmax = 0`.as('opened')) // 0 where the row was inserted, not updated
    .executeTakeFirstOrThrow();
  return { ...fromRow(row), opened: row.opened };
}

/** The incident of an issue, or null. What another installation recorded of the repository is not looked at. */
export async function findIncident(
  db: Kysely<Database>,
  { installationId, repositoryId }: InstalledRepository,
  issue: number,
): Promise<Incident | null> {
  const row = await db
    .selectFrom('incident')
    .selectAll()
    .where('installation_id', '=', installationId)
    .where('repository_id', '=', repositoryId)
    .where('issue', '=', issue)
    .executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** The incident of this id, or null. */
export async function findIncidentById(db: Kysely<Database>, id: string): Promise<Incident | null> {
  const row = await db.selectFrom('incident').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** The incident of an issue in the repository that has this full name now, or null. */
export async function findIncidentByName(
  db: Kysely<Database>,
  repository: string,
  issue: number,
): Promise<Incident | null> {
  const row = await db
    .selectFrom('incident')
    .selectAll()
    .where('repository', '=', repository)
    .where('issue', '=', issue)
    .executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** Changes an incident and gives it as it is then. Throws where there is none of that id. */
export async function updateIncident(
  db: Kysely<Database>,
  id: string,
  change: IncidentChange,
  at: Date,
): Promise<Incident> {
  const values: Updateable<IncidentTable> = { updated_at: at };
  if (change.repository !== undefined) values.repository = change.repository;
  if (change.title !== undefined) values.title = text(change.title);
  if (change.severity !== undefined) values.severity = change.severity;
  if (change.stage !== undefined) values.stage = change.stage;
  if (change.declaredAt !== undefined) values.declared_at = change.declaredAt;
  if (change.lead !== undefined) values.lead = change.lead;
  if (change.regressionOf !== undefined) values.regression_of = change.regressionOf;
  const row = await db
    .updateTable('incident')
    .set(values)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return fromRow(row);
}

/** Until the transaction ends, nobody else changes the incident. */
export async function lockIncident(trx: Transaction<Database>, id: string): Promise<void> {
  await trx.selectFrom('incident').select('id').where('id', '=', id).forUpdate().executeTakeFirstOrThrow();
}

/** Keeps the environment that was asked for last; null for the configuration's own. */
export async function keepEnvironment(
  trx: Transaction<Database>,
  id: string,
  environment: string | null,
): Promise<void> {
  await trx
    .updateTable('incident')
    .set({ environment: environment === null ? null : text(environment) })
    .where('id', '=', id)
    .execute();
}

/**
 * Deletes, with all that hangs on them, the incidents that are over and did not change since `over`, and what was recorded of
 * issues where Sitrep only answered, `answered`.
 */
export async function pruneIncidents(
  db: Kysely<Database>,
  { over, answered }: { over: Date; answered: Date },
): Promise<void> {
  await sql`
    delete from incident where not watched
      and updated_at < case when declared then ${over}::timestamptz else ${answered}::timestamptz end`.execute(
    db,
  );
}

function fromRow(row: Selectable<IncidentTable>): Incident {
  return {
    id: row.id,
    installationId: row.installation_id,
    repositoryId: row.repository_id,
    repository: row.repository,
    issue: row.issue,
    title: row.title,
    severity: row.severity,
    stage: row.stage,
    declaredAt: row.declared_at,
    lead: row.lead,
    regressionOf: row.regression_of,
    nextEvidence: row.next_evidence,
    updatedAt: row.updated_at,
    declared: row.declared,
    watched: row.watched,
    resolvedAt: row.resolved_at,
    environment: row.environment,
  };
}
