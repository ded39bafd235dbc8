import { configurationOf } from '../commands/configuration.ts';
import type { CommandDeps } from '../commands/deps.ts';
import { livingUpdate, longestLiving } from '../commands/living.ts';
import { postingId } from '../commands/posting-id.ts';
import { refreshIncident } from '../commands/refresh.ts';
import { grantsFor } from '../config/policy.ts';
import { configurationKey } from '../config/remote.ts';
import { mergePage } from '../core/board/merge.ts';
import { addedAction, addedKey, pageChanges, tickEvents } from '../core/board/page-changes.ts';
import type { Disclosure } from '../core/disclosure.ts';
import type { GitHubRequest } from '../core/github-request.ts';
import type { NewEvent } from '../core/incident/events.ts';
import { stateOf } from '../core/incident/state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Update } from '../core/update.ts';
import { editOwnComment, readOwnComment, type OwnComment } from '../publish/edit-comment.ts';
import type { Queue } from '../queue/port.ts';
import {
  endBoard,
  findBoard,
  isBoardDue,
  noteBoardBody,
  noteBoardPosting,
  postponeBoard,
  takeDueBoards,
  type Board,
} from '../store/boards.ts';
import type { CheckpointClock } from '../store/checkpoints.ts';
import { appendEvents, eventsOf } from '../store/events.ts';
import type { Store } from '../store/open.ts';
import { enqueuePublication } from '../store/publications.ts';
import { latestSnapshot } from '../store/snapshots.ts';
import { version } from '../version.ts';
import type { BoardWorkerDeps } from '../worker/boards.ts';
import type { RefreshWorkerDeps } from '../worker/refreshes.ts';
import type { Shared } from './command-deps.ts';
import { disclosureInPublic, isPrivateNow } from './disclosure.ts';
import type { InstallationRequest } from './installations.ts';
import { keyOf } from './issue-key.ts';
import { layOut } from './own-templates.ts';
import { publicUpdate } from './public-update.ts';
import { repositoryOf } from './publications.ts';
import { startSweeper, takeWhileDue, type Sweeper } from './sweeper.ts';

/** How often a process looks for boards that are due. */
const everyMs = 1_000;
/** Boards taken in one transaction. */
const atOnce = 20;
/** A refresh that came to nothing is tried again after so long. */
const againMs = 5 * 60_000;
/** GitHub takes 65,536 characters of a comment; what people added counts too. */
const longest = 65_000;
/** Who ticked a box where the webhook that says so is missing: no login has spaces. */
const somebody = 'somebody, on the page';

/**
 * Makes each living comment that is due a job of its issue, in one of all processes. It goes to the queue of the
 * checkpoints: of the looks that come by themselves, an incident has one at a time.
 */
export function startBoardSweeper(
  store: Store,
  queue: Queue,
  clock: CheckpointClock,
  log: { warn(fields: object, message: string): void },
): Sweeper {
  return startSweeper(
    everyMs,
    () => enqueueDue(store, queue, clock),
    (error) => log.warn({ err: error }, 'living comments could not be looked after; it is tried again'),
  );
}

function enqueueDue(store: Store, queue: Queue, clock: CheckpointClock): Promise<void> {
  return takeWhileDue(
    store,
    () => isBoardDue(store.db, clock),
    async (trx) => {
      const boards = await takeDueBoards(trx, clock, atOnce);
      const jobs = boards.map(({ incidentId: incident, repositoryId, issue, dueAt }) => ({
        data: { incident, due: dueAt.toISOString() },
        key: keyOf({ repositoryId, issue }),
      }));
      await queue.enqueueAll(trx, 'checkpoints', jobs);
      return boards;
    },
  );
}

/** How the worker refreshes and writes the living comments of the store. */
export function storedBoards(
  shared: Shared,
  queue: Queue,
  requestOf: InstallationRequest,
  depsFor: (installationId: number) => CommandDeps,
): BoardWorkerDeps & RefreshWorkerDeps {
  const { store, checkpointClock, log } = shared;
  const { db } = store;
  return {
    log,
    async look(incident, due) {
      const board = await findBoard(db, incident);
      if (board === null || board.dueAt === null)
        return { looked: false, reason: 'it has ended', over: true };
      // Somebody looked in the meantime: the next refresh counts from there.
      if (board.dueAt.toISOString() !== due) return { looked: true };
      if (!board.watched) return { looked: false, reason: 'the incident is over', over: true };
      return await refreshIncident(depsFor(board.installationId), { ...board, dueAt: due });
    },
    write: (incident) => writeBoard(shared, queue, requestOf, incident),
    postpone: (incident) => postponeBoard(db, incident, againMs, checkpointClock),
    end: (incident) => endBoard(db, incident),
  };
}

async function writeBoard(
  shared: Shared,
  queue: Queue,
  requestOf: InstallationRequest,
  incidentId: string,
): Promise<void> {
  const { db } = shared.store;
  const board = await findBoard(db, incidentId);
  if (board === null) return;
  const disclosure = await disclosureOfBoard(shared, requestOf(board.installationId), board);
  const ours = await textOf(shared, board, disclosure);
  if (ours === null) return;
  const { posting } = board;
  if (posting === null) return await post(shared, queue, board, ours, board.generation);
  // What is being posted is written again when it is out; where GitHub took no comment, there is none to edit.
  if (posting.state !== 'sent' || posting.commentId === null || ours === board.body) return;
  const comment = { repository: repositoryOf(board), commentId: posting.commentId, posting: posting.id };
  const isThere = await edit(shared, requestOf, board, comment, { text: ours, disclosure });
  if (isThere) return;
  if (board.generation > 1) {
    shared.log.info({ ...repositoryOf(board), issue: board.issue }, 'people do not want the living comment');
    return await endBoard(db, incidentId);
  }
  await post(shared, queue, board, ours, board.generation + 1);
}

/** The text as it follows from the record; null where nothing can be said. */
async function textOf(shared: Shared, board: Board, disclosure: Disclosure | null): Promise<string | null> {
  if (disclosure === null) return null;
  const { store, configurationsOf, policy } = shared;
  const known = await configurationsOf(board).get(configurationKey(repositoryOf(board)));
  const read = known === null ? null : configurationOf(known.body, board.environment ?? undefined);
  const latest = await latestSnapshot(store.db, board.incidentId);
  if (read === null || read.kind !== 'usable' || latest === null || latest.diagnosis === null) return null;
  const { configuration } = read;
  const update = livingUpdate({
    configuration,
    disclosure,
    snapshot: latest.snapshot,
    diagnosis: latest.diagnosis,
    record: await eventsOf(store.db, board.incidentId),
    boardAt: board.dueAt?.toISOString() ?? null,
    commentsPerHour: grantsFor(policy, board.repository).commentsPerHour,
    version,
  });
  if (update === null) return null;
  const shown = disclosure === 'full' ? update : await publicBoard(shared, board, update, latest.snapshot);
  return await layOut(shared, board, shown, longestLiving);
}

/** A board is written without a webhook that would say what the repository is now: where no look has just asked, it does. */
async function disclosureOfBoard(
  { policy, visibility }: Shared,
  request: GitHubRequest,
  board: Board,
): Promise<Disclosure | null> {
  const repository = repositoryOf(board);
  const hidden = disclosureInPublic(policy, repository);
  if (hidden === 'full') return hidden;
  const isPrivate = visibility.isPrivate(board.repositoryId) ?? (await isPrivateNow(request, repository));
  return isPrivate ? 'full' : hidden;
}

function publicBoard(shared: Shared, board: Board, update: Update, snapshot: Snapshot): Promise<Update> {
  const issue = { number: board.issue, url: snapshot.incident?.url ?? '' };
  return publicUpdate(shared, { ...board, issue }, update, snapshot);
}

async function post(
  { store, now }: Shared,
  queue: Queue,
  board: Board,
  body: string,
  generation: number,
): Promise<void> {
  const { incidentId, installationId, repository, issue } = board;
  const call = `living ${String(installationId)} ${keyOf(board)}${generation === 1 ? '' : ` ${String(generation)}`}`;
  const id = postingId(call, 'living');
  const at = now();
  await store.db.transaction().execute(async (trx) => {
    await enqueuePublication(trx, {
      id,
      incidentId,
      installationId,
      repositoryId: board.repositoryId,
      delivery: null,
      repository,
      issue,
      kind: 'living',
      body,
      createdAt: at,
      asked: true,
      issueState: null,
    });
    await noteBoardPosting(trx, incidentId, { id, body, generation, at });
    await queue.enqueue(trx, 'publications', { id }, { key: keyOf(board) });
  });
}

/** Takes over what people changed on the page, and writes the rest anew. False where the comment was deleted. */
async function edit(
  shared: Shared,
  requestOf: InstallationRequest,
  board: Board,
  comment: OwnComment,
  { text, disclosure }: { text: string; disclosure: Disclosure | null },
): Promise<boolean> {
  const { store, now, log } = shared;
  const request = requestOf(board.installationId);
  const page = await readOwnComment(request, comment);
  if (page === null) return false;
  const base = board.body ?? page;
  const taken = await takeOver(shared, board, base, page);
  const ours = (taken === null ? null : await textOf(shared, board, disclosure)) ?? text;
  const merged = mergePage({ base, ours, theirs: page, taken: taken ?? [] });
  if (merged.length > longest) {
    log.warn(
      { ...comment.repository, issue: board.issue },
      'the living comment is too long with what people added',
    );
    return true;
  }
  if (merged !== page && !(await editOwnComment(request, comment, merged))) return false;
  await noteBoardBody(store.db, board.incidentId, ours, now());
  return true;
}

/** Records what people ticked and added on the page; gives the points that were added, null where nothing was recorded. */
async function takeOver(
  { store: { db }, redact, now }: Shared,
  { incidentId }: Board,
  base: string,
  page: string,
): Promise<string[] | null> {
  const changes = pageChanges(base, page);
  const state = stateOf(await eventsOf(db, incidentId));
  const at = now().toISOString();
  const said = { at, by: somebody, url: null };
  const ticked = tickEvents(changes, state).map((body, index): NewEvent => ({
    key: `page ${at} ${String(index)}`,
    ...said,
    body,
  }));
  const added: NewEvent[] = [];
  for (const title of changes.added) {
    const shown = await redact(title);
    added.push({ key: addedKey(shown), ...said, body: addedAction(shown) });
  }
  const events = [...ticked, ...added];
  if (events.length === 0) return null;
  await db.transaction().execute((trx) => appendEvents(trx, incidentId, events, now()));
  return [...changes.added];
}
