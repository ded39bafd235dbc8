import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { probeGrantOf } from '../src/config/probe-grant.ts';
import { ownFile } from '../src/own-files.ts';
import type { SandboxClock } from './clock.ts';
import { startEndpoints, type EndpointsStandIn } from './endpoints.ts';
import { startGitHub, type GitHubStandIn } from './github/server.ts';
import { startGoogle, type GoogleStandIn } from './google/server.ts';
import type { LoadedScenario } from './scenario/load.ts';

/** The stand-ins of GitHub, Google Cloud and the probed endpoints, for one scenario. */
export interface StandIns {
  github: GitHubStandIn;
  google: GoogleStandIn;
  endpoints: EndpointsStandIn;
  /** The environment of a Sitrep that reaches these and nothing else; its policy and database are to be added. */
  environment: Record<string, string>;
  /** The operator's policy: the scenario's own, or one that lets its repository read all that it holds. */
  policy: string;
  close(): Promise<void>;
}

export interface StandInsOptions {
  loaded: LoadedScenario;
  clock: SandboxClock;
  /** Personal tokens → logins, for the command line. */
  personalTokens?: Record<string, string>;
  /** Source of GitHub's GUIDs and secrets; random UUIDs where it is missing. */
  random?: () => string;
  /** Requests an hour that GitHub allows; 5,000 where it is missing. */
  requestsPerHour?: number;
  /** The App's manifest; `app.yml` where it is missing. */
  manifest?: z.infer<typeof manifestSchema>;
}

const manifestFile = ownFile('app.yml');
const manifestSchema = z.object({
  default_permissions: z.record(z.string(), z.string()),
  default_events: z.array(z.string()),
});

/** Starts the stand-ins on free ports of 127.0.0.1. */
export async function startStandIns(options: StandInsOptions): Promise<StandIns> {
  const { loaded, clock } = options;
  const { scenario } = loaded;
  const manifest = options.manifest ?? manifestSchema.parse(parse(await readFile(manifestFile, 'utf8')));
  const github = await startGitHub({
    scenario,
    clock,
    manifest,
    files: { '.github/sitrep.yml': loaded.configuration },
    personalTokens: options.personalTokens ?? {},
    ...(options.requestsPerHour === undefined ? {} : { requestsPerHour: options.requestsPerHour }),
    ...(options.random === undefined ? {} : { random: options.random }),
  });
  const google = await startGoogle({ scenario, clock, answers: loaded.answers });
  const endpoints = await startEndpoints({ scenario, clock });
  return {
    github,
    google,
    endpoints,
    environment: {
      APP_ID: String(github.app.id),
      PRIVATE_KEY: github.app.privateKey,
      WEBHOOK_SECRET: github.app.webhookSecret,
      HOST: '127.0.0.1',
      PORT: '0',
      GHE_HOST: github.host,
      GHE_PROTOCOL: 'http',
      SITREP_GCP_ENDPOINT: google.url,
      SITREP_PROBE_MAP: JSON.stringify(endpoints.probeMap),
    },
    policy: loaded.policy ?? everythingIn(loaded),
    async close() {
      github.deliverTo(null);
      await Promise.all([github.close(), google.close(), endpoints.close()]);
    },
  };
}

function everythingIn({ scenario }: LoadedScenario): string {
  const { owner, name } = scenario.repository;
  const projects = scenario.google.resources.flatMap(
    ({ path }) => /\/projects\/([^/]+)/u.exec(path)?.[1] ?? [],
  );
  return JSON.stringify({
    repositories: {
      [`${owner}/${name}`]: {
        google_cloud_projects: [...new Set(projects)],
        probe_hosts: [...new Set(scenario.endpoints.map(({ url }) => probeGrantOf(new URL(url))))],
        public: 'full',
      },
    },
  });
}
