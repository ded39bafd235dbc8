import type { Logger } from 'pino';
import { readServerEnvironment, type ServerEnvironment } from '../src/config/environment.ts';
import { readPolicy } from '../src/config/policy-file.ts';
import type { GitHubWrites } from '../src/config/policy.schema.ts';
import { startSitrep, type Sitrep, type SitrepOptions } from '../src/index.ts';
import { webhookPath } from '../src/intake/webhook.ts';
import type { SandboxClock } from './clock.ts';
import type { EndpointsStandIn } from './endpoints.ts';
import { recordedProbes } from './endpoints/recorded.ts';
import { ScenarioError, type LoadedScenario } from './scenario/load.ts';
import type { ScenarioStep } from './scenario/step.ts';
import { act, advances } from './script.ts';
import { startStandIns, type StandIns, type StandInsOptions } from './stand-ins.ts';

/** The stand-ins, and the real app between them, in one process. */
export interface Sandbox extends StandIns {
  loaded: LoadedScenario;
  clock: SandboxClock;
  app: Sitrep;
  /** Ends when no webhook is under way and the app has carried out all that it accepted. */
  rest: () => Promise<void>;
  /** Does one step of a script, and waits for the app to come to rest. */
  play(step: ScenarioStep): Promise<void>;
}

export interface SandboxOptions extends StandInsOptions {
  log: Logger;
  /** Where the app keeps its record; in memory, where it is missing. */
  databaseUrl?: string;
  /** Pause before a failed delivery is tried again; 1 where it is missing. */
  retryDelaySeconds?: number;
  /** Milliseconds that the app waits for GitHub; 10,000 where it is missing. */
  githubTimeoutMs?: number;
  /** Milliseconds that a template of the repository may take; the server's own limit where it is missing. */
  templateMs?: number;
  /** Milliseconds between two looks for a comment that may be out; 1,000 where it is missing: this list has no lag. */
  settleMs?: number;
  /** The app's budget of writes; where it is missing one that nobody notices: this GitHub has no such limit. */
  githubWrites?: GitHubWrites;
  /** Looks on at what the app collects; nobody does where it is missing. */
  watchReads?: NonNullable<SitrepOptions['watchReads']>;
  /** Variables of the app's environment beside those that lead to the stand-ins. */
  variables?: Readonly<Record<string, string>>;
}

const freely: GitHubWrites = { burst: 1_000, per_second: 1_000, per_minute: 10_000, per_hour: 100_000 };

/** Starts everything on free ports of 127.0.0.1. */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { loaded, clock, log } = options;
  const standIns = await startStandIns(options);
  const { github, endpoints } = standIns;
  const app = await startSitrep({
    environment: serverEnvironment(standIns, options),
    now: () => clock.now(),
    checkpointClock: () => clock.now(),
    log,
    probeLayer: recordedProbes(loaded.probes),
    probing: { stopwatch: scenarioStopwatch(endpoints), resolve: endpoints.resolve, answersAtOnce: true },
    settleMs: options.settleMs ?? 1_000,
    ...(options.watchReads === undefined ? {} : { watchReads: options.watchReads }),
    ...(options.githubTimeoutMs === undefined ? {} : { githubTimeoutMs: options.githubTimeoutMs }),
    ...(options.templateMs === undefined ? {} : { templateMs: options.templateMs }),
    ...(options.retryDelaySeconds === undefined ? {} : { retryDelaySeconds: options.retryDelaySeconds }),
  });
  github.deliverTo(`${app.url}${webhookPath}`);
  const rest = async (): Promise<void> => {
    // The app's own comments come back as webhooks, so both are asked until neither has anything left.
    for (let before = -1; before !== github.deliveries.length;) {
      before = github.deliveries.length;
      await github.settled();
      await app.rest();
    }
  };
  return {
    ...standIns,
    loaded,
    clock,
    app,
    rest,
    async play(step) {
      if (!('advance' in step)) await act(step, github);
      else
        for (const milliseconds of advances(step)) {
          clock.advance(milliseconds);
          await rest();
        }
      await rest();
    },
    async close() {
      github.deliverTo(null);
      await app.stop();
      await standIns.close();
    },
  };
}

/** Reads the environment by the server's own door; the policy's file is the scenario's. */
function serverEnvironment(
  standIns: StandIns,
  { databaseUrl = 'memory:', githubWrites = freely, variables: more = {} }: SandboxOptions,
): ServerEnvironment {
  const variables = {
    ...standIns.environment,
    ...more,
    DATABASE_URL: databaseUrl,
    SITREP_POLICY: 'sitrep.policy.yml',
  };
  const reading = readServerEnvironment(variables, { readFile: () => standIns.policy, readPolicy });
  if ('value' in reading) {
    const { value } = reading;
    return { ...value, policy: value.policy && { ...value.policy, github_writes: githubWrites } };
  }
  throw new ScenarioError(reading.errors.map(({ message, remedy }) => `${message}; ${remedy}`));
}

/** Probes take the time that the scenario says; where it says none, the machine's. */
function scenarioStopwatch(endpoints: EndpointsStandIn): (url: string) => () => number {
  return (url) => {
    const startedAt = performance.now();
    return () => endpoints.latencyOf(url) ?? performance.now() - startedAt;
  };
}
