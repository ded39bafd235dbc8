import { frozenClock } from '../../sandbox/clock.ts';
import { recordedProbes } from '../../sandbox/endpoints/recorded.ts';
import { loadScenario } from '../../sandbox/scenario/load.ts';
import type { Scenario } from '../../sandbox/scenario/schema.ts';
import { startStandIns } from '../../sandbox/stand-ins.ts';
import { openGitHub } from '../../src/cli/github.ts';
import { collect, type CollectRequest } from '../../src/collectors/collect.ts';
import { openGitHubAnswers } from '../../src/collectors/github-answers.ts';
import { createGoogleAccess } from '../../src/collectors/google-access.ts';
import { probesBehind } from '../../src/collectors/probe-layer.ts';
import { createRedactor } from '../../src/collectors/redact.ts';
import { readRepositoryConfiguration, resolveEnvironment } from '../../src/config/repository.ts';
import type { Configuration } from '../../src/config/repository.schema.ts';
import { changesSince } from '../../src/core/changes-since.ts';
import { later } from '../../src/core/figures.ts';
import { nextEvidence, sampledFigures, withSeries, type TakenSample } from '../../src/core/samples.ts';
import type { Snapshot, Statement } from '../../src/core/snapshot.ts';

/** A scenario's world, to be read at any of its times over the real protocols, the repository included. */
export interface World {
  scenario: Scenario;
  configuration: Configuration;
  /** The issue that the scenario is about. */
  issue: Scenario['issues'][number];
  issueUrl: string;
  /** What people had said on it by then. */
  statementsBy: (at: string) => Statement[];
  /** Reads everything as it is at a time, with samples of the hour before from `sampledFrom` on. */
  read: (at: string, request: ReadRequest) => Promise<Snapshot>;
  close: () => Promise<void>;
}

export interface ReadRequest extends Pick<CollectRequest, 'firstEvidence' | 'previous' | 'incident'> {
  /** When the first sample was taken, UTC. */
  sampledFrom: string;
  /** Earlier incidents of which the fix is looked for. */
  earlier: number[];
}

/** Time between two samples: of each minute a fifth would do for pages that nobody measures by. */
const sampleEveryMs = 5 * 60_000;
const hourMs = 3_600_000;
const reader = 'ghp_reader';
const commentsAtFirst = 100;

/** Starts the stand-ins of a scenario. What they refuse is an error when it is closed. */
export async function openWorld(name: string): Promise<World> {
  const loaded = await loadScenario(name);
  const { scenario } = loaded;
  const configuration = configurationOf(loaded.configuration);
  const { owner, name: repository } = scenario.repository;
  const issue = scenario.issues.find(({ number }) => number === scenario.focus);
  const person = Object.keys(scenario.people).find((login) => scenario.people[login]?.role !== 'none');
  if (issue === undefined || person === undefined) throw new Error(`${name} has no issue, or nobody`);
  const page = `https://github.com/${owner}/${repository}`;
  const issueUrl = `${page}/issues/${String(scenario.focus)}`;
  const clock = frozenClock(new Date(scenario.start));
  const standIns = await startStandIns({ loaded, clock, personalTokens: { [reader]: person } });
  const { github, google, endpoints } = standIns;
  const { request } = openGitHub(reader, `${github.url}/api/v3`);
  const redact = createRedactor();
  const deps = {
    google: createGoogleAccess({ endpoint: google.url }),
    ...probesBehind(recordedProbes(loaded.probes), {
      map: endpoints.probeMap,
      stopwatch: (url: string) => () => endpoints.latencyOf(url) ?? 0,
      resolve: endpoints.resolve,
    }),
    grants: { project: () => true, endpoint: () => true },
    now: () => clock.now(),
    redact,
  };
  const moveTo = (at: string): void => clock.advance(Date.parse(at) - clock.now().getTime());
  const statementsBy = (until: string): Statement[] =>
    issue.comments
      .map(({ by, at, body }, index) => ({
        by,
        at,
        text: body,
        url: `${issueUrl}#issuecomment-${String(index + 1)}`,
      }))
      .filter(({ at }) => Date.parse(at) <= Date.parse(until));

  async function samplesBetween(from: string, to: string): Promise<TakenSample[]> {
    const samples: TakenSample[] = [];
    const first = Math.max(Date.parse(from), Date.parse(to) - hourMs);
    for (let at = first; at < Date.parse(to); at += sampleEveryMs) {
      moveTo(new Date(at).toISOString());
      const figures = sampledFigures(await collect({ configuration, light: true }, deps));
      samples.push({
        at: new Date(at).toISOString(),
        pauseS: at === first ? null : sampleEveryMs / 1_000,
        figures,
      });
    }
    return samples;
  }

  return {
    scenario,
    configuration,
    issue,
    issueUrl,
    statementsBy,
    async read(at, { sampledFrom, earlier, firstEvidence = 1, ...asked }) {
      const samples = await samplesBetween(sampledFrom, at);
      moveTo(at);
      const answers = openGitHubAnswers(request, {
        owner,
        name: repository,
        page,
        issue: scenario.focus,
        since: changesSince(clock.now(), issue.at),
        earlier,
        comments: commentsAtFirst,
      });
      const statements = statementsBy(at);
      const snapshot = await collect(
        { configuration, statements, github: answers, firstEvidence, ...asked },
        deps,
      );
      return withSeries(snapshot, samples, nextEvidence(snapshot, firstEvidence));
    },
    async close() {
      await standIns.close();
      const refusals = [...github.refusals, ...google.refusals];
      if (refusals.length > 0) throw new Error(`the stand-ins refused:\n${refusals.join('\n')}`);
    },
  };
}

/** A time of the scenario's, so many minutes later. */
export function minutesAfter(at: string, minutes: number): string {
  return later(at, minutes * 60_000);
}

function configurationOf(text: string): Configuration {
  const { configuration: file, errors } = readRepositoryConfiguration(text, 'sitrep.yml');
  const resolved = file === null || errors.length > 0 ? null : resolveEnvironment(file);
  if (resolved === null || 'error' in resolved) throw new Error('the scenario has a sitrep.yml with errors');
  return resolved;
}
