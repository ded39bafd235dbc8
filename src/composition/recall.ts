import type { IncidentRecord } from '../commands/deps.ts';
import type { Configuration } from '../config/repository.schema.ts';
import type { Invocation } from '../core/invocation.ts';
import { asPrevious } from '../core/previous.ts';
import { severityOf } from '../core/severity.ts';
import type { PreviousUpdate } from '../core/snapshot.ts';
import { openIncident } from '../store/incidents.ts';
import type { Store } from '../store/open.ts';
import { findPublication } from '../store/publications.ts';
import { latestSnapshot } from '../store/snapshots.ts';

/** The record of an issue's incident, opened where there is none, with what the update before said. */
export async function recallIncident(
  store: Store,
  invocation: Invocation,
  configuration: Configuration,
): Promise<IncidentRecord> {
  const { repository, issue } = invocation;
  const fullName = `${repository.owner}/${repository.name}`;
  const severity = severityOf(issue.labels, configuration);
  const incident = await openIncident(store.db, {
    installationId: invocation.installationId,
    repositoryId: repository.id,
    repository: fullName,
    issue: issue.number,
    title: issue.title,
    severity,
    declaredAt: new Date(issue.openedAt),
  });
  return {
    id: incident.id,
    nextEvidence: incident.nextEvidence,
    facts: {
      repository: fullName,
      public: !repository.private,
      issue: issue.number,
      url: issue.url,
      title: issue.title,
      severity: severity ?? incident.severity,
      stage: incident.stage,
      declaredAt: incident.declaredAt.toISOString(),
      lead: incident.lead,
      regressionOf: incident.regressionOf,
    },
    previous: await previousOf(store, incident.id, configuration),
  };
}

async function previousOf(
  store: Store,
  incidentId: string,
  configuration: Configuration,
): Promise<PreviousUpdate | null> {
  const latest = await latestSnapshot(store.db, incidentId);
  if (latest === null || latest.diagnosis === null) return null;
  const posting =
    latest.publicationId === null ? null : await findPublication(store.db, latest.publicationId);
  return asPrevious(configuration, latest.snapshot, latest.diagnosis, posting?.commentUrl ?? null);
}
