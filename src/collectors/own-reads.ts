import { readsPerMinute } from './read-quotas.ts';
import type { Leave, Question, SharedReads } from './shared-reads.ts';

const minute = 60_000;

export interface OwnReadsOptions {
  now: () => Date;
  /** By host of the API, in place of the table's. */
  perMinute?: Readonly<Record<string, number>>;
}

/** For a process that shares with no other: it keeps to the quotas by itself. */
export function ownReads({ now, perMinute = {} }: OwnReadsOptions): SharedReads {
  const taken = new Map<string, number[]>();

  function leaveFor({ project, api }: Question): Leave {
    const at = now().getTime();
    const key = JSON.stringify([project, api]);
    // What lies ahead was taken before the clock was set back.
    const counted = (taken.get(key) ?? []).filter((time) => Math.abs(at - time) < minute);
    taken.set(key, counted);
    const most = readsPerMinute(api, perMinute);
    if (counted.length >= most)
      return { kind: 'wait', waitMs: (counted[0] ?? at) + minute - at, perMinute: most };
    counted.push(at);
    return { kind: 'ask' };
  }

  return {
    begin: (questions) => Promise.resolve(questions.map(leaveFor)),
    keep: () => Promise.resolve(),
  };
}
