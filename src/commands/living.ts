import type { Configuration } from '../config/repository.schema.ts';
import { nextComment, plannedCheckpoints } from '../core/checkpoints.ts';
import { composeLiving } from '../core/compose/living.ts';
import { readCriteria } from '../core/criteria.ts';
import type { Disclosure } from '../core/disclosure.ts';
import { redactedInput } from '../core/redacted/input.ts';
import type { Diagnosis } from '../core/diagnosis.ts';
import type { IncidentEvent } from '../core/incident/events.ts';
import { stateOf } from '../core/incident/state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { LivingUpdate } from '../core/update.ts';
import { incidentNow } from './incident-facts.ts';

/** What the living comment is written from: the last look, and all that was recorded since. */
export interface LivingSource {
  configuration: Configuration;
  snapshot: Snapshot;
  diagnosis: Diagnosis;
  record: readonly IncidentEvent[];
  disclosure: Disclosure;
  /** When it is refreshed next; null where it is not. */
  boardAt: string | null;
  /** Comments an hour that may come unasked. */
  commentsPerHour: number;
  version: string;
}

/** Longest text of the living comment, in code points: half of what a comment may hold, the rest is for what people add. */
export const longestLiving = 30_000;

/** The living comment; null where the last look was outside an incident. Pure. */
export function livingUpdate(source: LivingSource): LivingUpdate | null {
  const { configuration, diagnosis, record, boardAt, commentsPerHour, disclosure, version } = source;
  const state = stateOf(record);
  const facts = incidentNow(source.snapshot.incident ?? null, state);
  if (facts === null) return null;
  const snapshot = { ...source.snapshot, record: [...record], incident: facts };
  const plan = plannedCheckpoints(state.plan ?? configuration.checkpoints, commentsPerHour);
  const comment = nextComment(plan, facts.declaredAt, snapshot.takenAt, state);
  const input = {
    configuration,
    snapshot,
    diagnosis,
    criteria: readCriteria({ configuration, snapshot, diagnosis }),
    plan,
    nextCheckpoint: { board: boardAt, comment: boardAt === null ? null : comment },
    version,
  };
  return composeLiving(disclosure === 'full' ? input : redactedInput(input));
}
