import type { Configuration } from '../config/repository.schema.ts';
import type { Invocation } from '../core/invocation.ts';
import { severityOf } from '../core/severity.ts';
import type { IncidentFacts } from '../core/snapshot.ts';
import type { Recollection } from './deps.ts';

/** The incident as it stands: the issue as it came with the call, its title without secrets, and what the record adds. */
export function incidentFacts(
  { repository, issue }: Invocation,
  title: string,
  { incident }: Recollection,
  configuration: Configuration,
): IncidentFacts {
  return {
    repository: `${repository.owner}/${repository.name}`,
    public: !repository.private,
    issue: issue.number,
    url: issue.url,
    title,
    severity: severityOf(issue.labels, configuration) ?? incident?.severity ?? null,
    stage: incident?.stage ?? 'investigating',
    declaredAt: incident?.declaredAt.toISOString() ?? issue.openedAt,
    lead: incident?.lead ?? null,
    regressionOf: incident?.regressionOf ?? 0,
  };
}
