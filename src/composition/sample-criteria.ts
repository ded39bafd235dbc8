import { postingId } from '../commands/posting-id.ts';
import type { Configuration } from '../config/repository.schema.ts';
import { tellFromSample } from '../core/criteria/sampled.ts';
import { isLookDue } from '../core/incident/looks-due.ts';
import { nextEvidence, withSeries } from '../core/samples.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { keepStandings, standingsOf } from '../store/criteria.ts';
import { findIncident, type Incident } from '../store/incidents.ts';
import type { SampledIncident } from '../store/samples.ts';
import { latestDiagnosis } from '../store/snapshots.ts';
import type { Shared } from './command-deps.ts';
import { recentSamples } from './recent-samples.ts';

/** A look that samples ask for is asked for once in so long: the one before may still be tried again. */
const lookOnceInMs = 10 * 60_000;

/** Records what a sample tells of the criteria, and has a full look made where it shows that one is due. */
export async function judgeSample(
  shared: Shared,
  { repositoryId, issue }: SampledIncident,
  configuration: Configuration,
  light: Snapshot,
): Promise<void> {
  const { db } = shared.store;
  const incident = await findIncident(db, repositoryId, issue);
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
  await db.transaction().execute(async (trx) => {
    const before = await standingsOf(trx, incident.id);
    await keepStandings(trx, incident.id, { told: told.told, at: takenAt, by: 'sample' });
    if (!incident.watched || !isLookDue(configuration, before, told)) return;
    const turn = String(Math.floor(takenAt.getTime() / lookOnceInMs));
    const id = postingId(`look ${incident.id} ${turn}`, 'look');
    const key = `${String(repositoryId)}#${String(issue)}`;
    await shared.queue.enqueue(trx, 'looks', { incident: incident.id, call: id }, { id, key });
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
