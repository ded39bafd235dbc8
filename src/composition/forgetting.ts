import type { Transaction } from 'kysely';
import { failureStatus, type GitHubRequest } from '../core/github-request.ts';
import type { InstallationChanges } from '../handlers/installation-changed.ts';
import type { Queue } from '../queue/port.ts';
import { recordAudit } from '../store/audit.ts';
import type { CheckpointClock } from '../store/checkpoints.ts';
import { forget, forgottenAmong, noteForgotten, type Forgettable } from '../store/forget.ts';
import { resumeInstallation, suspendInstallation } from '../store/installations.ts';
import type { Store } from '../store/open.ts';
import type { Database } from '../store/schema.ts';
import { z } from 'zod';

/** Longer than a job may run (`queue/boss.ts`): what one kept just after the removal is gone after it. */
const againMs = 10 * 60_000;

export interface ForgettingDeps {
  store: Store;
  queue: Queue;
  /** The client of the App itself. */
  appRequest: GitHubRequest;
  clock: CheckpointClock;
  now: () => Date;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/**
 * What follows from what happened to an installation. A webhook is a hint, which may be old or sent again: GitHub is asked
 * whether it is so before anything is deleted.
 */
export function forgetting(deps: ForgettingDeps): InstallationChanges {
  const { store, appRequest, clock, log } = deps;

  async function ask(installationId: number): Promise<{ suspended: boolean } | null> {
    const data = await unless404(
      appRequest('GET /app/installations/{installation_id}', { installation_id: installationId }),
    );
    return data === null ? null : { suspended: installationAnswer.parse(data).suspended_at !== null };
  }

  return {
    async removed(installationId, delivery) {
      if ((await ask(installationId)) !== null)
        return log.warn(
          { installation: installationId, delivery },
          'GitHub still has it: nothing is deleted',
        );
      await forgetForGood(deps, { installationId, repositoryId: null }, delivery);
    },
    async repositoriesRemoved(installationId, repositories, delivery) {
      for (const { id: repositoryId, name } of repositories) {
        const about = { installation: installationId, repositoryId, delivery };
        if ((await holderOf(appRequest, name)) === installationId)
          log.warn(about, 'the App still has the repository: nothing is deleted');
        else await forgetForGood(deps, { installationId, repositoryId }, delivery);
      }
    },
    async suspended(installationId) {
      if ((await ask(installationId))?.suspended !== true) return;
      await store.db.transaction().execute((trx) => suspendInstallation(trx, installationId));
      log.info({ installation: installationId }, 'suspended: nothing comes by itself there');
    },
    async unsuspended(installationId) {
      if ((await ask(installationId))?.suspended !== false) return;
      await store.db.transaction().execute((trx) => resumeInstallation(trx, installationId, clock));
      log.info({ installation: installationId }, 'suspended no more');
    },
  };
}

const installationAnswer = z.object({ suspended_at: z.string().nullable() });
const holderAnswer = z.object({ id: z.int() });

/** The installation through which the App has a repository; null where it has it through none. */
async function holderOf(request: GitHubRequest, name: string): Promise<number | null> {
  const [owner = '', repo = ''] = name.split('/');
  const data = await unless404(request('GET /repos/{owner}/{repo}/installation', { owner, repo }));
  return data === null ? null : holderAnswer.parse(data).id;
}

async function unless404(answer: Promise<{ data: unknown }>): Promise<unknown> {
  try {
    return (await answer).data;
  } catch (error) {
    if (failureStatus(error) !== 404) throw error;
    return null;
  }
}

/** Deletes all of it now, and once more when what ran meanwhile has ended. */
async function forgetForGood(
  { store, queue, now, log }: ForgettingDeps,
  of: Forgettable,
  delivery: string,
): Promise<void> {
  const at = now();
  await store.db.transaction().execute(async (trx) => {
    await forgetIn(trx, queue, of, { delivery, at, spared: delivery });
    const startAfter = new Date(at.getTime() + againMs);
    const data = { kind: 'forgotten', installation: of.installationId, of: of.repositoryId, delivery };
    await queue.enqueue(trx, 'sweep', data, { startAfter });
  });
  log.info(
    { installation: of.installationId, repositoryId: of.repositoryId },
    'forgotten: the App was removed there',
  );
}

/**
 * Deletes all of it with the jobs that wait for it, in the caller's transaction; the audit keeps that it was removed.
 * `spared` is the delivery that is being carried out.
 */
export async function forgetIn(
  trx: Transaction<Database>,
  queue: Queue,
  of: Forgettable,
  { delivery, at, spared = null }: { delivery: string | null; at: Date; spared?: string | null },
): Promise<void> {
  await queue.forget(trx, await forget(trx, of, spared));
  await noteForgotten(trx, of, at);
  const { installationId, repositoryId } = of;
  await recordAudit(trx, {
    key: null,
    at,
    who: 'sitrep',
    what: repositoryId === null ? 'installation removed' : 'repository removed',
    installationId,
    repositoryId,
    repository: null,
    issue: null,
    delivery,
    detail: null,
  });
}

/** The second time: what a job kept that ran when the first came. Not where the repository is there again. */
export async function forgetAgain(
  { store, queue }: Pick<ForgettingDeps, 'store' | 'queue'>,
  of: Forgettable,
  delivery: string | null,
): Promise<void> {
  await store.db.transaction().execute(async (trx) => {
    const known = await forgottenAmong(trx, [of.installationId]);
    const noted = known.find(({ repositoryId }) => repositoryId === of.repositoryId);
    if (noted !== undefined) await forgetIn(trx, queue, of, { delivery, at: noted.at });
  });
}
