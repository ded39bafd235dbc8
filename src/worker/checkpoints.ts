import { z } from 'zod';
import { jobDataOf } from './job-data.ts';

const jobData = z.object({ incident: z.uuid(), kind: z.string() });

/** A checkpoint that was taken, as the worker takes it up. */
export interface TakenCheckpoint {
  /** owner/name */
  repository: string;
  issue: number;
  /** A later checkpoint of the incident that is due too, and makes this one superfluous; null for none. */
  overtakenBy: string | null;
}

export interface CheckpointWorkerDeps<Checkpoint extends TakenCheckpoint> {
  /** Null where it was cancelled since, or its incident is gone. */
  load(incident: string, kind: string): Promise<Checkpoint | null>;
  post(checkpoint: Checkpoint): Promise<{ posted: true } | { posted: false; reason: string }>;
  /** Cancels it, and with it those that would follow: nothing can be posted there. */
  cancel(incident: string, kind: string): Promise<void>;
  log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
}

/**
 * Posts one checkpoint whose time has come. Where nothing can be posted it says so once, in the log, and ends the
 * incident's checkpoints; the next update that somebody asks for begins them anew. A failure is thrown on, so that
 * the queue tries again; the checkpoints that follow do not depend on it.
 */
export async function workCheckpoint<Checkpoint extends TakenCheckpoint>(
  deps: CheckpointWorkerDeps<Checkpoint>,
  job: { data: unknown; attempt: number },
): Promise<void> {
  const { incident, kind } = jobDataOf(jobData, job);
  const checkpoint = await deps.load(incident, kind);
  if (checkpoint === null) return;
  const { repository, issue, overtakenBy } = checkpoint;
  const about = { repository, issue, checkpoint: kind };
  if (overtakenBy !== null) {
    deps.log.info({ ...about, overtakenBy }, 'a checkpoint is left out: a later one is due');
    return;
  }
  try {
    const end = await deps.post(checkpoint);
    if (end.posted) return;
    deps.log.warn({ ...about, reason: end.reason }, `no more checkpoints there: ${end.reason}`);
    await deps.cancel(incident, kind);
  } catch (error) {
    deps.log.error({ err: error, ...about, attempt: job.attempt }, 'a checkpoint failed');
    throw error;
  }
}
