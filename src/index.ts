import { setTimeout as delay } from 'node:timers/promises';
import { Octokit } from '@octokit/rest';
import { Probot, ProbotOctokit } from 'probot';
import type { CollectWatch } from './collectors/collect.ts';
import { createGoogleAccess } from './collectors/google-access.ts';
import type { ProbeOptions } from './collectors/probe-route.ts';
import { probesBehind, type ProbeLayer } from './collectors/probe-layer.ts';
import { createRedactor } from './collectors/redact.ts';
import { commandDeps, type Shared } from './composition/command-deps.ts';
import { startBoardSweeper, storedBoards } from './composition/boards.ts';
import { startCheckpointSweeper, storedCheckpoints } from './composition/checkpoints.ts';
import { storedDeliveries } from './composition/deliveries.ts';
import { startDoctorDoor } from './composition/doctor-door.ts';
import { readSharing, sharedWindowEnd } from './composition/google-reads.ts';
import { forgetting } from './composition/forgetting.ts';
import { closeFront, openFront, releaseFront, type Front, type FrontOptions } from './composition/front.ts';
import { startHistory, storedHistory } from './composition/history.ts';
import { githubFetch } from './composition/github-fetch.ts';
import { askForSign, openGitHubHealth } from './composition/github-health.ts';
import { installationRequests } from './composition/installations.ts';
import { readGauges } from './composition/metrics/readings.ts';
import { openRequestsLeft } from './composition/metrics/requests-left.ts';
import { together, type Watches } from './composition/metrics/watches.ts';
import { storedNotifications } from './composition/notifications.ts';
import { storedOutbox } from './composition/outbox.ts';
import { storedPublications } from './composition/publications.ts';
import { startQueueBehind, type QueueBehindOptions } from './composition/queue.ts';
import { openRefusals } from './composition/refusals.ts';
import { openVisibility } from './composition/visibility.ts';
import { startRetention } from './composition/retention.ts';
import { startSampler, storedSamples } from './composition/samples.ts';
import { sealedAnswers, sealWith } from './composition/sealed.ts';
import { startSelfWatch, type SelfWatchTimes } from './composition/self-watch.ts';
import { startSweeps, workSweep } from './composition/sweep.ts';
import { troubleTeller } from './composition/tell-troubles.ts';
import { collectorSpans } from './composition/tracing/collector-spans.ts';
import { waryOutbox } from './composition/wary-outbox.ts';
import { watchedGitHub } from './composition/watched-github.ts';
import type { ServerEnvironment } from './config/environment.ts';
import { operatorIssue } from './config/policy.ts';
import { defaultReads, defaultWrites } from './config/policy.schema.ts';
import { deliveryGivenUp, isHandled, sitrepApp, type DepsFor } from './handlers/dispatch.ts';
import type { Queue } from './queue/port.ts';
import { isBoardDue } from './store/boards.ts';
import { findTagged, keepTagged } from './store/etags.ts';
import type { Store } from './store/open.ts';
import { kindsOfComments } from './store/publications.ts';
import { latestSnapshot, type StoredSnapshot } from './store/snapshots.ts';
import { findIncidentByName } from './store/incidents.ts';
import { openTemplateThreads } from './templates/own/threads.ts';
import { workBoard } from './worker/boards.ts';
import { workCheckpoint } from './worker/checkpoints.ts';
import { workDelivery, type StoredDelivery } from './worker/deliveries.ts';
import { workHistory } from './worker/history.ts';
import { workNotification } from './worker/notifications.ts';
import { workPublication } from './worker/publications.ts';
import { isRefresh, workRefresh } from './worker/refreshes.ts';
import { workSample } from './worker/samples.ts';

/** What the server is started with. */
export interface SitrepOptions extends FrontOptions, Pick<QueueBehindOptions, 'retryDelaySeconds'> {
  /** The clock and the resolver of probes, and whether they wait; the machine's own, and they do, where they are missing. */
  probing?: Pick<ProbeOptions, 'stopwatch' | 'resolve' | 'answersAtOnce'>;
  /** Stands before the probes; nothing does where it is missing. */
  probeLayer?: ProbeLayer;
  /** Looks on at each collection: a whole one, or the light set of a sample; nobody does where it is missing. */
  watchReads?: (light: boolean) => CollectWatch;
  /** By which checkpoints and samples are due and quotas are counted; the database's clock, on which all processes agree, where it is missing. */
  checkpointClock?: () => Date;
  /** Milliseconds for one answer of GitHub. Default 10,000. */
  githubTimeoutMs?: number;
  /** Milliseconds that a template of a repository may take for an update. Default 500. */
  templateMs?: number;
  /** Milliseconds between the two looks that prove that a comment was not posted. Default 10,000. */
  settleMs?: number;
  /** How Sitrep watches itself; what `self-watch.ts` has where it is missing. */
  selfWatch?: SelfWatchTimes;
}

/** A running server. */
export interface Sitrep {
  /** Origin of the intake. */
  url: string;
  /** Resolves when every accepted delivery has been carried out, and every checkpoint, sample and refresh that is due. */
  rest(): Promise<void>;
  /** What the record holds of the last update of an issue's incident. */
  lastUpdate(repository: string, issue: number): Promise<StoredSnapshot | null>;
  /** The last look at an issue's incident, whether an update shows it or not. */
  lastLook(repository: string, issue: number): Promise<StoredSnapshot | null>;
  /** What kind of update each of our comments on an issue is, by the comment's id. */
  kinds(repository: string, issue: number): Promise<ReadonlyMap<number, string>>;
  /**
   * Takes nothing more and is ready no more, finishes or hands back what runs within `graceMs`, closes the database. Until
   * then its health can be asked for.
   */
  stop(graceMs?: number): Promise<void>;
}

const defaultGraceMs = 10_000;
/** What deliveries under way may take of the grace; the rest is the jobs'. */
const shareOfIntake = 0.3;
/** When all is done, who is still being answered has so long. */
const lastAnswersMs = 250;
/** GitHub answers within 10 s or not at all (docs.github.com, "Troubleshooting the REST API"). */
const defaultGitHubTimeoutMs = 10_000;
/** A claim on a posting outlasts the answer that it waits for by so much. */
const leaseMarginMs = 5_000;
/** Longer than GitHub's list of comments was seen to lag behind. */
const defaultSettleMs = 10_000;

/**
 * The composition root: starts the Probot app and the workers behind what takes webhooks.
 *
 * @param given what takes webhooks already; it is opened where it is missing
 */
export async function startSitrep(options: SitrepOptions, given?: Front): Promise<Sitrep> {
  const front = given ?? (await openFront(options));
  try {
    const queue = await startQueueBehind(front, options);
    try {
      return await serve(options, front, queue);
    } catch (error) {
      await queue.stop({ graceMs: 0 });
      throw error;
    }
  } catch (error) {
    await closeFront(front);
    throw error;
  }
}

/** Starts what works on the queue and what fills it; the caller closes both where that fails. */
async function serve(options: SitrepOptions, front: Front, queue: Queue): Promise<Sitrep> {
  const { store, intake, readiness } = front;
  const { registry, watches } = front.metrics;
  const { environment, now, log, githubTimeoutMs = defaultGitHubTimeoutMs } = options;
  const { appId } = environment;
  const github = openGitHubHealth();
  const probot = createProbot(options, (outcome) => {
    github.note(outcome);
    watches.github?.(outcome);
  });
  const requestsLeft = openRequestsLeft(now);
  const limits = writeLimits(environment);
  const requestOf = installationRequests(
    (id) => probot.auth(id),
    store,
    limits,
    (id, headers) => requestsLeft.note(id, headers),
  );
  const lookers = [
    ...(watches.collection === undefined ? [] : [watches.collection]),
    ...(front.tracing === null ? [] : [collectorSpans]),
  ];
  const shared = sharedDeps(options, store, queue, lookers);
  const depsFor: DepsFor = (installationId) => commandDeps(shared, requestOf(installationId));
  const { request: appRequest } = await probot.auth();
  const clock = options.checkpointClock ?? null;
  await probot.load(sitrepApp(depsFor, forgetting({ store, queue, appRequest, clock, now, log })));
  const deliveries = {
    probot,
    log,
    now,
    ...storedDeliveries(store, now),
    handles: ({ event, payload }: StoredDelivery) => isHandled(event, payload),
    givenUp: ({ guid, payload }: StoredDelivery) => deliveryGivenUp(depsFor, guid, payload),
  };
  const publications = storedPublications({
    store,
    queue,
    outbox: waryOutbox(storedOutbox(store, now, githubTimeoutMs + leaseMarginMs), store),
    requestOf,
    appId,
    settleMs: options.settleMs ?? defaultSettleMs,
    now,
    watch: watches.publication,
    log,
  });
  const sweeping = { store, queue, appRequest, requestOf, appId, now, watch: watches.redelivery, log };
  await queue.work('commands', (job) => workDelivery(deliveries, job));
  const checkpoints = {
    log,
    ...storedCheckpoints(store, depsFor, { now: options.checkpointClock ?? now, watch: watches.checkpoint }),
  };
  const boards = storedBoards(shared, queue, requestOf, depsFor);
  await queue.work('checkpoints', (job) =>
    isRefresh(job) ? workRefresh(boards, job) : workCheckpoint(checkpoints, job),
  );
  await queue.work('publications', (job) => workPublication(publications, job));
  await queue.work('boards', (job) => workBoard(boards, job));
  const samples = storedSamples(shared, requestOf);
  await queue.work('samples', (job) => workSample(samples, job));
  const history = storedHistory(shared, requestOf);
  await queue.work('history', (job) => workHistory(history, job));
  const notifications = storedNotifications(shared, environment.channels);
  await queue.work('notifications', (job) => workNotification(notifications, job));
  await queue.work('sweep', (job) => workSweep(sweeping, job));
  const telling = { store, queue, issue: operatorIssue(environment.policy), appRequest, requestOf, now };
  const selfWatch = startSelfWatch(
    {
      store,
      readiness,
      github,
      askGitHub: () => askForSign(appRequest, log),
      checkpointClock: clock,
      tell: troubleTeller(telling),
      now,
      clock: () => performance.now(),
      log,
    },
    options.selfWatch,
  );
  const troubles = () => selfWatch.open();
  const gauges = { store, readiness, requestsLeft, troubles, writesPerHour: limits.perHour, now, log };
  registry?.readFrom(() => readGauges(gauges));
  const endSweeps = await startSweeps(sweeping);
  const sweeper = startCheckpointSweeper(store, queue, options.checkpointClock ?? null, log);
  const sampler = startSampler(store, queue, options.checkpointClock ?? null, log);
  const boardSweeper = startBoardSweeper(store, queue, options.checkpointClock ?? null, log);
  const reader = startHistory(store, queue, options.checkpointClock ?? null, log);
  const door = await startDoctorDoor(store, now, log);
  const endRetention = startRetention(store, now, log);
  readiness.begin(queue);
  return {
    url: intake.url,
    async rest() {
      await sweeper.sweep();
      await sampler.sweep();
      // A sample may have the living comment refreshed at once: what it shows is seen first.
      await carriedOut(queue);
      await reader.sweep();
      await carriedOut(queue);
      while (await isBoardDue(store.db, options.checkpointClock ?? null)) {
        await boardSweeper.sweep();
        await carriedOut(queue);
      }
    },
    lastUpdate: (repository, issue) => lastSnapshotOf(store, repository, issue, { posted: true }),
    lastLook: (repository, issue) => lastSnapshotOf(store, repository, issue, { posted: false }),
    kinds: (repository, issue) => kindsOfComments(store.db, repository, issue),
    async stop(graceMs = defaultGraceMs) {
      const until = performance.now() + graceMs;
      readiness.stop();
      const unwatched = selfWatch.stop();
      endSweeps();
      await door.close();
      await intake.refuse(graceMs * shareOfIntake);
      await sweeper.stop();
      await sampler.stop();
      await boardSweeper.stop();
      await reader.stop();
      await queue.stop({ graceMs: Math.max(0, until - performance.now()) });
      await endRetention();
      await shared.templates.close();
      await intake.close(lastAnswersMs);
      await unwatched;
      await releaseFront(front);
    },
  };
}

function writeLimits({ policy }: ServerEnvironment) {
  const writes = policy?.github_writes ?? defaultWrites();
  return {
    burst: writes.burst,
    perSecond: writes.per_second,
    perMinute: writes.per_minute,
    perHour: writes.per_hour,
  };
}

/** Probot whose plugins that try again or slow down by themselves are off: the queue does that. */
function createProbot(
  { environment, log, githubTimeoutMs = defaultGitHubTimeoutMs }: SitrepOptions,
  watch: Watches['github'],
): Probot {
  const server = environment.githubApiUrl === null ? {} : { baseUrl: environment.githubApiUrl };
  const request = { fetch: watchedGitHub(githubFetch(githubTimeoutMs), watch) };
  // Probot's own would ask github.com for a new token, whatever server the App is on.
  const { request: askForTokens } = new Octokit({ ...server, request });
  return new Probot({
    appId: environment.appId,
    privateKey: environment.privateKey,
    secret: environment.webhookSecret,
    log,
    Octokit: ProbotOctokit.defaults((defaults: { auth?: object }) => ({
      ...defaults,
      auth: { ...defaults.auth, request: askForTokens },
      throttle: { enabled: false },
      retry: { enabled: false },
      request,
    })),
    ...server,
  });
}

/** What all installations share; each has its own client. */
function sharedDeps(
  options: SitrepOptions,
  store: Store,
  queue: Queue,
  lookers: readonly (() => CollectWatch)[],
): Shared {
  const { environment, now, log, probing, probeLayer, watchReads } = options;
  const { googleEndpoint, probeMap, policy } = environment;
  const limits = policy?.google_reads ?? defaultReads();
  const clock = options.checkpointClock ?? null;
  const seal = sealWith(environment.privateKey);
  const sharing = readSharing({ store, seal, limits, now, clock, log });
  const { probe, probeSocket } = probesBehind(probeLayer, { map: probeMap, ...probing });
  return {
    store,
    queue,
    policy,
    configurationsOf: (repository) =>
      sealedAnswers(seal, {
        get: (key) => findTagged(store.db, repository, key),
        set: (key, answer) => keepTagged(store.db, repository, key, answer),
      }),
    templates: openTemplateThreads(options.templateMs === undefined ? {} : { runMs: options.templateMs }),
    reading: {
      google: createGoogleAccess({
        ...(googleEndpoint === null ? {} : { endpoint: googleEndpoint }),
        sharing,
      }),
      windowEnd: sharedWindowEnd({ store, limits }),
      random: Math.random,
      probe,
      probeSocket,
      ...(probing?.answersAtOnce === true ? { spacingMs: 0 } : {}),
    },
    watchReads: (light) =>
      together([...lookers.map((look) => look()), ...(watchReads === undefined ? [] : [watchReads(light)])]),
    redact: createRedactor(),
    refusals: openRefusals({ log, now }),
    visibility: openVisibility(now),
    now,
    checkpointClock: clock,
    log,
  };
}

async function lastSnapshotOf(
  store: Store,
  repository: string,
  issue: number,
  which: { posted: boolean },
): Promise<StoredSnapshot | null> {
  const incident = await findIncidentByName(store.db, repository, issue);
  return incident === null ? null : latestSnapshot(store.db, incident.id, which);
}

const retryPollMs = 100;

/** What is done by itself comes to rest; the sweep goes on as long as there is something to read. */
const carriedOutQueues = [
  'commands',
  'checkpoints',
  'samples',
  'history',
  'boards',
  'publications',
  'notifications',
] as const;

/** Resolves when nothing that was accepted is left to do, what waits to be tried again included. */
async function carriedOut(queue: Queue): Promise<void> {
  for (;;) {
    await queue.rest();
    if ((await queue.pending(carriedOutQueues)) === 0) return;
    await delay(retryPollMs);
  }
}
