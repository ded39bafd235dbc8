import { z } from 'zod';
import { RetryLater } from '../core/retry-later.ts';
import { finalReason } from './failures.ts';

const jobData = z.object({
  incident: z.uuid(),
  /** When the refresh was due; missing where the comment is only written anew from what is recorded. */
  due: z.iso.datetime().optional(),
});

export interface BoardWorkerDeps {
  /** Looks again, and records it; `over` where no other refresh should come. */
  look(
    incident: string,
    due: string,
  ): Promise<{ looked: true } | { looked: false; reason: string; over: boolean }>;
  /** Writes the living comment from what is recorded; nothing where it says that already. */
  write(incident: string): Promise<void>;
  /** The refresh came to nothing: the next one is tried later. */
  postpone(incident: string): Promise<void>;
  /** Ends the refreshes; the next update that somebody asks for begins them anew. */
  end(incident: string): Promise<void>;
  log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
}

/**
 * Looks after the living comment of one incident. A refresh that fails is not tried again at once: the next one comes in
 * minutes, and the comment says when it was read. Writing is tried again, unless GitHub will never take it.
 */
export async function workBoard(deps: BoardWorkerDeps, job: { data: unknown }): Promise<void> {
  const { incident, due } = jobData.parse(job.data);
  if (due === undefined) return await write(deps, incident);
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

async function write(deps: BoardWorkerDeps, incident: string): Promise<void> {
  try {
    await deps.write(incident);
  } catch (error) {
    const reason = error instanceof RetryLater ? null : finalReason(error);
    if (reason === null) throw error;
    deps.log.warn({ err: error, incident, reason }, 'GitHub does not let the living comment be written');
  }
}
