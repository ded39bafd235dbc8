import { z } from 'zod';

const jobData = z.object({ incident: z.uuid(), call: z.uuid() });

export interface LookWorkerDeps<Incident extends object> {
  /** Null where the incident is gone. */
  load(incident: string): Promise<Incident | null>;
  /** Looks; `id` is that of the call, the same each time it is tried again. */
  look(incident: Incident & { id: string }): Promise<void>;
}

/** Looks at an incident because samples ask for it. A failure is thrown on, so that the queue tries again. */
export async function workLook<Incident extends object>(
  deps: LookWorkerDeps<Incident>,
  job: { data: unknown },
): Promise<void> {
  const { incident, call } = jobData.parse(job.data);
  const found = await deps.load(incident);
  if (found !== null) await deps.look({ ...found, id: call });
}
