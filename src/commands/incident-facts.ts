import type { Invocation } from '../core/invocation.ts';
import type { IncidentState } from '../core/incident/state.ts';
import type { IncidentFacts } from '../core/snapshot.ts';

/** The incident as it stands: the issue as it came with the call, its title without secrets, and the record. */
export function incidentFacts(
  { repository, issue }: Invocation,
  title: string,
  state: IncidentState,
): IncidentFacts | null {
  if (state.declared === null) return null;
  return {
    repository: `${repository.owner}/${repository.name}`,
    public: !repository.private,
    issue: issue.number,
    url: issue.url,
    title,
    severity: state.severity,
    stage: state.stage,
    declaredAt: state.declared.at,
    lead: state.lead,
    regressionOf: state.regression?.of ?? 0,
  };
}

/** The incident of an earlier look as it stands after what was recorded since; null where that was outside an incident. */
export function incidentNow(facts: IncidentFacts | null, state: IncidentState): IncidentFacts | null {
  if (facts === null || state.declared === null) return null;
  return {
    ...facts,
    severity: state.severity,
    stage: state.stage,
    declaredAt: state.declared.at,
    lead: state.lead,
    regressionOf: state.regression?.of ?? 0,
  };
}
