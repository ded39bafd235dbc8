import type { ExchangeOutcome, ExchangeRequest } from '../../collectors/exchange.ts';
import type { RecordedCall } from './recorder.ts';

/** Recorded calls in the form of the files of a scenario's answers (`sandbox/scenario/answers.ts`). */

/** Headers of an answer that are kept: what the collectors look at. The rest may hold anything. */
const keptHeaders = ['content-type', 'retry-after'];

/** A call as its file holds it, but for its query, whose parameters are one object each. */
export interface Exchange {
  request: {
    host: string | null;
    method: string;
    path: string;
    query: Record<string, string>[];
    body: unknown;
  };
  answer:
    | { status: number; headers: Record<string, string>; json: unknown }
    | { status: number; headers: Record<string, string>; text: string }
    | { none: 'hang' | 'cut-off' | 'oversized' };
}

/** What was asked and answered, secrets and names included. `endpoint` is where a stand-in was asked. */
export function exchangeOf({ request, outcome }: RecordedCall, endpoint: string | null): Exchange {
  return { request: questionOf(request, endpoint), answer: answerOf(outcome) };
}

function questionOf({ method, url, body }: ExchangeRequest, endpoint: string | null): Exchange['request'] {
  const asked = new URL(url);
  return {
    host: endpoint !== null && asked.origin === new URL(endpoint).origin ? null : asked.hostname,
    method,
    path: decoded(asked.pathname),
    query: [...asked.searchParams].map(([name, value]) => ({ [name]: value })),
    body: body === null || body === '' ? null : jsonOr(body),
  };
}

function answerOf(outcome: ExchangeOutcome | null): Exchange['answer'] {
  if (outcome === null) return { none: 'hang' };
  if ('none' in outcome) return { none: silences[outcome.none] };
  const { status, text } = outcome;
  const headers = Object.fromEntries(
    keptHeaders.flatMap((name) => {
      const value = outcome.headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
  const json = jsonOr(text);
  return json === text ? { status, headers, text } : { status, headers, json };
}

/** How it is played that there was no answer. It is given up only where it is larger than what is read. */
const silences = { timeout: 'hang', 'no-connection': 'cut-off', 'given-up': 'oversized' } as const;

/** The value of a JSON text; another text as it is. A text that is a JSON string stays a text too. */
function jsonOr(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? text : value;
  } catch {
    return text;
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
