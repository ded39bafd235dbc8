import type { Diagnosis } from '../diagnosis.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NewEvent } from './events.ts';
import type { IncidentState } from './state.ts';

/** What a look is compared with. */
export interface Observed {
  snapshot: Snapshot;
  diagnosis: Diagnosis;
  /** The diagnosis of the update before; null for none. */
  previous: Diagnosis | null;
  state: IncidentState;
}

/** What a look adds to the record by itself: causes found, and changes that came about. Once each. */
export function observedEvents({ snapshot, diagnosis, previous }: Observed): NewEvent[] {
  return [...causeFound(snapshot, diagnosis, previous), ...changesSeen(snapshot)];
}

function causeFound(
  { takenAt }: Snapshot,
  { root, findings }: Diagnosis,
  previous: Diagnosis | null,
): NewEvent[] {
  const before = previous?.root;
  if (root.cause === 'unknown' || before?.cause === root.cause) return [];
  const { cause, component, verdict } = root;
  const evidence =
    findings.find((finding) => finding.cause === cause && finding.component === component)?.evidence ?? [];
  const body = { kind: 'cause', cause, component, verdict, evidence } as const;
  return [{ key: `cause ${cause} ${component} ${takenAt}`, at: takenAt, by: 'sitrep', url: null, body }];
}

function changesSeen({ changes }: Snapshot): NewEvent[] {
  return changes
    .filter(({ kind }) => kind !== 'drift')
    .map(({ id, kind, component, at, revision, number, sha, title, url, by }) => ({
      key: `change ${kind} ${component} ${revision ?? sha ?? String(number ?? at)}`,
      at,
      by: by ?? 'sitrep',
      url: url ?? null,
      body: {
        kind: 'change',
        change: kind,
        component,
        title: title ?? revision ?? sha ?? kind,
        page: url ?? null,
        evidence: [id],
      },
    }));
}
