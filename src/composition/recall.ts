import type { Recollection } from '../commands/deps.ts';
import { installedOf, type Invocation } from '../core/invocation.ts';
import { noStandings } from '../core/criteria/standing.ts';
import { stateOf } from '../core/incident/state.ts';
import { standingsOf } from '../store/criteria.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { eventsOf } from '../store/events.ts';
import { findIncident } from '../store/incidents.ts';
import type { Store } from '../store/open.ts';
import { findPublication } from '../store/publications.ts';
import { latestSnapshot, snapshotOfEvidence } from '../store/snapshots.ts';

/** What the record holds of an issue: its incident, and the update before. Reads only. */
export async function recallIncident({ db }: Store, invocation: Invocation): Promise<Recollection> {
  const incident = await findIncident(db, installedOf(invocation), invocation.issue.number);
  const record = incident === null ? [] : await eventsOf(db, incident.id);
  const standing = incident === null ? noStandings : await standingsOf(db, incident.id);
  const known = { incident, record, state: stateOf(record), standing };
  const latest = incident === null ? null : await latestSnapshot(db, incident.id, { posted: true });
  if (latest === null || latest.diagnosis === null) return { ...known, update: null };
  const posting = latest.publicationId === null ? null : await findPublication(db, latest.publicationId);
  return {
    ...known,
    update: {
      snapshot: latest.snapshot,
      diagnosis: latest.diagnosis,
      posting: posting === null ? null : { id: posting.id, kind: posting.kind },
      url: posting?.commentUrl ?? null,
    },
  };
}

/** The snapshot of an issue that gave out an evidence id, with the comment that shows it. Reads only. */
export async function recallEvidence(
  { db }: Store,
  invocation: Invocation,
  id: string,
): Promise<{ snapshot: Snapshot; url: string | null } | null> {
  const incident = await findIncident(db, installedOf(invocation), invocation.issue.number);
  const found = incident === null ? null : await snapshotOfEvidence(db, incident.id, id);
  if (found === null) return null;
  const posting = found.publicationId === null ? null : await findPublication(db, found.publicationId);
  return { snapshot: found.snapshot, url: posting?.commentUrl ?? null };
}
