import { repositorySchema } from '../../src/config/repository.schema.ts';
import type { Configuration } from '../../src/config/repository.schema.ts';
import { diagnosisSchema } from '../../src/core/diagnosis.ts';
import type { Diagnosis } from '../../src/core/diagnosis.ts';
import type { CriteriaInput } from '../../src/core/criteria.ts';
import type { Gap, GapReason, Observation, Snapshot } from '../../src/core/snapshot.ts';

/** Snapshots for criteria: `at` is 18:05, the window the hour before. */

const takenAt = '2025-09-15T18:05:00Z';
const window = { from: '2025-09-15T17:05:00Z', to: takenAt };
export const windowBefore = { from: '2025-09-15T16:05:00Z', to: window.from };

const source = { api: 'monitoring.googleapis.com', method: 'projects.timeSeries.list', query: 'q' };

/** One value of a component over the window, or a present one for signals of a probe. */
export function saw(
  id: string,
  component: string,
  signal: string,
  value: string,
  more: Partial<Observation> = {},
): Observation {
  const present = ['status', 'latency'].includes(signal);
  const unit = signal === 'latency' || signal === 'connect.time' ? 's' : null;
  return {
    id,
    component,
    signal,
    value,
    unit,
    window: present ? null : window,
    at: takenAt,
    source,
    ...more,
  };
}

/** What could not be read. */
export function gap(id: string, component: string, signal: string, reason: GapReason, api = source.api): Gap {
  return { id, component, signal, reason, detail: '', remedy: '', at: takenAt, source: { ...source, api } };
}

export const quiet: Diagnosis = diagnosisSchema.parse({
  verdict: 'unknown',
  root: { cause: 'unknown', component: 'backend', verdict: 'unknown' },
  chain: [],
  second: null,
  unexplained: [],
  labels: [],
  findings: [],
  alternatives: [],
  contradictions: [],
  differences: [],
  missing: [],
});

export const configuration: Configuration = repositorySchema.parse({
  version: 1,
  components: {
    backend: { type: 'cloud-run', service: 'backend' },
    api: { type: 'http', url: 'https://api.example.com/', depends_on: ['backend'] },
    web: { type: 'http', url: 'https://web.example.com/', expect: { status: 204, within: '2s' } },
    chat: { type: 'websocket', url: 'wss://api.example.com/ws' },
  },
  journeys: { 'golden-path': { title: 'Login', steps: ['api', 'web'] } },
});

/** An input with the given observations and gaps. */
export function input(
  observations: Observation[],
  gaps: Gap[] = [],
  more: { snapshot?: Partial<Snapshot>; diagnosis?: Diagnosis | null; configuration?: Configuration } = {},
): CriteriaInput {
  const snapshot: Snapshot = {
    version: 1,
    takenAt,
    window,
    budgetMs: 8_000,
    observations,
    gaps,
    statements: [],
    changes: [],
    history: [],
    previous: null,
    incident: {
      repository: 'o/r',
      public: false,
      issue: 1278,
      url: 'https://github.com/o/r/issues/1278',
      title: 't',
      severity: 'P0',
      stage: 'investigating',
      declaredAt: '2025-09-15T15:35:00Z',
      lead: null,
      regressionOf: 1263,
    },
    ...more.snapshot,
  };
  return {
    configuration: more.configuration ?? configuration,
    snapshot,
    diagnosis: more.diagnosis === undefined ? quiet : more.diagnosis,
  };
}
