import { setTimeout as delay } from 'node:timers/promises';
import type { GapReason } from '../core/snapshot.ts';
import type { CollectWatch, WatchedRead } from './collect.ts';
import type { Changed, Measured, Missed, Reading } from './collector.ts';
import type { Deadline, ReadTime } from './deadline.ts';
import type { PlannedRead } from './plan-reads.ts';
import { asReadFailure, raced, ReadFailure } from './read-failure.ts';
import { timed } from './read-times.ts';
import type { Timed } from './read-times.ts';
import { remedy } from './remedy.ts';
import { pauseBeforeRetry } from './retry.ts';
import type { Slots } from './slots.ts';

/** A gap with its remedy, not yet numbered. */
export type RemediedGap = Missed & { remedy: string };

/** What became of one read: either what it gave, or a gap for each of its components. */
export interface SettledRead {
  planned: PlannedRead;
  /** When its answer was there, the oldest of several; of one that failed, when that was known. */
  at: string;
  observations: Measured[];
  gaps: RemediedGap[];
  changes: Changed[];
  /** Why it failed; null where it did not. */
  failed: GapReason | null;
}

interface SettleOptions {
  deadline: Deadline;
  slots: Slots;
  now: () => Date;
  /** From 0 to 1, by chance. */
  random: () => number;
  redact: (text: string) => Promise<string>;
  onRead: CollectWatch['onRead'] | undefined;
}

/** Makes a read when its turn comes, and waits for it no longer than its time. Never rejects. */
export async function settle(planned: PlannedRead, options: SettleOptions): Promise<SettledRead> {
  const settled = await attempt(planned, options);
  options.onRead?.({
    ...watched(planned),
    outcome: settled.failed ?? 'ok',
    gaps: settled.gaps.map(({ component, reason }) => ({ component, reason })),
  });
  return settled;
}

/** A read as those know it who look on. */
export function watched({ collector, read }: PlannedRead): WatchedRead {
  return { collector, components: read.components };
}

async function attempt(planned: PlannedRead, options: SettleOptions): Promise<SettledRead> {
  const { refusal, remedyFacts } = planned;
  try {
    if (refusal) throw refusal;
    const { result: reading, readAt, googleAt } = await readInTurn(planned, options);
    const gaps = await Promise.all(
      (reading.gaps ?? []).map(async ({ remedy: own, ...gap }) => ({
        ...gap,
        detail: await redactedDetail(gap.detail, options),
        remedy: own ?? remedy(gap.reason, { ...remedyFacts, source: gap.source }),
      })),
    );
    const { changes = [] } = reading;
    const observations = reading.observations.map((seen) => asFarAs(googleAt, seen));
    const at = (readAt ?? options.now()).toISOString();
    return { planned, at, observations, gaps, changes, failed: null };
  } catch (error) {
    const failure = asReadFailure(error, 'invalid-response');
    const gaps = await gapsOf(failure, planned, options);
    return {
      planned,
      at: options.now().toISOString(),
      observations: [],
      gaps,
      changes: [],
      failed: failure.reason,
    };
  }
}

/** Clocks of machines differ by less. Milliseconds. */
const clocksDiffer = 60_000;

/**
 * A window that ends after the time by Google's clock is not over: our clock is ahead, and what was counted in it, be it
 * nothing, is a lower bound.
 */
function asFarAs(googleAt: Date | null, seen: Measured): Measured {
  if (googleAt === null || seen.window === null) return seen;
  const isOver = Date.parse(seen.window.to) <= googleAt.getTime() + clocksDiffer;
  return isOver ? seen : { ...seen, partial: true };
}

/** Waits for a place among the reads of the same API; the read's own time begins with it. */
async function readInTurn(planned: PlannedRead, options: SettleOptions): Promise<Timed<Reading>> {
  const { deadline, slots } = options;
  const free = await slots.take(planned.remedyFacts.api, deadline.signal).catch((error: unknown) => {
    const { reason, detail } = asReadFailure(error, 'budget');
    throw new ReadFailure(reason, `not asked: too much stood before it; ${detail}`);
  });
  const time = deadline.startRead();
  try {
    return await readWithin(time, planned, options);
  } finally {
    time.end();
    free();
  }
}

/** A read that failed is tried again where that may help and fits into its time; what an endpoint answers counts. */
async function readWithin(
  time: ReadTime,
  { read, remedyFacts }: PlannedRead,
  { random }: SettleOptions,
): Promise<Timed<Reading>> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await timed(() => raced(read.run(time.signal), time.signal));
    } catch (error) {
      const failure = asReadFailure(error, 'invalid-response');
      const left = { tries, leftMs: time.leftMs(), random: random() };
      const pause = remedyFacts.api === 'probe' ? null : pauseBeforeRetry(failure, left);
      if (pause === null) throw tries === 1 ? failure : afterTries(failure, tries);
      await raced(delay(pause), time.signal).catch(() => {
        throw afterTries(failure, tries);
      });
    }
  }
}

function afterTries({ reason, detail, service, retryAfterMs }: ReadFailure, tries: number): ReadFailure {
  return new ReadFailure(reason, `${detail} (${tries} tries)`, { service, retryAfterMs });
}

async function gapsOf(
  failure: ReadFailure,
  planned: PlannedRead,
  options: SettleOptions,
): Promise<RemediedGap[]> {
  const { read, remedyFacts } = planned;
  if (read.derived) return [];
  const detail = await redactedDetail(failure.detail, options);
  return read.components.map((component) => ({
    component,
    signal: read.signal,
    reason: failure.reason,
    detail,
    remedy:
      failure.remedy ?? remedy(failure.reason, { ...remedyFacts, api: failure.service ?? remedyFacts.api }),
    source: read.source,
  }));
}

/** Foreign text that could not be redacted is withheld. */
async function redactedDetail(detail: string, { redact }: SettleOptions): Promise<string> {
  try {
    return await redact(detail);
  } catch {
    return 'withheld: it could not be redacted';
  }
}
