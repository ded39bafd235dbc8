import { frozenClock } from '../../sandbox/clock.ts';
import { startEndpoints } from '../../sandbox/endpoints.ts';
import { recordedProbes } from '../../sandbox/endpoints/recorded.ts';
import { startGoogle } from '../../sandbox/google/server.ts';
import { loadScenario } from '../../sandbox/scenario/load.ts';
import type { ScenarioExpectation } from '../../sandbox/scenario/schema.ts';
import { collect } from '../../src/collectors/collect.ts';
import { createGoogleAccess } from '../../src/collectors/google-access.ts';
import { probesBehind } from '../../src/collectors/probe-layer.ts';
import { readRepositoryConfiguration, resolveEnvironment } from '../../src/config/repository.ts';
import type { Configuration } from '../../src/config/repository.schema.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';

export interface Played {
  configuration: Configuration;
  snapshot: Snapshot;
  expected: ScenarioExpectation;
  /** What the stand-in of Google Cloud refused: empty after honest work. */
  refusals: string[];
}

/** What the world says is looked at here, not how long a busy machine takes to say it. */
const patienceMs = 60_000;

const plays = new Map<string, Promise<Played>>();

/** As `play`, once for each scenario and time: the world does not change between two readings of it. */
export function playScenario(name: string, minutesIn = 0): Promise<Played> {
  const key = `${name} ${minutesIn}`;
  const known = plays.get(key) ?? play(name, minutesIn);
  plays.set(key, known);
  return known;
}

/** Collects a scenario's snapshot over the real protocols, with what people had said by then as statements. */
async function play(name: string, minutesIn: number): Promise<Played> {
  const { scenario, answers, probes, configuration: text, expected } = await loadScenario(name);
  if (!expected) throw new Error(`${name} has no expect.yml`);
  const clock = frozenClock(new Date(Date.parse(scenario.start) + minutesIn * 60_000));
  const configuration = configurationOf(text);
  const google = await startGoogle({ scenario, clock, answers });
  const endpoints = await startEndpoints({ scenario, clock });
  const probing = {
    map: endpoints.probeMap,
    stopwatch: (url: string) => () => endpoints.latencyOf(url) ?? 0,
    resolve: endpoints.resolve,
  };
  try {
    const focus = scenario.issues.find(({ number }) => number === scenario.focus);
    const statements = (focus?.comments ?? []).map(({ by, at, body }, index) => ({
      by,
      at,
      text: body,
      url: `https://github.com/${scenario.repository.owner}/${scenario.repository.name}/issues/${scenario.focus}#issuecomment-${index + 1}`,
    }));
    const snapshot = await collect(
      { configuration, statements, budgetMs: patienceMs, collectorMs: patienceMs },
      {
        google: createGoogleAccess({ endpoint: google.url }),
        ...probesBehind(recordedProbes(probes), probing),
        grants: { project: () => true, endpoint: () => true },
        now: () => clock.now(),
        redact: (foreign) => foreign,
      },
    );
    return { configuration, snapshot, expected, refusals: google.refusals };
  } finally {
    await Promise.all([google.close(), endpoints.close()]);
  }
}

function configurationOf(text: string): Configuration {
  const { configuration: file, errors } = readRepositoryConfiguration(text, 'sitrep.yml');
  if (!file || errors.length > 0) {
    throw new Error(errors.map(({ line, message }) => `sitrep.yml:${line}: ${message}`).join('\n'));
  }
  const resolved = resolveEnvironment(file);
  if ('error' in resolved) throw new Error(resolved.error);
  return resolved;
}
