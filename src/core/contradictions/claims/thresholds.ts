import type { Sentence } from './read.ts';

/** A signal for which a threshold is named, and the threshold: seconds, or a share from 0 to 1. */
export interface Threshold {
  /** As criteria name it. */
  signal: 'startup.share' | 'connect.p95' | 'probes.latency';
  limit: number;
  written: string;
}

const comparison = String.raw`(?:>=?|<=?|≥|≤|above|below|over|under|at least|at most|within|more than|less than|in under)`;
const percent = String.raw`(${comparison}\s?\d{1,3}(?:\.\d{1,3})?\s?%)`;
const seconds = String.raw`(${comparison}\s?\d{1,5}(?:\.\d{1,3})?\s?(?:ms|s|sec|seconds?)\b)`;
const words = String.raw`(?:\s[\w/→-]{1,20}){0,4}`;
const patterns: [Threshold['signal'], RegExp][] = [
  [
    'startup.share',
    new RegExp(String.raw`\bstart-?ups?(?: success)?(?: rate| share)?${words}\s?${percent}`, 'i'),
  ],
  ['startup.share', new RegExp(String.raw`${percent} of (?:all |the )?(?:starts|start-?ups)\b`, 'i')],
  [
    'connect.p95',
    new RegExp(
      String.raw`\b(?:connection establishment|connects?|(?:database|cloud sql) connect(?:ion|s)?(?: time)?|(?:database|cloud sql) is connected)${words}\s?${seconds}`,
      'i',
    ),
  ],
  ['probes.latency', new RegExp(String.raw`\ball endpoints${words}\s?${seconds}`, 'i')],
];

const aimed = /criteri|\btargets?\b|\bgoals?\b|\bslo\b|exit condition|definition of done/i;
const needed =
  /\b(?:targets?|goals?|slo|must|needs?|criteri(?:on|a)|have to|has to|resolved when|done when)\b/i;

/** A threshold that a sentence names as an aim: in so many words, or below a heading of aims. */
export function thresholdsOf({ text, under, mood, elsewhere, heading }: Sentence): Threshold[] {
  if (heading || elsewhere || mood.question || mood.longAgo || mood.past || mood.reported) return [];
  if (!aimed.test(under) && !needed.test(text)) return [];
  return patterns.flatMap(([signal, pattern]): Threshold[] => {
    const written = pattern.exec(text)?.[1];
    const limit = written === undefined ? null : limitOf(written);
    return written === undefined || limit === null ? [] : [{ signal, limit, written }];
  });
}

function limitOf(written: string): number | null {
  const found = /(\d{1,5}(?:\.\d{1,3})?)\s?(%|ms)?/.exec(written);
  if (!found) return null;
  const value = Number(found[1]);
  if (found[2] === '%') return value / 100;
  return found[2] === 'ms' ? value / 1_000 : value;
}
