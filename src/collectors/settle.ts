import type { GapReason } from '../core/snapshot.ts';
import type { CollectRequest } from './collect.ts';
import type { Changed, Measured, Missed } from './collector.ts';
import type { PlannedRead } from './plan-reads.ts';
import { asReadFailure, raced } from './read-failure.ts';
import type { ReadFailure } from './read-failure.ts';
import { remedy } from './remedy.ts';

/** A gap with its remedy, not yet numbered. */
export type RemediedGap = Missed & { remedy: string };

/** What became of one read: either what it gave, or a gap for each of its components. */
export interface SettledRead {
  planned: PlannedRead;
  /** When its answer was there. */
  at: string;
  observations: Measured[];
  gaps: RemediedGap[];
  changes: Changed[];
  /** Why it failed; null where it did not. */
  failed: GapReason | null;
}

interface SettleOptions {
  signal: AbortSignal;
  now: () => Date;
  redact: (text: string) => Promise<string>;
  onRead: CollectRequest['onRead'] | undefined;
}

/** Makes a read and waits for it no longer than the signal lets it. Never rejects. */
export async function settle(planned: PlannedRead, options: SettleOptions): Promise<SettledRead> {
  const began = options.now();
  const settled = await attempt(planned, options);
  const { components } = planned.read;
  options.onRead?.({
    collector: planned.collector,
    component: components.length === 1 ? (components[0] ?? null) : null,
    ms: Date.parse(settled.at) - began.getTime(),
    outcome: settled.failed ?? 'ok',
  });
  return settled;
}

async function attempt(planned: PlannedRead, options: SettleOptions): Promise<SettledRead> {
  const { read, refusal, remedyFacts } = planned;
  try {
    if (refusal) throw refusal;
    const reading = await raced(read.run(options.signal), options.signal);
    const gaps = await Promise.all(
      (reading.gaps ?? []).map(async (gap) => ({
        ...gap,
        detail: await redactedDetail(gap.detail, options),
        remedy: remedy(gap.reason, { ...remedyFacts, source: gap.source }),
      })),
    );
    const { observations, changes = [] } = reading;
    return { planned, at: options.now().toISOString(), observations, gaps, changes, failed: null };
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
    remedy: remedy(failure.reason, { ...remedyFacts, api: failure.service ?? remedyFacts.api }),
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
