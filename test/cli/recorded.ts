import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { frozenClock } from '../../sandbox/clock.ts';
import { recordedProbes } from '../../sandbox/endpoints/recorded.ts';
import { loadScenario } from '../../sandbox/scenario/load.ts';
import { startStandIns } from '../../sandbox/stand-ins.ts';
import { collect } from '../../src/collectors/collect.ts';
import { createGoogleAccess } from '../../src/collectors/google-access.ts';
import { probesBehind } from '../../src/collectors/probe-layer.ts';
import { createRedactor } from '../../src/collectors/redact.ts';
import { configurationOf } from '../../src/commands/configuration.ts';
import { ownCredentials } from '../../src/config/policy.ts';
import { repositoryId } from '../../src/core/repository-id.ts';
import { snapshotSchema, type Snapshot } from '../../src/core/snapshot.ts';

/** Reads what `sitrep collect --record` has written. */

const isRecorded = ({ component }: { component: string }) => component !== repositoryId;

/**
 * What a recording is compared by: all that was read but of the repository, which is not recorded. The id of a line is
 * another one with other words in it.
 */
export function evidenceOf({ window, observations, gaps, changes }: Snapshot) {
  return {
    window,
    observations: observations.filter(isRecorded).map(withoutSignature),
    gaps: gaps.filter(isRecorded),
    changes: changes.filter(isRecorded),
  };
}

/** An observation without the id of its line. */
export function withoutSignature(one: Snapshot['observations'][number]) {
  const without = { ...one };
  delete without.signature;
  return without;
}

export async function snapshotIn(file: string): Promise<Snapshot> {
  return snapshotSchema.parse(JSON.parse(await readFile(file, 'utf8')));
}

export async function textsIn(recording: string): Promise<{ file: string; text: string }[]> {
  const files = await readdir(recording, { recursive: true, withFileTypes: true });
  return Promise.all(
    files
      .filter((file) => file.isFile())
      .map(async ({ parentPath, name }) => ({
        file: name,
        text: await readFile(join(parentPath, name), 'utf8'),
      })),
  );
}

/** Reads a recording as the app does, without the app around it. */
export async function readAgain(recording: string): Promise<Snapshot> {
  const loaded = await loadScenario(recording);
  const clock = frozenClock(new Date(loaded.scenario.start));
  const standIns = await startStandIns({ loaded, clock });
  const { google, endpoints } = standIns;
  const read = configurationOf(loaded.configuration, undefined);
  if (read.kind !== 'usable') throw new Error(`${recording} has no configuration`);
  try {
    const snapshot = await collect(
      { configuration: read.configuration },
      {
        google: createGoogleAccess({ endpoint: google.url }),
        ...probesBehind(recordedProbes(loaded.probes), {
          map: endpoints.probeMap,
          stopwatch: (url) => () => endpoints.latencyOf(url) ?? 0,
        }),
        grants: ownCredentials,
        now: () => clock.now(),
        redact: createRedactor(),
      },
    );
    expect({ refusals: google.refusals, unrecorded: google.unrecorded }).toEqual({
      refusals: [],
      unrecorded: [],
    });
    return snapshot;
  } finally {
    await standIns.close();
  }
}
