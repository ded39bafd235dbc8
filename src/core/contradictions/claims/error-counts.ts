import type { Sentence } from './read.ts';

/** A count of errors, and of what it is one: its metric and window in the person's words. */
export interface ErrorCount {
  kind: '5xx' | 'log entries' | 'exits';
  count: number;
  /** With the share of all that is told of it. */
  written: string;
  of: string;
}

const noun = String.raw`(?:(?:start-?up|documented|consecutive|https?|5xx|5\d\d|errors?|failures?|time-?outs?|connection|database|container|service|socket|websocket|severity|critical|failed|identical|log) ){0,4}(?:errors?|failures?|entries|restarts?|exits?|responses?)`;
const counted = new RegExp(String.raw`(?<![\w.,#/:-])(\d{1,3}(?:,\d{3}){1,3}|\d{1,7})\+?\s(${noun})\b`, 'gi');

/** Numbers that are not counts: a status in `503 errors`, a code in `exit code 3 failures`. */
const statuses: ReadonlySet<string> = new Set([
  '500',
  '502',
  '503',
  '504',
  '400',
  '401',
  '403',
  '404',
  '429',
]);
const labelsOfCodes = /\b(?:codes?|exit|http|status|phases?|version|issue)\s$/i;

const share = /^\s\((\d{1,3}(?:\.\d{1,3})?\s?%[^()]{0,40})\)/;
const windows =
  /\b(?:(?:in|over|within|for|during) (?:the |this |our )?(?:last |past |monitoring |same )?(?:\d{1,3} )?(?:window|hours?|minutes?|min|h|days?|incident)|(?:per|an|each|a) (?:hour|minute|day)|since \d{1,2}:\d\d|today|so far|consecutive|in total)\b/i;

/** The counts of errors in a sentence. Those of aims, questions, conditions and plans are none. */
export function errorCountsOf({ text, mood, elsewhere, heading }: Sentence): ErrorCount[] {
  const { question, conditional, imperative, aside, hedged } = mood;
  if (heading || elsewhere || question || conditional || imperative || aside || hedged) return [];
  return [...text.matchAll(counted)].flatMap((match): ErrorCount[] => {
    const [all, count = '', what = ''] = match;
    const isCode = statuses.has(count) || labelsOfCodes.test(text.slice(0, match.index));
    if (isCode || !/error|fail|restart|exit|5xx|5\d\d/i.test(what)) return [];
    const after = text.slice(match.index + all.length);
    const part = share.exec(after)?.[1];
    const window = windows.exec(`${all}${after}`)?.[0] ?? 'no window told';
    const label = /^([^:]{1,40}):\s/.exec(text.slice(0, match.index))?.[1];
    return [
      {
        kind: kindOf(what),
        count: Number(count.replaceAll(',', '')),
        written: `${all}${part === undefined ? '' : ` (${part})`}`,
        of: `${label === undefined ? what : `${label}, ${what}`}, ${window}`,
      },
    ];
  });
}

function kindOf(what: string): ErrorCount['kind'] {
  if (/\b(?:https?|5xx|5\d\d|responses?)\b/i.test(what)) return '5xx';
  return /\b(?:restarts?|exits?)\b/i.test(what) ? 'exits' : 'log entries';
}
