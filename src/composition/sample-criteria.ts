import type { Configuration } from '../config/repository.schema.ts';
import { tellFromSample } from '../core/criteria/sampled.ts';
import { isLookDue } from '../core/incident/looks-due.ts';
import { stateOf } from '../core/incident/state.ts';
import { recoveryDue } from '../core/incident/watch-recovery.ts';
import { nextEvidence, withSeries } from '../core/samples.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { hastenBoard } from '../store/boards.ts';
import { keepStandings, standingsOf } from '../store/criteria.ts';
import { eventsOf } from '../store/events.ts';
import { findIncident, type Incident } from '../store/incidents.ts';
import type { SampledIncident } from '../store/samples.ts';
import { latestDiagnosis } from '../store/snapshots.ts';
import type { Shared } from './command-deps.ts';
import { recentSamples } from './recent-samples.ts';

/**
 * Records what a sample tells of the criteria. Where it shows that a full look is due, the next refresh of the living
 * comment comes at once: what a look says and does by itself, every look does, and those of an incident come one by one.
 */
export async function judgeSample(
  shared: Shared,
  sampled: SampledIncident,
  configuration: Configuration,
  light: Snapshot,
): Promise<void> {
  const { db } = shared.store;
  const incident = await findIncident(db, sampled, sampled.issue);
  if (incident === null) return;
  const all = [...configuration.success_criteria, ...configuration.escalation];
  if (all.length === 0) return;
  const asksForCauses = all.some(({ when }) => /\bcauses\b/u.test(when));
  const samples = await recentSamples(shared, incident.id, configuration);
  const told = tellFromSample({
    configuration,
    snapshot: withSeries(
      { ...light, incident: factsOf(incident) },
      samples.filter(({ at }) => at < light.takenAt),
      nextEvidence(light, 1),
    ),
    diagnosis: asksForCauses ? await latestDiagnosis(db, incident.id) : null,
  });
  const takenAt = new Date(light.takenAt);
  const success = configuration.success_criteria.map(
    ({ id }) => told.told.find((one) => one.kind === 'success' && one.id === id)?.result ?? 'unknown',
  );
  await db.transaction().execute(async (trx) => {
    const before = await standingsOf(trx, incident.id);
    await keepStandings(trx, incident.id, { told: told.told, at: takenAt, by: 'sample' });
    if (!incident.watched) return;
    const isDue =
      isLookDue(configuration, before, told) ||
      recoveryDue(stateOf(await eventsOf(trx, incident.id)), success, light.takenAt);
    if (isDue) await hastenBoard(trx, incident.id, shared.checkpointClock);
  });
}

/** What expressions ask of the incident itself. */
function factsOf(incident: Incident): Snapshot['incident'] {
  return {
    repository: incident.repository,
    public: false,
    issue: incident.issue,
    url: '',
    title: incident.title,
    severity: incident.severity,
    stage: incident.stage,
    declaredAt: incident.declaredAt.toISOString(),
    lead: incident.lead,
    regressionOf: incident.regressionOf,
  };
}
