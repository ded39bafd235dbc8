import type { Sentence } from './read.ts';

/** A timeout that a sentence gives as the present one. */
export interface StatedTimeout {
  seconds: number;
  /** As written, without the unit where that is seconds. */
  written: string;
  /** Values that it had before, in seconds. */
  from: readonly number[];
  /** Whether the sentence says that it is that of the connections to a database. */
  ofDatabase: boolean;
}

const amount = String.raw`(?<![\w.])(\d{1,6}(?:\.\d{1,3})?)`;
const unit = String.raw`\s?(milliseconds?|ms|seconds?|secs?|s|minutes?|min)(?![\w])\+?`;
const duration = `${amount}${unit}`;
const note = String.raw`(?:\s?\([^()]{0,40}\))?`;
const timeout = String.raw`time[- ]?outs?`;
const step = String.raw`\s?(?:→|->|=>|to)\s?`;

/** `8.0s → 20.0s → 25.0s`, `8→20→45→75 s`: the last one counts, and those before are what it was. */
const progression = new RegExp(
  String.raw`(?<![\w.])(\d{1,6}(?:\.\d{1,3})?)(?:\s?s)?((?:\s?(?:→|->|=>)\s?\d{1,6}(?:\.\d{1,3})?(?:\s?s)?){1,8})(?![\w.])`,
  'g',
);
const changed = new RegExp(`\\bfrom ${duration}${note}${step}${duration}`, 'gi');

const filler = String.raw`(?:\s(?:config(?:uration)?|settings?|values?|windows?|is|are|now|still|currently|kept|set|extended|reduced|lowered|raised|increased|reverted|remains?|stays?|maintained|exceeded|to|at|of|for|the|a|database|db|connections?))`;
const patterns = [
  // `75.0s database timeout`, `15s+ connection timeouts`, `20.0s timeout`
  new RegExp(String.raw`${duration}(?:\s[\w-]{1,16}){0,3}\s${timeout}\b`, 'gi'),
  // `database timeout config: 75.0s`, `timeout of 75 s`, `timeout exceeded (15s)`, `timeout (75.0s)`
  new RegExp(String.raw`\b${timeout}\b${filler}{0,5}\s{0,2}[:=(\x60]{0,2}\s?\x60?${duration}`, 'gi'),
  // `times out after 20.0s`, `timing out after 20.0s (actual)`
  new RegExp(String.raw`\b(?:times?|timing) out after ${duration}`, 'gi'),
  // `20.0s (actual) vs 75.0s (configured)`
  new RegExp(String.raw`${duration}\s\((?:actual|configured|observed|effective)\)`, 'gi'),
];

const mentions = /\b(?:time[- ]?outs?|times out|timing out)\b/i;
const database =
  /\b(?:databases?|db|cloud ?sql|postgres\w{0,6}|mysql|asyncpg|psycopg2?|connections?|connect(?:s|ing)?)\b/i;

/** Timeouts of other things than a connection that is made. */
const others =
  /\b(?:requests?|responses?|load[- ]?balancer|lb|probes?|health[- ]?checks?|curl|https?|endpoints?|web ?sockets?|ingress|browser|client|idle|session|read|write|lock|statement|query|queries|pool|keep-?alive|tests?|jobs?|builds?|ci|deploy(?:ment)?s?|gateway|redis|cache|dns|proxy|upload|workers?|pub\/?sub|queue|token|login|shutdown|grace|retry|backoff|scal\w{1,8})\b/i;

/** Marks a number as that of another environment: `45.0s (production)`. */
const ofOther =
  /^\s?\((?:prod(?:uction)?|dev(?:elopment)?|qa|test|default|previously|before|old|was|then)\b/i;

/**
 * The timeouts that a sentence states, each once. A sentence without a word for a database counts where it speaks of
 * no other kind of timeout; whose it is then, is for the caller to tell.
 */
export function timeoutsOf({ text, mood, elsewhere, heading }: Sentence): StatedTimeout[] {
  if (heading || !mentions.test(text) || isUnsaid(mood)) return [];
  const ofDatabase = database.test(text);
  if (!ofDatabase && others.test(text)) return [];
  if (/\b(?:statement|idle|lock|query|pool|request|session|read|write)[- _]?time/i.test(text)) return [];
  const changes = changesOf(text);
  const found = changes.length > 0 || mood.past || mood.denied ? changes : figuresOf(text, elsewhere);
  const distinct = new Map(found.map((one) => [one.seconds, { ...one, ofDatabase }]));
  return [...distinct.values()];
}

/** That something is verified or documented is said of what is so; only what is not meant as present is left. */
function isUnsaid({ unreal, aside, longAgo }: Sentence['mood']): boolean {
  return unreal || aside || longAgo;
}

type Found = Omit<StatedTimeout, 'ofDatabase'>;

function changesOf(text: string): Found[] {
  const steps = [...text.matchAll(progression)].flatMap(([, first = '', rest = '']): Found[] => {
    const all = [first, ...rest.split(/→|->|=>/).slice(1)].map((one) => one.replaceAll(/[\s s]/g, ''));
    const last = all.pop() ?? '';
    return [{ seconds: Number(last), written: last, from: all.map(Number) }];
  });
  const moves = [...text.matchAll(changed)].map(
    ([, was = '', wasUnit = '', is = '', isUnit = '']): Found => ({
      ...figure(is, isUnit),
      from: [figure(was, wasUnit).seconds],
    }),
  );
  return [...steps, ...moves];
}

function figuresOf(text: string, elsewhere: boolean): Found[] {
  return patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap((match): Found[] => {
      const [, value = '', unitOf = ''] = match;
      const end = match.index + match[0].indexOf(value) + value.length;
      const after = text.slice(end).replace(/^\s?[a-z]{1,12}\+?/i, '');
      if (ofOther.test(after) || (elsewhere && !after.startsWith(' ('))) return [];
      return [{ ...figure(value, unitOf), from: [] }];
    }),
  );
}

function figure(value: string, unitOf: string): { seconds: number; written: string } {
  const kind = unitOf.toLowerCase();
  if (kind.startsWith('ms') || kind.startsWith('milli'))
    return { seconds: Number(value) / 1_000, written: `${value} ms` };
  if (kind.startsWith('min')) return { seconds: Number(value) * 60, written: `${value} min` };
  return { seconds: Number(value), written: value };
}
