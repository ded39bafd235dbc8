import { commandLines } from '../../src/core/command-lines.ts';
import type { PageScene, SeenRequest } from './port.ts';
import { isAnswered } from './view.ts';

/** What one `/status` cost. */
export interface Tally {
  by: string;
  /** By the sandbox's clock. */
  at: string;
  github: number;
  google: number;
  /** Milliseconds until it was answered; null while it is not. */
  took: number | null;
}

interface Counted {
  comment: number;
  by: string;
  at: string;
  from: number;
  to: number | null;
}

const kept = 5;

/** Counts the requests of each `/status` that was written on the page: those from the comment to its outcome. */
export interface Tallies {
  /** Notes a comment that was written at `from`, by the machine's milliseconds. */
  wrote(comment: number, by: string, body: string, from: number): void;
  /** Sees what has been answered meanwhile. */
  look(): void;
  /** The last ones, the newest first. */
  list(requests: readonly SeenRequest[]): Tally[];
}

export function createTallies(
  { github, focus, clock }: Pick<PageScene, 'github' | 'focus' | 'clock'>,
  machine: () => number,
): Tallies {
  let counted: Counted[] = [];
  return {
    wrote(comment, by, body, from) {
      if (!commandLines(body).some(({ name }) => name === 'status')) return;
      const at = clock.now().toISOString();
      counted = [{ comment, by, at, from, to: null }, ...counted].slice(0, kept);
    },
    look() {
      const open = counted.filter(({ to }) => to === null);
      if (open.length === 0) return;
      const answered = new Set(
        github
          .thread(focus)
          .filter(isAnswered)
          .map(({ id }) => id),
      );
      for (const one of open) if (answered.has(one.comment)) one.to = machine();
    },
    list: (requests) => counted.map((one) => tallyOf(one, requests)),
  };
}

function tallyOf({ by, at, from, to }: Counted, requests: readonly SeenRequest[]): Tally {
  const own = requests.filter(({ startedAt }) => startedAt >= from && startedAt <= (to ?? Infinity));
  const github = own.filter((request) => request.to === 'GitHub').length;
  return { by, at, github, google: own.length - github, took: to === null ? null : to - from };
}
