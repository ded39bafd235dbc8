import type { Transaction } from 'kysely';
import type { Posting } from '../commands/deps.ts';
import type { NewEvent } from '../core/incident/events.ts';
import { lockIncident } from '../store/incidents.ts';
import { storedAmong, unaskedSince } from '../store/publications.ts';
import type { Database } from '../store/schema.ts';

const hourMs = 3_600_000;

/**
 * What nobody asked for comes at most so often an hour as the policy says: beyond that it is not posted, and the living
 * comment names it. What happened is recorded all the same.
 */
export async function withinNoise<Due extends Pick<Posting, 'id' | 'kind' | 'asked'>>(
  { now, commentsPerHour }: { now: () => Date; commentsPerHour: number },
  trx: Transaction<Database>,
  incidentId: string,
  { postings, events }: { postings: readonly Due[]; events: readonly NewEvent[] },
): Promise<{ postings: readonly Due[]; events: readonly NewEvent[] }> {
  const unasked = postings.filter(({ asked }) => asked === false);
  if (unasked.length === 0) return { postings, events };
  // Locked, so that two that are recorded at once count each other.
  await lockIncident(trx, incidentId);
  const before = await unaskedSince(trx, incidentId, new Date(now().getTime() - hourMs));
  const stored = await storedAmong(
    trx,
    unasked.map(({ id }) => id),
  );
  const beyond = unasked
    .filter(({ id }) => !stored.includes(id))
    .slice(Math.max(0, commentsPerHour - before));
  if (beyond.length === 0) return { postings, events };
  const ids = new Set(beyond.map(({ id }) => id));
  const folded = beyond.map(({ id, kind }): NewEvent => ({
    key: `folded ${id}`,
    at: now().toISOString(),
    by: 'sitrep',
    url: null,
    body: { kind: 'folded', update: kind.replace(/-unchanged$/u, '') },
  }));
  return {
    postings: postings.filter(({ id }) => !ids.has(id)),
    events: [...events.filter(({ body }) => body.kind !== 'updated' || !ids.has(body.posting)), ...folded],
  };
}
