import { z } from 'zod';
import { failureStatus } from '../core/github-request.ts';
import { RetryLater } from '../core/retry-later.ts';
import { jobDataOf } from './job-data.ts';

const jobData = z.union([
  z.object({ id: z.string() }),
  /** The labels of an incident, where no comment tells of them. */
  z.object({ labels: z.string() }),
]);

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
  /** Brings the labels of an incident's issue to what the record wants; writes only what differs. */
  keepLabels(of: { posting: string } | { incident: string }): Promise<void>;
  /** Closes or opens the issue where the posting wants that; once, and only where it is not so already. */
  bringIssue(id: string): Promise<void>;
  /** Pins the living comment, and folds away what the posting has made out of date. */
  tidy(id: string): Promise<void>;
  log: { warn(fields: object, message: string): void };
}

/**
 * Carries out one publication: the comment, then the reactions on the commands that it answers, then the labels, then
 * whether the issue is open, and what makes it readable.
 */
export async function workPublication(deps: PublicationWorkerDeps, job: { data: unknown }): Promise<void> {
  const data = jobDataOf(jobData, job);
  if ('labels' in data) return await keepLabels(deps, { incident: data.labels });
  const { id } = data;
  if ((await deps.post(id)) === 'refused') return;
  for (const owed of await deps.owed(id)) {
    await reactOnce(deps, id, owed);
    await deps.settled(id, owed);
  }
  await keepLabels(deps, { posting: id });
  await orRefused(deps, 'GitHub does not let the issue be opened or closed', { posting: id }, () =>
    deps.bringIssue(id),
  );
  await orRefused(deps, 'GitHub pins no comment there', { posting: id }, () => deps.tidy(id));
}

async function keepLabels(
  deps: PublicationWorkerDeps,
  of: { posting: string } | { incident: string },
): Promise<void> {
  await orRefused(deps, 'GitHub takes no label there', of, () => deps.keepLabels(of));
}

/** Giving a reaction twice leaves one; one that GitHub does not take there is logged, and nobody waits for it. */
async function reactOnce(deps: PublicationWorkerDeps, id: string, owed: Owed): Promise<void> {
  await orRefused(deps, 'GitHub takes no reaction there', owed, () => deps.react(id, owed));
}

/** What GitHub will not take, however often it is asked, is logged; all else is tried again. */
async function orRefused(
  { log }: PublicationWorkerDeps,
  message: string,
  about: object,
  attempt: () => Promise<void>,
): Promise<void> {
  try {
    await attempt();
  } catch (error) {
    const status = failureStatus(error);
    const refused = status !== null && status >= 400 && status < 500 && status !== 401;
    if (error instanceof RetryLater || !refused) throw error;
    log.warn({ err: error, ...about }, message);
  }
}
