import { collect } from '../collectors/collect.ts';
import { configurationOf, readConfiguration, type ReadConfiguration } from '../commands/configuration.ts';
import { issueInvocation } from '../commands/issue-invocation.ts';
import { grantsFor } from '../config/policy.ts';
import { configurationKey } from '../config/remote.ts';
import type { Configuration } from '../config/repository.schema.ts';
import { durationOf } from '../core/figures.ts';
import { badnessOf, sampledFigures } from '../core/samples.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Queue } from '../queue/port.ts';
import type { CheckpointClock } from '../store/checkpoints.ts';
import type { Store } from '../store/open.ts';
import { takeRound } from '../store/rounds.ts';
import {
  endSampling,
  findSampled,
  isSampleDue,
  keepSample,
  noteLook,
  releaseSample,
  sampledMs,
  takeDueSamples,
  thinSamples,
  type SampledIncident,
} from '../store/samples.ts';
import type { SampleEnd, SampleWorkerDeps } from '../worker/samples.ts';
import type { Shared } from './command-deps.ts';
import type { InstallationRequest } from './installations.ts';
import { keyOf } from './issue-key.ts';
import { readsKey } from './reads-key.ts';
import { judgeSample } from './sample-criteria.ts';
import { watchForRelapse } from './sample-watch.ts';
import { startSweeper, takeWhileDue, type Sweeper } from './sweeper.ts';

/** How often a process looks for incidents that are due. */
const askMs = 1_000;
/** Incidents taken in one transaction. */
const atOnce = 20;
const askToThinMs = 60_000;
const thinEveryMs = 10 * 60_000;
/**
 * GitHub is asked so rarely whether the issue is still there and open, and for the configuration; in between the
 * configuration is the one that was read last, by whomever.
 */
const lookEveryMs = 15 * 60_000;
/** Less than a collection for an update may take: a sample that is late is none. */
const budgetMs = 5_000;
const collectorMs = 4_000;

/** Makes each open incident a job once a minute, in one of all processes, and thins what has become old. */
export function startSampler(
  store: Store,
  queue: Queue,
  clock: CheckpointClock,
  log: { warn(fields: object, message: string): void },
): Sweeper {
  const tell = (error: unknown) =>
    log.warn({ err: error }, 'samples could not be looked after; it is tried again');
  const taking = startSweeper(askMs, () => enqueueDue(store, queue, clock), tell);
  const thinning = startSweeper(askToThinMs, () => thinInTurn(store, clock), tell);
  return {
    sweep: () => taking.sweep(),
    async stop() {
      await Promise.all([taking.stop(), thinning.stop()]);
    },
  };
}

function enqueueDue(store: Store, queue: Queue, clock: CheckpointClock): Promise<void> {
  return takeWhileDue(
    store,
    () => isSampleDue(store.db, clock),
    async (trx) => {
      const due = await takeDueSamples(trx, clock, atOnce);
      const jobs = due.map((one) => ({ data: { incident: one.incidentId }, key: keyOf(one) }));
      await queue.enqueueAll(trx, 'samples', jobs);
      return due;
    },
  );
}

async function thinInTurn({ db }: Store, clock: CheckpointClock): Promise<void> {
  const isOurs = await db
    .transaction()
    .execute((trx) => takeRound(trx, 'thin-samples', { everyMs: thinEveryMs, atStart: false }));
  if (isOurs) await thinSamples(db, clock);
}

/** How the worker finds an incident, reads the light set of it and keeps that. Nothing is written to GitHub. */
export function storedSamples(
  shared: Shared,
  requestOf: InstallationRequest,
): SampleWorkerDeps<SampledIncident> {
  const { db } = shared.store;
  return {
    log: shared.log,
    load: (incident) => findSampled(db, incident),
    release: (incident) => releaseSample(db, incident),
    end: (incident) => endSampling(db, incident),
    async take(incident): Promise<SampleEnd> {
      const reason = endOf(incident, shared.now());
      if (reason !== null) return { taken: false, reason };
      const configuration = await configurationFor(shared, requestOf, incident);
      if ('reason' in configuration) return { taken: false, reason: configuration.reason };
      const over = relapseOver(incident, configuration, shared.now());
      if (over !== null) return { taken: false, reason: over };
      const snapshot = await collect(
        { configuration, light: true, budgetMs, collectorMs, ...shared.watchReads(true) },
        { ...shared.reading, grants: grantsFor(shared.policy, incident.repository), now: shared.now, redact },
      );
      shared.refusals.note(incident.repository, snapshot, 'sample');
      if (isRefused(snapshot))
        return { taken: false, reason: 'the policy lets nothing be read that samples hold' };
      const figures = sampledFigures(snapshot);
      await keepSample(db, {
        incidentId: incident.incidentId,
        at: new Date(snapshot.takenAt),
        badness: badnessOf(figures, configuration),
        reads: readsKey(configuration),
        figures,
      });
      await judgeSample(shared, incident, configuration, snapshot);
      if (incident.resolvedAt !== null)
        await watchForRelapse(shared, requestOf, incident, { configuration, at: snapshot.takenAt });
      return { taken: true };
    },
  };
}

/** Samples hold numbers only: there is no text to take secrets out of. */
const redact = (): string => '';

function endOf({ resolvedAt, declaredAt }: SampledIncident, now: Date): string | null {
  const isOld = resolvedAt === null && now.getTime() - declaredAt.getTime() > sampledMs;
  return isOld ? 'the incident is 14 days old' : null;
}

/** After a resolution samples go on for as long as a failure that comes back is the same incident. */
function relapseOver(
  { resolvedAt }: SampledIncident,
  { resolution }: Configuration,
  now: Date,
): string | null {
  if (resolvedAt === null) return null;
  const lengthMs = durationOf(resolution.relapse) ?? 0;
  return now.getTime() - resolvedAt.getTime() > lengthMs ? 'the incident is resolved' : null;
}

/** Whether all that was asked for is not granted, or there was nothing to ask for. */
function isRefused({ observations, gaps }: Snapshot): boolean {
  return observations.length === 0 && gaps.every(({ reason }) => reason === 'not-granted');
}

/**
 * The configuration for the incident's environment: as it was read last, and each quarter of an hour as GitHub has it
 * now, where the issue is still there and open. Otherwise the reason why there are no more samples.
 *
 * @throws where GitHub does not answer and no configuration is known.
 */
async function configurationFor(
  shared: Shared,
  requestOf: InstallationRequest,
  incident: SampledIncident,
): Promise<Configuration | { reason: string }> {
  const { store, now } = shared;
  const environment = incident.environment ?? undefined;
  const sinceLook = incident.lookedAt === null ? Infinity : now().getTime() - incident.lookedAt.getTime();
  const known = await shared.configurationsOf(incident).get(configurationKey(repositoryOf(incident)));
  if (known !== null && sinceLook < lookEveryMs) return usable(configurationOf(known.body, environment));
  // Noted before it is asked: a GitHub that does not answer is not asked again each minute.
  await noteLook(store.db, incident.incidentId, now());
  try {
    return await look(shared, requestOf, incident);
  } catch (error) {
    if (known === null) throw error;
    shared.log.warn(
      { err: error, ...repositoryOf(incident) },
      'GitHub does not answer; samples go on without it',
    );
    return usable(configurationOf(known.body, environment));
  }
}

async function look(
  { configurationsOf }: Shared,
  requestOf: InstallationRequest,
  incident: SampledIncident,
): Promise<Configuration | { reason: string }> {
  const request = requestOf(incident.installationId);
  const invocation = await issueInvocation(request, { ...incident, id: incident.incidentId });
  if ('reason' in invocation) return invocation;
  // The issue of a resolved incident is meant to be closed.
  if (invocation.issue.closed && incident.resolvedAt === null) return { reason: 'the issue is closed' };
  const { owner, name } = invocation.repository;
  // The policy grants by name, and the next update records the new one.
  if (`${owner}/${name}`.toLowerCase() !== incident.repository.toLowerCase())
    return { reason: `the repository is ${owner}/${name} now` };
  const environment = incident.environment ?? undefined;
  const cache = configurationsOf(incident);
  return usable(await readConfiguration(request, invocation.repository, cache, environment));
}

function usable(read: ReadConfiguration): Configuration | { reason: string } {
  if (read.kind === 'usable') return read.configuration;
  if (read.kind === 'no-environment')
    return { reason: `the configuration has no environment ${read.asked} any more` };
  const [error] = read.errors;
  return { reason: `the configuration cannot be used: ${error?.message ?? 'it is empty'}` };
}

function repositoryOf({ repository }: SampledIncident): { owner: string; name: string } {
  const [owner = '', name = ''] = repository.split('/');
  return { owner, name };
}
