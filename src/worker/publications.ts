import { z } from 'zod';
import { failureStatus } from '../core/github-request.ts';
import { RetryLater } from '../core/retry-later.ts';

const jobData = z.object({ id: z.string() });

/** A reaction on a command. */
interface Owed {
  commentId: number;
  content: string;
}

export interface PublicationWorkerDeps {
  /**
   * Posts what is stored, exactly once. `refused` where GitHub will never take it: nothing is owed then.
   *
   * @throws where a later try may succeed.
   */
  post(id: string): Promise<'out' | 'refused'>;
  /** The reactions that follow a posting and were not given yet. */
  owed(id: string): Promise<Owed[]>;
  react(id: string, owed: Owed): Promise<void>;
  settled(id: string, owed: Owed): Promise<void>;
  log: { warn(fields: object, message: string): void };
}

/** Carries out one publication: the comment, then the reactions on the commands that it answers. */
export async function workPublication(deps: PublicationWorkerDeps, job: { data: unknown }): Promise<void> {
  const { id } = jobData.parse(job.data);
  if ((await deps.post(id)) === 'refused') return;
  for (const owed of await deps.owed(id)) {
    await reactOnce(deps, id, owed);
    await deps.settled(id, owed);
  }
}

/** Giving a reaction twice leaves one; one that GitHub does not take there is logged, and nobody waits for it. */
async function reactOnce(deps: PublicationWorkerDeps, id: string, owed: Owed): Promise<void> {
  try {
    await deps.react(id, owed);
  } catch (error) {
    const status = failureStatus(error);
    const refused = status !== null && status >= 400 && status < 500 && status !== 401;
    if (error instanceof RetryLater || !refused) throw error;
    deps.log.warn({ err: error, ...owed }, 'GitHub takes no reaction there');
  }
}
