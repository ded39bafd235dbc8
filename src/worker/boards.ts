import { z } from 'zod';
import { RetryLater } from '../core/retry-later.ts';
import { finalReason } from './failures.ts';
import { jobDataOf } from './job-data.ts';

const jobData = z.object({ incident: z.uuid() });

export interface BoardWorkerDeps {
  /** Writes the living comment from what is recorded; nothing where it says that already. */
  write(incident: string): Promise<void>;
  log: { warn(fields: object, message: string): void };
}

/** Writes the living comment of one incident. It is tried again, unless GitHub will never take it. */
export async function workBoard(deps: BoardWorkerDeps, job: { data: unknown }): Promise<void> {
  const { incident } = jobDataOf(jobData, job);
  try {
    await deps.write(incident);
  } catch (error) {
    const reason = error instanceof RetryLater ? null : finalReason(error);
    if (reason === null) throw error;
    deps.log.warn({ err: error, incident, reason }, 'GitHub does not let the living comment be written');
  }
}
