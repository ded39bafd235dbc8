import { z } from 'zod';
import type { GitHubRequest } from '../core/github-request.ts';

/** Looked at again from so long before the newest that was seen: what GitHub was still trying may have failed since. */
const overlapMs = 3_600_000;
const mostAttempts = 5;
const pageSize = 100;

/** What the sweep needs of the record. */
export interface SweepDeps {
  /** The client of the App itself. */
  request: GitHubRequest;
  /** `event.action` of what has a handler; nothing else is worth sending again. */
  handled: readonly string[];
  now(): Date;
  /** GitHub's time of the newest delivery that was looked at; null before the first sweep. */
  seenUntil(): Promise<Date | null>;
  markSeen(until: Date): Promise<void>;
  /** Which of these GUIDs are recorded. */
  recorded(guids: string[]): Promise<ReadonlySet<string>>;
  /** How often GitHub was asked to send each of these again; none is left out. */
  attempts(guids: string[]): Promise<ReadonlyMap<string, number>>;
  /** Called before GitHub is asked to send one again. */
  noteAttempt(guid: string): Promise<void>;
  /** Hears what came of it; nobody does where it is missing. */
  watch?: ((outcome: 'asked' | 'failed') => void) | undefined;
  log: Record<'info' | 'warn', (fields: object, message: string) => void>;
}

const delivered = z.object({
  id: z.int(),
  guid: z.string(),
  delivered_at: z.string(),
  status_code: z.int(),
  event: z.string(),
  action: z.string().nullable(),
});
type Delivered = z.infer<typeof delivered>;

/**
 * Has GitHub send again what it could not deliver while Sitrep was away: GitHub itself does not. Looks at the App's
 * deliveries back to the newest seen before, and an hour beyond (the first sweep: at those of the last hour); leaves out
 * what was taken, what is recorded, and what was sent again five times.
 */
export async function sweepMissed(deps: SweepDeps): Promise<void> {
  const seen = await deps.seenUntil();
  const { deliveries, newest } = await listDeliveries(deps.request, seen ?? deps.now());
  const missed = await missedOf(deps, deliveries);
  let failed = 0;
  for (const { id, guid } of missed) {
    await deps.noteAttempt(guid);
    try {
      await deps.request('POST /app/hook/deliveries/{delivery_id}/attempts', { delivery_id: id });
      deps.watch?.('asked');
    } catch (error) {
      failed += 1;
      deps.watch?.('failed');
      deps.log.warn({ err: error, delivery: guid }, 'a missed delivery could not be sent again');
    }
  }
  // What could not be asked for is looked at again.
  if (failed === 0) await deps.markSeen(newest ?? deps.now());
  if (missed.length > 0) deps.log.info({ missed: missed.length, failed }, 'missed deliveries are sent again');
}

/** The App's deliveries, newest first, back to an hour before what was seen. */
async function listDeliveries(
  request: GitHubRequest,
  seen: Date,
): Promise<{ deliveries: Delivered[]; newest: Date | null }> {
  const from = seen.getTime() - overlapMs;
  const deliveries: Delivered[] = [];
  let newest: Date | null = null;
  for (let cursor: string | null = null; ;) {
    const { data, headers } = await request('GET /app/hook/deliveries', {
      per_page: pageSize,
      ...(cursor === null ? {} : { cursor }),
    });
    const page = z.array(delivered).parse(data);
    newest ??= page[0] === undefined ? null : new Date(page[0].delivered_at);
    deliveries.push(...page.filter(({ delivered_at: at }) => Date.parse(at) >= from));
    cursor = nextCursor(headers['link']);
    const oldest = page.at(-1);
    if (cursor === null || oldest === undefined || Date.parse(oldest.delivered_at) < from) break;
  }
  return { deliveries, newest };
}

/** GitHub pages its deliveries by a cursor in the Link header. */
function nextCursor(link: string | number | undefined): string | null {
  const next = /<([^<>]{1,4000})>;\s{0,3}rel="next"/u.exec(String(link ?? ''))?.[1];
  return next === undefined ? null : new URL(next).searchParams.get('cursor');
}

/** The last delivery of each GUID that was never taken, oldest first. */
async function missedOf(deps: SweepDeps, deliveries: Delivered[]): Promise<Delivered[]> {
  const byGuid = Map.groupBy(deliveries, ({ guid }) => guid);
  const open = [...byGuid.values()].flatMap((attempts) => {
    const [last] = attempts;
    if (last === undefined || attempts.some(({ status_code: code }) => code >= 200 && code < 300)) return [];
    return deps.handled.includes(`${last.event}.${last.action ?? ''}`) ? [last] : [];
  });
  const guids = open.map(({ guid }) => guid);
  const [recorded, attempts] = await Promise.all([deps.recorded(guids), deps.attempts(guids)]);
  const missed = open.filter(({ guid }) => !recorded.has(guid));
  for (const { guid } of missed) {
    if ((attempts.get(guid) ?? 0) === mostAttempts)
      deps.log.warn({ delivery: guid }, `sent again ${String(mostAttempts)} times in vain; given up`);
  }
  return missed.filter(({ guid }) => (attempts.get(guid) ?? 0) < mostAttempts).toReversed();
}
