import { describe, expect, it } from 'vitest';
import { collect } from '../../src/collectors/collect.ts';
import type { CollectRequest, Grants } from '../../src/collectors/collect.ts';
import type { Collector } from '../../src/collectors/collector.ts';
import { collectors } from '../../src/collectors/list.ts';
import { repositoryId } from '../../src/core/repository-id.ts';
import { snapshotSchema } from '../../src/core/snapshot.ts';
import type { Gap, GapReason, Observation, Snapshot } from '../../src/core/snapshot.ts';
import { startRepository } from './repository.ts';
import type { RepositoryWorld } from './repository.ts';
import { configuration, project, queueQuery, startWorld } from './world.ts';
import type { World } from './world.ts';

/** What every collector has to hold to, whatever its API answers. */

type Fault = Parameters<World['google']['inject']>[0]['kind'];
type GitHubFault = Parameters<RepositoryWorld['github']['inject']>[0]['kind'];

/** How a fault of an API has to be told, and what its remedy must name. */
const faults: { fault: Fault; reason: GapReason; remedy: (collector: Collector) => string[] }[] = [
  {
    fault: 'denied',
    reason: 'denied',
    remedy: (collector) =>
      onBucket(collector)
        ? [
            `grant ${collector.role} on gs://shop-state`,
            `gcloud storage buckets add-iam-policy-binding gs://shop-state --role=${collector.role}`,
          ]
        : [
            `grant ${collector.role} on ${project}`,
            `gcloud projects add-iam-policy-binding ${project} --role=${collector.role}`,
          ],
  },
  {
    fault: 'api-disabled',
    reason: 'api-disabled',
    remedy: ({ api }) => [`gcloud services enable ${api} --project=${project}`],
  },
  { fault: 'not-found', reason: 'not-found', remedy: () => ['check the name'] },
  { fault: 'quota', reason: 'quota', remedy: ({ api }) => [api, 'quota'] },
  { fault: 'hang', reason: 'timeout', remedy: () => ['read again'] },
  { fault: 'html-502', reason: 'unavailable', remedy: () => ['read again'] },
  { fault: 'unavailable', reason: 'unavailable', remedy: () => ['read again'] },
  { fault: 'lie', reason: 'invalid-response', remedy: () => ['look at the answer by hand'] },
];

/** What another source stands in for is not asked a second time. */
function hasFallback(collector: Collector): boolean {
  return collector.kind === 'google' && collector.fallback !== undefined;
}

function onBucket(collector: Collector): boolean {
  return collector.kind === 'google' && collector.roleOn === 'bucket';
}

/** The same of GitHub. */
const githubFaults: { fault: GitHubFault; reason: GapReason; remedy: string }[] = [
  { fault: 'denied', reason: 'denied', remedy: 'accept the new permissions of the App' },
  { fault: 'no-token', reason: 'no-credentials', remedy: 'GITHUB_TOKEN' },
  { fault: 'not-found', reason: 'not-found', remedy: 'check that the repository and the issue are there' },
  { fault: 'quota', reason: 'quota', remedy: 'rate limit' },
  { fault: 'hang', reason: 'timeout', remedy: 'read again' },
  { fault: 'drop', reason: 'unavailable', remedy: 'githubstatus.com' },
  { fault: 'html-502', reason: 'unavailable', remedy: 'githubstatus.com' },
  { fault: 'unavailable', reason: 'unavailable', remedy: 'githubstatus.com' },
  { fault: 'lie', reason: 'invalid-response', remedy: 'look at the answer by hand' },
];

/** Requests of one collection of the world at most: one token, and each list, metric, log query and resource once. */
const requestsAtMost = 42;

/** Requests to the endpoints of the world: three samples of each page, and each WebSocket once. */
const probesOfAll = 8;

/** Runs the contract for one collector. */
export function collectorContract(collector: Collector): void {
  describe(`the collector ${collector.name}`, () => {
    it('reads every component of its types, and gives the signals that it documents and no others', async () => {
      const { snapshot, refusals } = await wholeWorld(collector);
      const own = snapshot.observations.filter(isOwn(collector));
      expect(new Set(own.map(({ component }) => component))).toEqual(new Set(componentsOf(collector)));
      expect(new Set(own.map(documented(collector)))).toEqual(
        new Set(collector.signals.map(({ signal }) => signal)),
      );
      for (const observation of own) {
        const reference = collector.signals.find(
          ({ signal }) => signal === documented(collector)(observation),
        );
        expect(observation.unit).toBe(reference?.unit);
      }
      expect(refusals).toEqual([]);
    });

    it('says of each observation where it comes from, with a command that reads the same', async () => {
      const { snapshot } = await wholeWorld(collector);
      const { console, command } = sourceForms[collector.kind];
      for (const { source } of snapshot.observations.filter(isOwn(collector))) {
        expect(source.query).not.toBe('');
        expect(source.command).toMatch(command);
        expect(source.console ?? '').toMatch(console);
      }
    });

    if (collector.kind === 'github') {
      githubContract(collector);
      return;
    }

    it('asks nothing where the policy grants nothing', async () => {
      const { snapshot, requests, probes } = await ungranted();
      expect([requests, probes]).toEqual([0, 0]);
      const gaps = gapsOf(collector, snapshot);
      expect(new Set(gaps.map(({ component }) => component))).toEqual(new Set(componentsOf(collector)));
      expect(new Set(gaps.map(({ reason }) => reason))).toEqual(new Set(['not-granted']));
      expect(gaps.every(({ remedy }) => remedy.includes("operator's policy"))).toBe(true);
    });

    if (collector.kind === 'google') googleContract(collector);
  });
}

/** How links and commands of each kind of collector look. */
const sourceForms: Record<Collector['kind'], { console: RegExp; command: RegExp }> = {
  google: {
    console: /^https:\/\/console\.cloud\.google\.com\/.+project=shop$/,
    command: /^(gcloud|curl) .*\bshop\b/,
  },
  probe: { console: /^$/, command: /^curl .*https:\/\/shop\.example/ },
  github: { console: /^https:\/\/github\.com\/acme\/shop\//, command: /^gh .*\bacme\/shop\b/ },
};

function githubContract(collector: Collector): void {
  it('reads the repository without a grant, and nothing of it where none is known', async () => {
    const [granted, none] = await Promise.all([withRepository(), healthy()]);
    expect(granted.snapshot.gaps.filter(({ component }) => component === repositoryId)).toEqual([]);
    const evidence = [...none.snapshot.observations, ...none.snapshot.gaps, ...none.snapshot.changes];
    expect(evidence.filter(({ component }) => component === repositoryId)).toEqual([]);
  });

  it.each(githubFaults)('$fault is the gap $reason, and nobody else is harmed', async (expected) => {
    const { snapshot, requests } = await withGitHubFault(expected.fault);
    const own = collector.signals.map(({ signal }) => signal);
    const gaps = snapshot.gaps.filter(
      ({ component, signal }) => component === repositoryId && own.some((name) => signal.startsWith(name)),
    );
    expect(gaps).toHaveLength(1);
    for (const gap of gaps) {
      expect(gap.reason).toBe(expected.reason);
      expect(gap.remedy).toContain(expected.remedy);
      expect(gap.detail).not.toBe('');
      expect(gap.source.command).toMatch(sourceForms.github.command);
    }
    expect(snapshot.changes.filter(({ component }) => component === repositoryId)).toEqual([]);
    expect(snapshot.observations.filter(isOwn(collector))).toEqual([]);
    expect(others(collector, snapshot)).toEqual(others(collector, (await healthy()).snapshot));
    expect(requests).toBe(1);
  });
}

function googleContract(collector: Collector): void {
  it.each(faults)(
    '$fault is the gap $reason, and nobody else is harmed',
    async ({ fault, reason, remedy }) => {
      const { snapshot, requests, probes } = await withFault(collector.api, fault);
      const gaps = gapsOf(collector, snapshot);
      expect(new Set(gaps.map(({ component }) => component))).toEqual(new Set(componentsOf(collector)));
      for (const gap of gaps) {
        expect(gap.reason).toBe(reason);
        for (const part of remedy(collector)) expect(gap.remedy).toContain(part);
        expect(gap.detail).not.toBe('');
      }
      // Several reads of one collector that fail alike are told once.
      expect(gaps.length).toBeLessThanOrEqual(2 * componentsOf(collector).length);
      expect(snapshot.observations.filter(({ source }) => source.api === collector.api)).toEqual([]);
      expect(others(collector, snapshot)).toEqual(others(collector, (await healthy()).snapshot));
      // What was unavailable is asked once more, and says so.
      const tries = reason === 'unavailable' && !hasFallback(collector) ? 2 : 1;
      expect(gaps.every(({ detail }) => detail.endsWith('(2 tries)'))).toBe(tries === 2);
      expect(requests).toBeLessThanOrEqual(tries * requestsAtMost);
      expect(probes).toBe(probesOfAll);
    },
  );

  it('takes an empty answer for what it is: nothing there, no data, or a measured none', async () => {
    const { snapshot } = await empty();
    const gaps = gapsOf(collector, snapshot);
    const own = snapshot.observations.filter(isOwn(collector));
    const expected = emptyOf[collector.name] ?? emptyOf[collector.api] ?? { gap: 'not-found', observed: [] };
    expect(own.map(({ signal, value }) => [signal, value])).toEqual(expected.observed);
    expect(new Set(gaps.map(({ reason }) => reason))).toEqual(
      new Set([expected.gap].flatMap((gap) => gap ?? [])),
    );
    const unknown = expected.gap === null ? [] : componentsOf(collector);
    expect(new Set(gaps.map(({ component }) => component))).toEqual(new Set(unknown));
  });
}

/** What an empty answer means, where it is not that the resource does not exist. */
const emptyOf: Record<string, { gap: GapReason | null; observed: string[][] }> = {
  'monitoring.googleapis.com': { gap: 'no-data', observed: [] },
  // The log was read and holds no such entry, in this window and the one before: a true 0.
  'log-filter': {
    gap: null,
    observed: [
      ['entries', '0'],
      ['entries', '0'],
    ],
  },
  // The log was read and holds no error: a true 0.
  'logging.googleapis.com': { gap: null, observed: [['log.errors', '0']] },
  // Whether the load balancer logs its requests could not be read, so that nothing logged says nothing.
  'load-balancer-log': { gap: 'no-data', observed: [] },
  // The list was read and holds no event: a true 0.
  'servicehealth.googleapis.com': { gap: null, observed: [['events.active', '0']] },
};

interface Outcome {
  snapshot: Snapshot;
  /** Requests to Google, tokens included. */
  requests: number;
  probes: number;
  refusals: string[];
}

/** One collection in a world of its own, with the real clients on loopback. */
async function outcomeOf(
  prepare: (world: World) => Partial<CollectRequest> & { grants?: Grants },
  google: Parameters<typeof startWorld>[0] = {},
): Promise<Outcome> {
  const world = await startWorld(google);
  try {
    const { grants = world.deps.grants, ...request } = prepare(world);
    const snapshot = await collect({ configuration, ...request }, { ...world.deps, grants });
    expect(() => snapshotSchema.parse(snapshot)).not.toThrow();
    return {
      snapshot,
      requests: world.google.requests.length,
      probes: world.endpoints.requests.length,
      refusals: world.google.refusals,
    };
  } finally {
    await world.close();
  }
}

/** The same with the repository; `requests` are those to GitHub. */
async function repositoryOutcome(fault: GitHubFault | null): Promise<Outcome> {
  const repository = await startRepository();
  try {
    if (fault !== null) repository.github.inject({ kind: fault, pathIncludes: '/graphql', times: 2 });
    const outcome = await outcomeOf(() => ({
      github: repository.answers(),
      collectorMs: fault === 'hang' ? 1_000 : 5_000,
    }));
    const { requests, refusals } = repository.github;
    return { ...outcome, requests: requests.length, refusals: [...outcome.refusals, ...refusals] };
  } finally {
    await repository.close();
  }
}

/** Collectors that read the same API look at the same collections. */
const outcomes = new Map<string, Promise<Outcome>>();

function once(name: string, start: () => Promise<Outcome>): Promise<Outcome> {
  const known = outcomes.get(name) ?? start();
  outcomes.set(name, known);
  return known;
}

const healthy = () => once('healthy', () => outcomeOf(() => ({})));

const withRepository = () => once('repository', () => repositoryOutcome(null));

const withGitHubFault = (kind: GitHubFault) => once(`github ${kind}`, () => repositoryOutcome(kind));

/** The collection in which all that the collector gives can be read. */
const wholeWorld = ({ kind }: Collector) => (kind === 'github' ? withRepository() : healthy());

const empty = () =>
  once('empty', () =>
    outcomeOf(() => ({}), { resources: [], logs: [], metrics: [], prometheus: queueQuery() }),
  );

const ungranted = () =>
  once('ungranted', () => outcomeOf(() => ({ grants: { project: () => false, endpoint: () => false } })));

const withFault = (api: string, kind: Fault) =>
  once(`${api} ${kind}`, () =>
    outcomeOf(({ google }) => {
      google.inject({ api, kind });
      return { collectorMs: kind === 'hang' ? 2_500 : 5_000 };
    }),
  );

function componentsOf(collector: Collector): string[] {
  if (collector.kind === 'github') return [repositoryId];
  return Object.entries(configuration.components)
    .filter(([, { type }]) => collector.types.some((own) => own === type))
    .map(([id]) => id);
}

/** The collector's gaps; where two read the same API, those for this one's components. */
function gapsOf(collector: Collector, snapshot: Snapshot): Gap[] {
  const components = componentsOf(collector);
  return snapshot.gaps.filter(
    (gap) => gap.source.api === collector.api && components.includes(gap.component),
  );
}

/** Two collectors may read the same API: of their observations, those whose signal this one documents. */
function isOwn(collector: Collector): (observation: Observation) => boolean {
  const components = componentsOf(collector);
  const isDocumented = documented(collector);
  return (observation) =>
    observation.source.api === collector.api &&
    components.includes(observation.component) &&
    isDocumented(observation) !== undefined;
}

/** The documented signal that an observation is of. */
export function documented(collector: Collector): (observation: Observation) => string | undefined {
  return (seen) =>
    collector.signals.find(({ signal }) =>
      signal.endsWith('.') ? seen.signal.startsWith(signal) : seen.signal === signal,
    )?.signal;
}

/**
 * What was read from other APIs, without the evidence ids, which count on. Left out is what may change with this
 * one: what is read instead of it, and what is compared with it.
 */
function others(collector: Collector, snapshot: Snapshot) {
  const own = new Set([collector.api, collector.kind === 'google' ? collector.fallback : undefined]);
  const comparing = collectors.filter(
    (other) => other.kind === 'google' && other.comparesWith?.includes(collector.api),
  );
  return snapshot.observations
    .filter(({ source }) => !own.has(source.api))
    .filter((seen) => !comparing.some((other) => isOwn(other)(seen)))
    .map(({ component, signal, value, window, revision }) => ({
      component,
      signal,
      value,
      window,
      revision,
    }));
}
