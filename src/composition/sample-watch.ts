import { confirmRelapse } from '../commands/relapse.ts';
import type { Configuration } from '../config/repository.schema.ts';
import { stateOf } from '../core/incident/state.ts';
import { relapseDue } from '../core/incident/watch-relapse.ts';
import { eventsOf } from '../store/events.ts';
import type { SampledIncident } from '../store/samples.ts';
import { commandDeps, type Shared } from './command-deps.ts';
import type { InstallationRequest } from './installations.ts';
import { recentSamples } from './recent-samples.ts';

/**
 * Looks at a resolved incident where its samples show that the failure came back. A look that fails is made again after
 * a later sample.
 */
export async function watchForRelapse(
  shared: Shared,
  requestOf: InstallationRequest,
  incident: SampledIncident,
  { configuration, at }: { configuration: Configuration; at: string },
): Promise<void> {
  const { resolution } = stateOf(await eventsOf(shared.store.db, incident.incidentId));
  if (resolution === null) return;
  const resolvedAt = Date.parse(resolution.at);
  const samples = await recentSamples(shared, incident.incidentId, configuration);
  const after = samples.filter((sample) => Date.parse(sample.at) > resolvedAt);
  if (!relapseDue(configuration, resolution, after)) return;
  const deps = commandDeps(shared, requestOf(incident.installationId));
  try {
    await confirmRelapse(deps, { ...incident, at });
  } catch (error) {
    const { repository, issue } = incident;
    shared.log.warn(
      { err: error, repository, issue },
      'what a sample shows could not be confirmed; a later one tries again',
    );
  }
}
