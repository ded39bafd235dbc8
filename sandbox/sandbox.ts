import type { Logger } from 'pino';
import { readServerEnvironment, type ServerEnvironment } from '../src/config/environment.ts';
import { startSitrep, type Sitrep } from '../src/index.ts';
import { webhookPath } from '../src/intake/webhook.ts';
import type { SandboxClock } from './clock.ts';
import type { EndpointsStandIn } from './endpoints.ts';
import { ScenarioError, type LoadedScenario } from './scenario/load.ts';
import type { ScenarioStep } from './scenario/schema.ts';
import { act } from './script.ts';
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
}

/** Starts everything on free ports of 127.0.0.1. */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { loaded, clock, log } = options;
  const standIns = await startStandIns(options);
  const { github, endpoints } = standIns;
  const app = await startSitrep({
    environment: serverEnvironment(standIns, options.databaseUrl ?? 'memory:'),
    now: () => clock.now(),
    checkpointClock: () => clock.now(),
    log,
    stopwatch: scenarioStopwatch(endpoints),
    ...(options.githubTimeoutMs === undefined ? {} : { githubTimeoutMs: options.githubTimeoutMs }),
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
      await act(step, github, clock);
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
function serverEnvironment(standIns: StandIns, databaseUrl: string): ServerEnvironment {
  const variables = {
    ...standIns.environment,
    DATABASE_URL: databaseUrl,
    SITREP_POLICY: 'sitrep.policy.yml',
  };
  const reading = readServerEnvironment(variables, { readFile: () => standIns.policy });
  if ('value' in reading) return reading.value;
  throw new ScenarioError(reading.errors.map(({ message, remedy }) => `${message}; ${remedy}`));
}

/** Probes take the time that the scenario says; where it says none, the machine's. */
function scenarioStopwatch(endpoints: EndpointsStandIn): (url: string) => () => number {
  return (url) => {
    const startedAt = performance.now();
    return () => endpoints.latencyOf(url) ?? performance.now() - startedAt;
  };
}
