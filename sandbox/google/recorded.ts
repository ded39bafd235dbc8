import type { RecordedAnswer } from '../scenario/answers.ts';
import { isObject } from './json.ts';

/**
 * Finds the recorded answer of a call. It is given word for word and not judged by Google's descriptions: it comes from
 * Google, and may hold fields that the trimmed descriptions leave out.
 */

interface Asked {
  method: string;
  /** Decoded. */
  path: string;
  query: Iterable<readonly [string, string]>;
  body: unknown;
}

export interface RecordedAnswers {
  /** How many there are. */
  size: number;
  /** What was answered to the same question; null where it was never asked. */
  answerTo(asked: Asked): RecordedAnswer['answer'] | null;
}

const instantInText = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z/gu;

/** Parameters of Cloud Monitoring's PromQL that hold a time in seconds or as an instant. */
const timeParameters = new Set(['start', 'end', 'time']);

/**
 * Times in a question count from the latest of them, since they move with the clock; lists of parameters and fields of
 * objects have no order.
 */
function keyOf({ method, path, query, body }: Asked): string {
  const parameters = [...query]
    .map(([name, value]) => [name, timeParameters.has(name) ? asInstant(value) : value])
    .map((pair) => JSON.stringify(pair))
    .sort();
  const key = JSON.stringify([method, path, parameters, inOrder(body)]);
  const times = [...key.matchAll(instantInText)].map(([instant]) => Date.parse(instant));
  const latest = Math.max(...times);
  return key.replaceAll(instantInText, (instant) => `-${latest - Date.parse(instant)}ms`);
}

function asInstant(seconds: string): string {
  return /^\d{9,11}(\.\d{1,9})?$/.test(seconds) ? new Date(Number(seconds) * 1_000).toISOString() : seconds;
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isObject(value)) return value;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return fields.map(([name, inner]) => [name, inOrder(inner)]);
}

/** A question that was asked several times is answered in the same order; then the last answer stays. */
export function recordedAnswers(recorded: readonly RecordedAnswer[]): RecordedAnswers {
  const byKey = Map.groupBy(recorded, ({ request }) => keyOf(request));
  const given = new Map<string, number>();
  return {
    size: recorded.length,
    answerTo: (asked) => {
      const key = keyOf(asked);
      const answers = byKey.get(key) ?? [];
      const turn = given.get(key) ?? 0;
      given.set(key, turn + 1);
      return (answers[turn] ?? answers.at(-1))?.answer ?? null;
    },
  };
}

/** The body of a call as a question's: JSON where it is that, else its text; null for none. */
export function askedBody(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
