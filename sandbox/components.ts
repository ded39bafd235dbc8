import { readRepositoryConfiguration, resolveEnvironment } from '../src/config/repository.ts';
import { buildGraph } from '../src/core/graph.ts';
import { indexObservations } from '../src/core/observations.ts';
import type { Snapshot } from '../src/core/snapshot.ts';
import { statesOf } from '../src/core/states.ts';
import type { SeenComponents } from './page/port.ts';

/** The components of a configuration as a snapshot shows them; as unknown, where there is none yet. */
export function seenComponents(configuration: string, snapshot: Snapshot | null): SeenComponents | null {
  const { configuration: file } = readRepositoryConfiguration(configuration);
  if (file === null) return null;
  const resolved = resolveEnvironment(file, snapshot?.environment);
  if ('error' in resolved) return null;
  const index = indexObservations(snapshot ?? nothingSeen);
  return {
    environment: resolved.environment,
    types: Object.fromEntries(Object.entries(resolved.components).map(([id, { type }]) => [id, type])),
    graph: buildGraph(resolved, index),
    takenAt: snapshot?.takenAt ?? null,
    states: statesOf(resolved, index),
  };
}

const epoch = '1970-01-01T00:00:00Z';
const nothingSeen: Snapshot = {
  version: 1,
  takenAt: epoch,
  window: { from: epoch, to: epoch },
  budgetMs: 0,
  observations: [],
  gaps: [],
  statements: [],
  changes: [],
  history: [],
  previous: null,
};
