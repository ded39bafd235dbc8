import type { DatabaseThread, startThread, ThreadEvents } from '../../src/store/embedded.thread.ts';
import { pictureOf, restore, type Picture } from './picture.ts';

type StartThread = typeof startThread;

/** A database that runs, and who has it at the moment. */
interface Kept {
  thread: DatabaseThread;
  template: string;
  /** As it was when it had started; null where it had no tables yet. */
  picture: Promise<Picture | null>;
  user: ThreadEvents | null;
  uses: number;
}

/** Nobody clears away what a database writes beside its tables: after so many uses the next is a new one. */
const mostUses = 25;

/**
 * Starts databases in memory as `start` does, but hands one that was closed to the next who wants one, with its tables
 * as they were at first: to start one takes longer than most tests that have it. What failed, what was not closed in
 * peace and what somebody changed the tables of is handed to nobody.
 */
export function keepThreads(start: StartThread): StartThread {
  const free: Kept[] = [];
  return (options, events) => {
    if (options.directory !== null) return start(options, events);
    const index = free.findIndex(({ template }) => template === options.template);
    const kept = free.splice(index, index < 0 ? 0 : 1)[0] ?? started(start, options, free);
    return lend(kept, events, free);
  };
}

function started(start: StartThread, options: Parameters<StartThread>[0], free: Kept[]): Kept {
  const thread = start(options, {
    notification: (channel, payload) => kept.user?.notification(channel, payload),
    died(cause) {
      if (free.includes(kept)) free.splice(free.indexOf(kept), 1);
      return kept.user?.died(cause) ?? cause;
    },
  });
  const picture = thread.ready.then(async () => await pictureOf(thread));
  const kept: Kept = { thread, template: options.template, picture, user: null, uses: 0 };
  return kept;
}

/** The thread, for one use; where it is as it was at first after that, it is free. */
function lend(kept: Kept, events: ThreadEvents, free: Kept[]): DatabaseThread {
  const { thread } = kept;
  const channels = new Set<string>();
  let ended: Error | null = null;
  let isFresh = false;
  kept.user = events;
  kept.uses += 1;

  async function isMadeFresh(): Promise<boolean> {
    const picture = await kept.picture;
    if (picture === null || kept.uses >= mostUses) return false;
    for (const channel of channels) await thread.call({ kind: 'unlisten', channel });
    return await restore(thread, picture);
  }

  return {
    ready: kept.picture.then(() => undefined),
    async call(request) {
      if (ended !== null) throw ended;
      if (request.kind === 'listen') channels.add(request.channel);
      if (request.kind === 'unlisten') channels.delete(request.channel);
      if (request.kind !== 'close') return await thread.call(request);
      isFresh = await isMadeFresh();
      return isFresh ? { command: '', rowCount: 0, rows: [] } : await thread.call(request);
    },
    async end(reason) {
      if (ended !== null) return;
      ended = reason;
      kept.user = null;
      if (isFresh) free.push(kept);
      else await thread.end(reason);
    },
  };
}
