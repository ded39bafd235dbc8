import { setImmediate as nextTurn } from 'node:timers/promises';
import { failureFromAnswer, failureFromTransport } from './google-failure.ts';
import type { TokenSource } from './google-token.ts';
import { readCapped } from './read-capped.ts';
import { ReadFailure, asReadFailure } from './read-failure.ts';

/** Largest answer that is read, in bytes. Beyond it the answer is given up, not cut. */
const answerCap = 16 * 1024 * 1024;

/** `fetch` that resolves with a complete answer of status 2xx, else rejects with a `ReadFailure`. */
export type GoogleFetch = (
  url: string | URL,
  init: RequestInit & { signal: AbortSignal },
) => Promise<Response>;

/** The one way of all Google calls, those of the Cloud Run client included: with the token. */
export function googleFetch(tokens: TokenSource, open: GoogleFetch): GoogleFetch {
  return async (url, init) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${await tokens.token(init.signal)}`);
    try {
      return await open(url, { ...init, headers });
    } catch (error) {
      if (error instanceof ReadFailure && error.reason === 'no-credentials') tokens.forget();
      throw error;
    }
  };
}

/** Without a token. */
export function openFetch(fetchAnswer: typeof fetch): GoogleFetch {
  return async (url, { method = 'GET', headers = {}, body = null, signal }) => {
    try {
      const answer = await fetchAnswer(url, { method, headers, body, signal, redirect: 'manual' });
      const bytes = await readCapped(answer, answerCap);
      if (bytes === null) {
        throw new ReadFailure('invalid-response', `the answer is larger than ${answerCap / 1024 / 1024} MiB`);
      }
      if (!answer.ok) {
        const retryAfter = answer.headers.get('retry-after');
        throw failureFromAnswer(answer.status, new TextDecoder().decode(bytes), retryAfter);
      }
      const date = answer.headers.get('date');
      const about = { 'content-type': 'application/json', ...(date === null ? {} : { date }) };
      return new Response(bytes, { status: 200, headers: about });
    } catch (error) {
      if (signal.aborted) throw asReadFailure(signal.reason, 'timeout');
      throw failureFromTransport(error);
    }
  };
}

/**
 * The JSON of an answer. Answers come in crowds: each is parsed in a turn of its own, after what has only to be passed on,
 * such as a page of a long list whose next page is to be asked for.
 */
export async function jsonIn(body: string): Promise<unknown> {
  await nextTurn();
  try {
    return JSON.parse(body);
  } catch (error) {
    const start = body.slice(0, 80).replaceAll(/\s+/g, ' ');
    throw new ReadFailure('invalid-response', `the answer is not JSON: ${start}`, { cause: error });
  }
}
