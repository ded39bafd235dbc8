/** What Sitrep tells its operator of itself: troubles of its own, each with a beginning and an end. */

export const troubleKinds = ['database', 'queue', 'checkpoints', 'github'] as const;
export type TroubleKind = (typeof troubleKinds)[number];

/** What one look found; `unknown` where it cannot be told now, which changes nothing. */
export type Signs = Readonly<Record<TroubleKind, 'well' | 'wrong' | 'unknown'>>;

/** What becomes a trouble, and what ends one. Milliseconds. */
export interface TroubleTimes {
  /** Something is wrong for so long before it is a trouble. */
  patienceMs: number;
  /** And well for so long before it is over: what comes and goes is one trouble. */
  calmMs: number;
}

/** How one kind stands; times are those of a clock that only grows. */
interface Standing {
  /** Since when it is wrong; null where it is well. */
  wrongSince: number | null;
  /** Since when it is well; null where it is wrong. */
  wellSince: number | null;
  /** When the trouble began that is told of; null where there is none. */
  openSince: number | null;
}

export type Standings = Readonly<Record<TroubleKind, Standing>>;

const asKnown: Standing = { wrongSince: null, wellSince: null, openSince: null };

/** Before the first look. */
export const noTroubles: Standings = {
  database: asKnown,
  queue: asKnown,
  checkpoints: asKnown,
  github: asKnown,
};

/** What a look changed. */
export interface Turn {
  standings: Standings;
  /** Troubles that began, with the time since when it is wrong. */
  began: { kind: TroubleKind; since: number }[];
  /** Those that are over, with the times between which it was wrong. */
  ended: { kind: TroubleKind; since: number; until: number }[];
}

/** How things stand after a look at a time. */
export function judge(before: Standings, signs: Signs, at: number, times: TroubleTimes): Turn {
  const turn: Turn = { standings: before, began: [], ended: [] };
  for (const kind of troubleKinds) {
    const after = standingAfter(before[kind], signs[kind], at);
    const { wrongSince, wellSince, openSince } = after;
    if (openSince === null && wrongSince !== null && at - wrongSince >= times.patienceMs) {
      turn.began.push({ kind, since: wrongSince });
      after.openSince = wrongSince;
    } else if (openSince !== null && wellSince !== null && at - wellSince >= times.calmMs) {
      turn.ended.push({ kind, since: openSince, until: wellSince });
      after.openSince = null;
    }
    turn.standings = { ...turn.standings, [kind]: after };
  }
  return turn;
}

function standingAfter(before: Standing, sign: Signs[TroubleKind], at: number): Standing {
  switch (sign) {
    case 'unknown':
      return { ...before };
    case 'wrong':
      return { ...before, wrongSince: before.wrongSince ?? at, wellSince: null };
    case 'well':
      return { ...before, wrongSince: null, wellSince: before.wellSince ?? at };
  }
}

/** How each is told: what is wrong, that it is over, and what to do. No name of anything that may be private. */
export const troubleWords: Readonly<Record<TroubleKind, { begun: string; over: string; todo: string }>> = {
  database: {
    begun: 'the database does not answer',
    over: 'the database answers again',
    todo: 'Bring the database back; Sitrep needs no restart.',
  },
  queue: {
    begun: 'jobs wait that are due, and nobody takes them',
    over: 'jobs are taken again',
    todo: 'Run `sitrep doctor`, and look at the log for jobs that hang or fail; start Sitrep anew if it says nothing.',
  },
  checkpoints: {
    begun: 'promised updates are late',
    over: 'promised updates come in time again',
    todo: 'Look at the log for checkpoints that fail, and run `sitrep doctor`.',
  },
  github: {
    begun: 'GitHub does not answer',
    over: 'GitHub answers again',
    todo: 'See githubstatus.com, and the way from this machine to GitHub. Sitrep tries again by itself.',
  },
};
