import { checkpointId, postCheckpoint, type DueCheckpoint } from '../commands/checkpoint.ts';
import type { DepsFor } from '../handlers/dispatch.ts';
import type { Queue } from '../queue/port.ts';
import { postponeBoard } from '../store/boards.ts';
import {
  cancelCheckpoints,
  findCheckpoint,
  isCheckpointDue,
  postedAmong,
  takeDueCheckpoints,
  type CheckpointClock,
  type FoundCheckpoint,
} from '../store/checkpoints.ts';
import type { Store } from '../store/open.ts';
import type { CheckpointWorkerDeps, TakenCheckpoint } from '../worker/checkpoints.ts';
import { keyOf } from './issue-key.ts';
import { startSweeper, takeWhileDue, type Sweeper } from './sweeper.ts';

/** A checkpoint is late by half of this on average, and by what its job waits. */
const everyMs = 500;
/** If the checkpoint comes to nothing, the living comment is refreshed so much later. */
const boardAfterMs = 60_000;
/** Checkpoints taken in one transaction: the embedded database has one connection. */
const atOnce = 20;

/** Looks twice a second for checkpoints that are due, and makes each a job of its issue; of several processes one. */
export function startCheckpointSweeper(
  store: Store,
  queue: Queue,
  clock: CheckpointClock,
  log: { warn(fields: object, message: string): void },
): Sweeper {
  return startSweeper(
    everyMs,
    () => enqueueDue(store, queue, clock),
    (error) => log.warn({ err: error }, 'checkpoints could not be looked for; it is tried again'),
  );
}

function enqueueDue(store: Store, queue: Queue, clock: CheckpointClock): Promise<void> {
  return takeWhileDue(
    store,
    () => isCheckpointDue(store.db, clock),
    async (trx) => {
      const due = await takeDueCheckpoints(trx, clock, atOnce);
      for (const one of due) {
        const { incidentId: incident, kind } = one;
        const key = keyOf(one);
        // Its own look refreshes the living comment.
        await postponeBoard(trx, incident, boardAfterMs, clock);
        await queue.enqueue(trx, 'checkpoints', { incident, kind }, { id: checkpointId(one, one), key });
      }
      return due;
    },
  );
}

/** How the worker finds, posts and cancels the checkpoints of the store. */
export function storedCheckpoints(
  { db }: Store,
  depsFor: DepsFor,
  { now, watch }: { now: () => Date; watch?: ((lateMs: number) => void) | undefined },
): Omit<CheckpointWorkerDeps<DueCheckpoint & TakenCheckpoint>, 'log'> {
  return {
    async load(incident, kind) {
      const found = await findCheckpoint(db, incident, kind);
      return found && { ...found, missed: await missedBefore(db, found) };
    },
    async post(due) {
      const end = await postCheckpoint(depsFor(due.installationId), due);
      if (end.posted) watch?.(now().getTime() - Date.parse(due.dueAt));
      return end;
    },
    cancel: (incident, kind) => cancelCheckpoints(db, incident, kind),
  };
}

/** Kinds of the checkpoints before it, back to the one that was posted last, the oldest first. */
async function missedBefore(db: Store['db'], found: FoundCheckpoint): Promise<string[]> {
  const earlier = found.earlier.map((one) => ({ ...one, id: checkpointId(found, one) }));
  const posted = await postedAmong(
    db,
    earlier.map(({ id }) => id),
  );
  const last = earlier.findIndex(({ id }) => posted.has(id));
  const unposted = last === -1 ? earlier : earlier.slice(0, last);
  const oldest = unposted.at(-1);
  return oldest === undefined ? [] : found.since(oldest.dueAt).map(({ kind }) => kind);
}
