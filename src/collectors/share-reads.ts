import { takeOff } from './flight.ts';
import type { Flight } from './flight.ts';
import type { GoogleFetch } from './google-fetch.ts';
import { inBatches } from './in-batches.ts';
import { ownReads } from './own-reads.ts';
import { raced, ReadFailure } from './read-failure.ts';
import { googleTime, noteAnswer } from './read-times.ts';
import { recentAnswers } from './recent-answers.ts';
import type { KeptAnswer, Leave, Question, SharedReads } from './shared-reads.ts';

/** How the reads of one process go together with each other and with those of other processes. */
export interface ReadSharing {
  shared: SharedReads;
  now: () => Date;
  /** Milliseconds for which an answer serves the same question again; default 30,000, 0 for never. */
  keptMs?: number;
  /** Reads a minute by host of the API, in place of the table's. */
  perMinute?: Readonly<Record<string, number>>;
  /** Told when what is shared could not be reached; the process then goes by itself. */
  onAway?: (error: unknown) => void;
}

/** Asks a Google API, by the host that it has; gives the body of its answer. */
export type AskGoogle = (api: string, ...request: Parameters<GoogleFetch>) => Promise<string>;

const usualKeptMs = 30_000;

/** Larger answers are not kept, in characters. */
const keptAtMost = 1024 * 1024;

/** The database has so long to say what it knows. Milliseconds; a read has 5 s in all. */
const patienceMs = 1_000;

/** Answers wait so long for others, to be kept in one statement after what the collection itself needs. Milliseconds. */
const keepAfterMs = 50;

/**
 * Asks each question once: those that are under way in this process are joined, an answer of the last 30 s is given
 * again with the time at which it was read, and what is asked takes from a quota that all processes share. What fails is
 * never kept.
 */
export function shareReads(authorized: GoogleFetch, sharing: ReadSharing): AskGoogle {
  const { shared, now, keptMs = usualKeptMs, onAway = () => undefined } = sharing;
  const recent = recentAnswers(keptMs, now);
  const flights = new Map<string, Flight<KeptAnswer>>();
  const alone = ownReads(sharing);

  const leaveFor = inBatches<Question, Leave>(async (questions) => {
    try {
      return await raced(shared.begin(questions), AbortSignal.timeout(patienceMs));
    } catch (error) {
      onAway(error);
      return alone.begin(questions);
    }
  });
  const keep = inBatches(async (answers: readonly { question: Question; answer: KeptAnswer }[]) => {
    await shared.keep(answers).catch(onAway);
    return answers;
  }, keepAfterMs);

  async function ask(question: Question, request: () => Promise<Response>): Promise<KeptAnswer> {
    const leave = await leaveFor(question);
    if (leave.kind === 'wait') throw usedUp(question, leave, now());
    if (leave.kind === 'known') {
      recent.keep(question.text, leave.answer);
      return leave.answer;
    }
    const response = await request();
    const body = await response.text();
    const answer = { body, readAt: now(), googleAt: googleTime(response) };
    if (keptMs > 0 && body.length <= keptAtMost) {
      recent.keep(question.text, answer);
      void keep({ question, answer });
    }
    return answer;
  }

  return async (api, url, init) => {
    const question = questionOf(api, url, init);
    const known = recent.find(question.text);
    const answer = known ?? (await joined(question, url, init));
    noteAnswer({ googleAt: null, ...answer });
    return answer.body;
  };

  function joined(question: Question, ...[url, init]: Parameters<GoogleFetch>): Promise<KeptAnswer> {
    const { text } = question;
    let flight = flights.get(text);
    if (flight === undefined) {
      const started = takeOff(
        (signal) => ask(question, () => authorized(url, { ...init, signal })),
        () => {
          if (flights.get(text) === started) flights.delete(text);
        },
      );
      flights.set(text, started);
      flight = started;
    }
    return flight.join(init.signal);
  }
}

/** Most addresses hold the project; Cloud Logging has it in the body. */
const projectPattern = /\bprojects\/([^/"?]+)/;

function questionOf(api: string, ...[url, { method = 'GET', body }]: Parameters<GoogleFetch>): Question {
  const address = typeof url === 'string' ? url : url.href;
  const sent = typeof body === 'string' ? body : '';
  const project = (projectPattern.exec(address) ?? projectPattern.exec(sent))?.[1] ?? '-';
  return { project, api, text: `${method} ${address} ${sent}` };
}

function usedUp(
  { project, api }: Question,
  { waitMs, perMinute }: Extract<Leave, { kind: 'wait' }>,
  now: Date,
): ReadFailure {
  const free = new Date(now.getTime() + waitMs).toISOString().slice(11, 19);
  return new ReadFailure(
    'quota',
    `Sitrep's own limit of ${perMinute} reads a minute of ${api} for ${project} is used up; it frees at ${free} UTC`,
    { retryAfterMs: waitMs },
  );
}
