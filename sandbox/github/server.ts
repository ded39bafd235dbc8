import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { Scenario } from '../scenario/schema.ts';
import { createAuthentication } from './authentication.ts';
import { readDescription } from './description.ts';
import { createDoors } from './doors.ts';
import { exchange } from './exchange.ts';
import { createFaultPlan } from './faults.ts';
import { createJudge } from './judge/judge.ts';
import type { Judge } from './judge/judge.ts';
import { listen } from './listener.ts';
import { createRateCounter } from './rate.ts';
import { createRouter } from './router.ts';
import { loadRepository } from './state/load.ts';
import { createRegistrations } from './state/registrations.ts';
import { moveRepository, noInstallation } from './state/repositories.ts';
import { joinTeam } from './state/teams.ts';
import { accountOf, botLogin, repositoryKey } from './state/world.ts';
import type { App, Repository, World } from './state/world.ts';
import type { GitHubOptions, GitHubRequest, GitHubStandIn } from './types.ts';
import { createWatches } from './watches.ts';
import { createHook } from './webhooks/hook.ts';

export type { GitHubOptions, GitHubStandIn } from './types.ts';

/**
 * A stand-in of GitHub on loopback, for one App and its installations. Each request and each answer is judged by
 * GitHub's own description, so that what works here works there.
 */

const appId = 1_278_300;
const slug = 'sitrep';
const firstInstallation = 58_400_001;
/** Beyond 32 bits, as GitHub's ids are. */
const firstId = 3_290_000_001;

function createApp(
  world: Pick<World, 'accounts' | 'nextId'>,
  options: GitHubOptions,
  { publicKey, privateKey }: Keys,
): App {
  return {
    id: appId,
    slug,
    name: 'Sitrep',
    clientId: 'Iv23liSitrepStandIn1',
    owner: accountOf(world, options.scenario.repository.owner),
    createdAt: new Date(Date.parse(options.scenario.start) - 30 * 86_400_000),
    manifest: options.manifest,
    publicKey,
    privateKey,
    webhookSecret: (options.random ?? randomUUID)(),
  };
}

type Keys = Record<'publicKey' | 'privateKey', string>;

let keys: Keys | null = null;

/** Keys as GitHub gives them: RSA, PKCS#1. To make a pair takes a tenth of a second: the stand-ins of a process share it. */
function appKeys(): Keys {
  return (keys ??= generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  }));
}

interface Knowledge {
  judge: Judge;
  route: ReturnType<typeof createRouter>;
}

let knowledge: Knowledge | null = null;

/** The description is the same as long as a process runs: its stand-ins share the compiled checks. */
function knowGitHub(): Knowledge {
  if (knowledge) return knowledge;
  const description = readDescription();
  knowledge = { judge: createJudge(description), route: createRouter(description) };
  return knowledge;
}

function createCounter(first: number): () => number {
  let next = first;
  return () => next++;
}

/** Starts the stand-in on a free port of 127.0.0.1. */
export async function startGitHub(options: GitHubOptions): Promise<GitHubStandIn> {
  const { scenario, clock, machine = Date.now, random = randomUUID } = options;
  const { judge, route } = knowGitHub();
  const refusals: string[] = [];
  const requests: GitHubRequest[] = [];
  const complain = (refusal: string) => void refusals.push(refusal);
  const nextInstallation = createCounter(firstInstallation);
  const nextRequest = createCounter(0xc0ffee);
  const base = { accounts: new Map(), nextId: createCounter(firstId), clock, machine };
  const hook = createHook({ judge, random, complain, world: () => world });
  const links = { api: '', web: options.webUrl ?? 'https://github.com' };
  const app = createApp(base, options, appKeys());
  const announce: World['announce'] = (happening) => hook.announce(happening);
  const world: World = {
    ...base,
    links,
    app,
    announce,
    repositories: new Map(),
    formerNames: new Map(),
    teams: new Map(),
    installations: new Map(),
    suspended: new Set(),
    accepted: new Map(),
    listLagMs: 0,
  };
  const authentication = createAuthentication({
    machine,
    random,
    personalTokens: options.personalTokens ?? {},
  });
  const registrations = createRegistrations({ machine, random });
  const rate = createRateCounter(options.requestsPerHour ?? 5_000, machine);
  const faults = createFaultPlan(scenario.faults, clock);
  const watches = createWatches();
  const listeners = new Set<() => void>();
  const changed = () => listeners.forEach((listener) => listener());
  let latency = options.latencyMs ?? 0;

  const install = (added: Scenario, files: Record<string, string>): Repository => {
    const repository = loadRepository(world, added, files, nextInstallation());
    const key = repositoryKey(repository.owner.login, repository.name);
    if (world.repositories.has(key)) throw new Error(`${key} is there already`);
    world.repositories.set(key, repository);
    world.installations.set(repository.installationId, repository.owner);
    for (const [team, members] of Object.entries(added.teams))
      for (const [login, state] of Object.entries(members))
        joinTeam(world, repository.owner, team, login, state);
    return repository;
  };
  const repository = install(scenario, options.files);
  const { installationId } = repository;
  accountOf(world, botLogin(app));

  const { server, port } = await listen({
    exchange: (incoming) =>
      exchange(
        { world, hook, judge, route, authentication, rate, registrations, random, complain },
        incoming,
      ),
    faults,
    watches,
    requests,
    complain,
    latency: () => latency,
    now: () => clock.now(),
    requestId: () => `${nextRequest().toString(16).toUpperCase()}:1F2A:9B3C`,
    answered(write) {
      void hook.send();
      if (write) changed();
    },
  });
  const host = `127.0.0.1:${port}`;
  links.api = `http://${host}/api/v3`;

  return {
    url: `http://${host}`,
    host,
    app: { id: appId, slug, privateKey: app.privateKey, webhookSecret: app.webhookSecret, installationId },
    ...createDoors({ world, hook, repository, changed }),
    install: (added, files) => install(added, files).installationId,
    peopleOf(id) {
      const own = [...world.repositories.values()].find((one) => one.installationId === id);
      if (own === undefined) throw new Error(`There is no repository of the installation ${String(id)}`);
      return createDoors({ world, hook, repository: own, changed });
    },
    withhold(id) {
      const own = [...world.repositories.values()].find((one) => one.installationId === id);
      if (own === undefined) throw new Error(`There is no repository of the installation ${String(id)}`);
      own.installationId = noInstallation;
      return () => {
        own.installationId = id;
      };
    },
    suspend(id, isSuspended) {
      if (isSuspended) world.suspended.add(id);
      else world.suspended.delete(id);
      authentication.revoke(id);
    },
    register: (manifest) => registrations.register(manifest),
    accept(id, permissions) {
      world.accepted.set(id, permissions);
    },
    uninstall(id = repository.installationId) {
      if (!world.installations.delete(id)) throw new Error(`There is no installation ${String(id)}`);
      authentication.revoke(id);
    },
    moveRepository: (to) => moveRepository(world, repository, to, nextInstallation),
    setPrivate(isPrivate) {
      repository.private = isPrivate;
    },
    fileOn: (branch, path) => repository.branches.get(branch)?.files.get(path) ?? null,
    requests,
    refusals,
    deliveries: hook.deliveries,
    inject: (fault) => faults.inject(fault),
    when: (awaited, act) => watches.add(awaited, act),
    setListLag(milliseconds) {
      world.listLagMs = milliseconds;
    },
    setLatency(milliseconds) {
      latency = milliseconds;
    },
    revokeTokens: () => authentication.revokeAll(),
    settled: () => hook.settled(),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      server.closeAllConnections();
      await hook.close();
      await closed;
    },
  };
}
