import { confirmRecovery, confirmRelapse } from '../commands/watched.ts';
import type { Configuration } from '../config/repository.schema.ts';
import { readCriteria } from '../core/criteria.ts';
import { stateOf, type IncidentState } from '../core/incident/state.ts';
import { recoveryDue } from '../core/incident/watch-recovery.ts';
import { relapseDue } from '../core/incident/watch-relapse.ts';
import { withSeries } from '../core/samples.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { eventsOf } from '../store/events.ts';
import type { SampledIncident } from '../store/samples.ts';
import { commandDeps, type Shared } from './command-deps.ts';
import type { InstallationRequest } from './installations.ts';
import { recentSamples } from './recent-samples.ts';

/**
 * What follows from a sample that was kept: a full look, where it shows that all criteria hold that people wait for, or
 * that a failure came back. A look that fails is made again after a later sample.
 */
export async function followSample(
  shared: Shared,
  requestOf: InstallationRequest,
  incident: SampledIncident,
  { configuration, snapshot }: { configuration: Configuration; snapshot: Snapshot },
): Promise<void> {
  const state = stateOf(await eventsOf(shared.store.db, incident.incidentId));
  const look = await lookFor(shared, incident, state, configuration, snapshot);
  if (look === null) return;
  const deps = commandDeps(shared, requestOf(incident.installationId));
  try {
    await look(deps, { ...incident, at: snapshot.takenAt });
  } catch (error) {
    const { repository, issue } = incident;
    shared.log.warn(
      { err: error, repository, issue },
      'what a sample shows could not be confirmed; a later one tries again',
    );
  }
}

async function lookFor(
  shared: Shared,
  { incidentId, declaredAt }: SampledIncident,
  state: IncidentState,
  configuration: Configuration,
  snapshot: Snapshot,
): Promise<typeof confirmRecovery | null> {
  const { resolution } = state;
  if (resolution !== null) {
    const resolvedAt = new Date(resolution.at);
    const samples = await recentSamples(shared, incidentId, configuration);
    const after = samples.filter(({ at }) => Date.parse(at) > resolvedAt.getTime());
    return relapseDue(configuration, resolution, after) ? confirmRelapse : null;
  }
  // Most incidents wait for nothing: then no criterion is read.
  if (state.refused === null && state.stage !== 'monitoring') return null;
  const samples = await recentSamples(shared, incidentId, configuration);
  const facts = {
    repository: '',
    public: false,
    issue: 1,
    url: '',
    title: '',
    severity: state.severity,
    stage: state.stage,
    declaredAt: declaredAt.toISOString(),
    lead: state.lead,
    regressionOf: state.regression?.of ?? 0,
  };
  const sampled = { ...withSeries(snapshot, samples, snapshot.observations.length + 1), incident: facts };
  const { success } = readCriteria({ configuration, snapshot: sampled, diagnosis: null });
  return recoveryDue(
    state,
    success.map(({ result }) => result),
    snapshot.takenAt,
  )
    ? confirmRecovery
    : null;
}
