import { z } from 'zod';
import { jobDataOf } from './job-data.ts';

const jobData = z.object({ incident: z.uuid() });

/** An incident that is sampled, as the worker takes it up. */
export interface OpenIncident {
  /** owner/name */
  repository: string;
  issue: number;
}

/** What became of a sample: it is kept, or no other will be taken, for a reason. */
export type SampleEnd = { taken: true } | { taken: false; reason: string };

export interface SampleWorkerDeps<Incident extends OpenIncident> {
  /** Null where the incident is sampled no more. */
  load(incident: string): Promise<Incident | null>;
  /** Reads the light set and keeps it. */
  take(incident: Incident): Promise<SampleEnd>;
  /** Lets the incident go for this minute: the next one is tried again. */
  release(incident: string): Promise<void>;
  /** Ends the samples of the incident; the next update begins them anew. */
  end(incident: string): Promise<void>;
  log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
}

/**
 * Takes one sample of an open incident. It never fails: a minute that cannot be sampled is a hole, which is seen where
 * the samples are used, and trying again would only make the next one late.
 */
export async function workSample<Incident extends OpenIncident>(
  deps: SampleWorkerDeps<Incident>,
  job: { data: unknown },
): Promise<void> {
  const { incident } = jobDataOf(jobData, job);
  try {
    const found = await deps.load(incident);
    if (found === null) return;
    const end = await deps.take(found);
    if (end.taken) return;
    const { repository, issue } = found;
    deps.log.info({ repository, issue, reason: end.reason }, `no more samples there: ${end.reason}`);
    await deps.end(incident);
  } catch (error) {
    deps.log.warn({ err: error, incident }, 'a sample could not be taken; the next one is due in a minute');
    await deps.release(incident).catch(() => undefined); // it is due again when it counts as lost
  }
}
