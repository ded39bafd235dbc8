import { failureFromAnswer, failureFromTransport } from './google-failure.ts';
import type { TokenSource } from './google-token.ts';
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
      const bytes = await readCapped(answer);
      if (!answer.ok) throw failureFromAnswer(answer.status, new TextDecoder().decode(bytes));
      return new Response(bytes, { status: 200, headers: { 'content-type': 'application/json' } });
    } catch (error) {
      if (signal.aborted) throw asReadFailure(signal.reason, 'timeout');
      throw failureFromTransport(error);
    }
  };
}

/** The JSON of an answer. */
export async function jsonOf(answer: Response): Promise<unknown> {
  const text = await answer.text();
  try {
    return JSON.parse(text);
  } catch (error) {
    const start = text.slice(0, 80).replaceAll(/\s+/g, ' ');
    throw new ReadFailure('invalid-response', `the answer is not JSON: ${start}`, { cause: error });
  }
}

async function readCapped(answer: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.byteLength;
    if (size > answerCap) {
      throw new ReadFailure('invalid-response', `the answer is larger than ${answerCap / 1024 / 1024} MiB`);
    }
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
