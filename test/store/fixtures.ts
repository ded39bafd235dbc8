import { diagnosisSchema } from '../../src/core/diagnosis.ts';
import type { Diagnosis } from '../../src/core/diagnosis.ts';
import type { Observation, Snapshot } from '../../src/core/snapshot.ts';
import type { NewAuditEntry } from '../../src/store/audit.ts';
import type { Delivery } from '../../src/store/deliveries.ts';
import type { NewIncident } from '../../src/store/incidents.ts';
import type { NewPublication } from '../../src/store/publications.ts';

export const at = new Date('2025-09-15T17:15:00Z');

export function minutesLater(minutes: number): Date {
  return new Date(at.getTime() + minutes * 60_000);
}

export const incident: NewIncident = {
  installationId: 41,
  repositoryId: 7_000_000_001,
  repository: 'netra-systems/apex',
  issue: 1278,
  title: 'Staging is down',
  severity: 'P0',
  declaredAt: at,
};

export const delivery: Delivery = {
  guid: '5e1c0f00-0000-11f0-8000-000000000001',
  event: 'issue_comment',
  action: 'created',
  installationId: 41,
  repository: 'netra-systems/apex',
  receivedAt: at,
  payload: { issue: { number: 1278 } },
  comment: null,
};

export const auditEntry: NewAuditEntry = {
  key: null,
  at,
  who: 'dana',
  what: 'command',
  installationId: 41,
  repositoryId: 7_000_000_001,
  repository: 'netra-systems/apex',
  issue: 1278,
  delivery: '5e1c0f00-0000-11f0-8000-000000000001',
  detail: null,
};

export const publication: NewPublication = {
  id: '0d9f6c6e-6a55-5d0e-9a39-0c7f4c1c2a01',
  incidentId: null,
  installationId: 41,
  repositoryId: 7_000_000_001,
  delivery: null,
  repository: 'netra-systems/apex',
  issue: 1278,
  kind: 'status',
  body: '### 🔴 P0 investigating',
  createdAt: at,
  asked: true,
  issueState: null,
};

const source = { api: 'run.googleapis.com', method: 'Services.Get', query: 'projects/p/services/backend' };

export function observation(number: number): Observation {
  return {
    id: `E${number}`,
    component: 'backend',
    signal: 'ready',
    value: 'CONDITION_FAILED',
    unit: null,
    window: null,
    at: '2025-09-15T17:15:00Z',
    source,
  };
}

/** A snapshot that gives out these evidence numbers, shared out among observations, gaps and changes. */
export function snapshot(numbers: number[]): Snapshot {
  const gaps = numbers.filter((number) => number % 3 === 1);
  const changes = numbers.filter((number) => number % 3 === 2);
  return {
    version: 1,
    takenAt: '2025-09-15T17:15:00Z',
    window: { from: '2025-09-15T16:15:00Z', to: '2025-09-15T17:15:00Z' },
    budgetMs: 8_000,
    observations: numbers.filter((number) => number % 3 === 0).map(observation),
    gaps: gaps.map((number) => ({
      id: `E${number}`,
      component: 'connector',
      signal: '*',
      reason: 'denied',
      detail: '403',
      remedy: 'grant roles/monitoring.viewer',
      at: '2025-09-15T17:15:00Z',
      source,
    })),
    statements: [],
    changes: changes.map((number) => ({
      id: `E${number}`,
      kind: 'revision',
      component: 'backend',
      at: '2025-09-15T17:12:00Z',
      diff: [{ key: 'env.DATABASE_TIMEOUT', from: '75.0', to: '15.0' }],
      source,
    })),
    history: [],
    previous: null,
  };
}

export const diagnosis: Diagnosis = diagnosisSchema.parse({
  verdict: 'probable',
  root: { cause: 'config-drift', component: 'backend', verdict: 'probable' },
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
