import { z } from 'zod';
import { RetryLater } from '../core/retry-later.ts';
import { jobDataOf } from './job-data.ts';

const jobData = z.object({
  incident: z.uuid(),
  /** When the refresh was due, UTC. */
  due: z.iso.datetime(),
});

export interface RefreshWorkerDeps {
  /** Looks again, and records it; `over` where no other refresh should come. */
  look(
    incident: string,
    due: string,
  ): Promise<{ looked: true } | { looked: false; reason: string; over: boolean }>;
  /** The refresh came to nothing: the next one is tried later. */
  postpone(incident: string): Promise<void>;
  /** Ends the refreshes; the next update that somebody asks for begins them anew. */
  end(incident: string): Promise<void>;
  log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
}

/** Whether a job of the queue `checkpoints` is a refresh of a living comment. */
export function isRefresh({ data }: { data: unknown }): boolean {
  return jobData.safeParse(data).success;
}

/**
 * Looks again for the living comment of one incident. A refresh that fails is not tried again at once: the next one comes
 * in minutes, and the comment says when it was read.
 */
export async function workRefresh(deps: RefreshWorkerDeps, job: { data: unknown }): Promise<void> {
  const { incident, due } = jobDataOf(jobData, job);
  try {
    const end = await deps.look(incident, due);
    if (end.looked) return;
    if (end.over) {
      deps.log.info({ incident, reason: end.reason }, `no more refreshes there: ${end.reason}`);
      await deps.end(incident);
      return;
    }
    deps.log.warn({ incident, reason: end.reason }, 'a living comment is not refreshed');
  } catch (error) {
    if (error instanceof RetryLater) throw error;
    deps.log.warn({ err: error, incident }, 'a living comment could not be refreshed; it is tried later');
  }
  await deps.postpone(incident);
}
