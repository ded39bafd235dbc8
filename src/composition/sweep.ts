import { z } from 'zod';
import { handledEvents } from '../handlers/dispatch.ts';
import type { GitHubRequest } from '../core/github-request.ts';
import { removeDoubles } from '../publish/doubles.ts';
import type { Job, Queue } from '../queue/port.ts';
import { recordedDeliveries } from '../store/deliveries.ts';
import type { Store } from '../store/open.ts';
import { auditPublication, findPublication } from '../store/publications.ts';
import { noteRedelivery, redeliveriesOf } from '../store/redeliveries.ts';
import { markSeen, seenUntil, takeRound } from '../store/rounds.ts';
import { sweepMissed, type SweepDeps } from '../worker/sweep.ts';
import { forgetAgain } from './forgetting.ts';
import type { InstallationRequest } from './installations.ts';
import { adoptDeliveries } from './orphans.ts';
import { repositoryOf } from './publications.ts';
import { jobDataOf } from '../worker/job-data.ts';

const round = 'sweep';
const everyMs = 5 * 60_000;
/** How often a process asks whether it is its turn. */
const askMs = 15_000;

export interface SweepingDeps {
  store: Store;
  queue: Queue;
  /** The client of the App itself. */
  appRequest: GitHubRequest;
  requestOf: InstallationRequest;
  appId: number;
  now: () => Date;
  watch?: SweepDeps['watch'];
  log: SweepDeps['log'];
}

const jobData = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('missed') }),
  z.object({ kind: z.literal('doubles'), id: z.string() }),
  z.object({
    kind: z.literal('forgotten'),
    installation: z.int(),
    of: z.int().nullable(),
    delivery: z.string().nullable(),
  }),
]);

/** Carries out a job of the queue `sweep`. */
export async function workSweep(deps: SweepingDeps, job: Job): Promise<void> {
  const data = jobDataOf(jobData, job);
  if (data.kind === 'doubles') return sweepDoubles(deps, data.id);
  if (data.kind === 'forgotten')
    return await forgetAgain(
      deps,
      { installationId: data.installation, repositoryId: data.of },
      data.delivery,
    );
  await adoptLeftBehind(deps);
  try {
    await sweepMissed(sweepDeps(deps));
  } catch (error) {
    // The next round comes in five minutes, and looks at the same deliveries.
    deps.log.warn({ err: error }, 'missed deliveries could not be looked for; the next sweep does');
  }
}

/** A process that ended before it had a queue may have no other start after it. */
async function adoptLeftBehind({ store, queue, log }: SweepingDeps): Promise<void> {
  try {
    const adopted = await adoptDeliveries(store, queue);
    if (adopted > 0) log.warn({ adopted }, 'accepted deliveries that had no job are taken up');
  } catch (error) {
    log.warn(
      { err: error },
      'accepted deliveries without a job could not be looked for; the next sweep does',
    );
  }
}

function sweepDeps({ store: { db }, appRequest, now, watch, log }: SweepingDeps): SweepDeps {
  return {
    request: appRequest,
    handled: handledEvents,
    now,
    seenUntil: () => seenUntil(db, round),
    markSeen: (until) => markSeen(db, round, until),
    recorded: (guids) => recordedDeliveries(db, guids),
    attempts: (guids) => redeliveriesOf(db, guids),
    noteAttempt: (guid) => noteRedelivery(db, guid),
    watch,
    log,
  };
}

async function sweepDoubles({ store, requestOf, appId, now, log }: SweepingDeps, id: string): Promise<void> {
  const publication = await findPublication(store.db, id);
  if (publication === null || publication.firstAttemptAt === null) return;
  const { installationId, issue, firstAttemptAt } = publication;
  const { owner, name: repo } = repositoryOf(publication);
  const posting = { id, owner, repo, issue, firstAttemptAt, appId };
  await removeDoubles(requestOf(installationId), posting, async ({ id: comment, url }) => {
    log.warn({ posting: id, comment }, 'a double of a comment was removed');
    await store.db
      .transaction()
      .execute((trx) => auditPublication(trx, id, 'comment deleted', now(), { comment, url }));
  });
}

/** Starts a sweep now and every five minutes, in one of all processes. What it gives ends that. */
export async function startSweeps({ store, queue, log }: SweepingDeps): Promise<() => void> {
  let atStart = true;
  const ask = async (): Promise<void> => {
    try {
      await store.db.transaction().execute(async (trx) => {
        if (await takeRound(trx, round, { everyMs, atStart }))
          await queue.enqueue(trx, 'sweep', { kind: 'missed' }, { key: 'missed' });
      });
      atStart = false;
    } catch (error) {
      log.warn({ err: error }, 'no sweep could be started; it is tried again');
    }
  };
  await ask();
  const timer = setInterval(() => void ask(), askMs);
  return () => clearInterval(timer);
}
