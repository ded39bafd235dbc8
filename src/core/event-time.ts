/**
 * Times as people write them in a command: `note TEXT at TIME`, `action add TEXT by TIME`. All of them are UTC. What could
 * mean two instants is no time: it is told how to write it.
 */

/** The instant that was meant, UTC, ISO 8601; or why none could be told, and what to write. */
export type TimeReading = { at: string } | { error: string };

/** A text with the time that its end, or its beginning, names. */
export interface TimedText {
  words: readonly string[];
  /** Null where no time is named. */
  time: TimeReading | null;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const howToWrite = {
  at: 'write `at 17:05`, `at yesterday 17:05`, `at 2025-09-15 17:05` or `at 15 min ago`; times are UTC',
  by: 'write `by 18:30`, `by tomorrow 09:00` or `by 2025-09-16 09:00`; times are UTC',
};

/** A time is at most so many words: `yesterday 17:05 UTC`. */
const mostWords = 4;

/**
 * Takes `at TIME`, which lies in the past, or `by TIME`, which lies ahead, off a text: from its end, or from its beginning.
 * What follows the last `at` and is no time stays text: `errors at 5 %`.
 *
 * @param now UTC, ISO 8601.
 */
export function timedText(words: readonly string[], word: 'at' | 'by', now: string): TimedText {
  const from = words.findLastIndex((one) => one.toLowerCase() === word);
  if (from === -1) return { words, time: null };
  const time = from === 0 ? null : readTime(words.slice(from + 1), word, now);
  if (time !== null) return { words: words.slice(0, from), time };
  return words[0]?.toLowerCase() === word ? timeFirst(words, word, now) : { words, time: null };
}

/** `at 17:05 we rolled back`: as many words as make a time. */
function timeFirst(words: readonly string[], word: 'at' | 'by', now: string): TimedText {
  for (let count = mostWords; count > 0; count -= 1) {
    const time = words.length > count + 1 ? readTime(words.slice(1, count + 1), word, now) : null;
    if (time !== null) return { words: words.slice(count + 1), time };
  }
  return { words, time: null };
}

/** The time that the words are; null where they are none. */
function readTime(words: readonly string[], word: 'at' | 'by', now: string): TimeReading | null {
  if (words.length === 0 || words.length > mostWords) return null;
  const text = words
    .join(' ')
    .toLowerCase()
    .replace(/[.,;]$/u, '');
  const ms = instantOf(text.replace(/ ?(?:utc|z|gmt)$/u, ''), now);
  if (ms === null)
    return looksLikeTime(text) ? { error: `${shown(text)} is not clear; ${howToWrite[word]}` } : null;
  if (Number.isNaN(ms)) return { error: `there is no time ${shown(text)}; ${howToWrite[word]}` };
  const present = Date.parse(now);
  if (word === 'at' && ms > present)
    return { error: `${shown(text)} UTC has not come yet, it is ${clock(now)} UTC; ${howToWrite.at}` };
  if (word === 'by' && ms <= present)
    return { error: `${shown(text)} UTC has passed, it is ${clock(now)} UTC; ${howToWrite.by}` };
  return { at: new Date(ms).toISOString() };
}

const ofDay = /^(?:(today|yesterday|tomorrow) )?(\d{1,2}):(\d{2})$/u;
const ofDate = /^(\d{4})-(\d{2})-(\d{2})[ t](\d{1,2}):(\d{2})(?::(\d{2}))?$/u;
const ago = /^(\d{1,4}) ?(m|min|mins|minutes?|h|hours?|d|days?) ago$/u;

/** Milliseconds since 1970; NaN for what has the form of a time and is none, such as 25:10; null for anything else. */
function instantOf(text: string, now: string): number | null {
  if (text === 'now') return Date.parse(now);
  const [, distance, unit = ''] = ago.exec(text) ?? [];
  if (distance !== undefined) {
    const length = unit.startsWith('d') ? day : unit.startsWith('h') ? hour : minute;
    return Date.parse(now) - Number(distance) * length;
  }
  const [, which = 'today', hours, minutes] = ofDay.exec(text) ?? [];
  if (hours !== undefined && minutes !== undefined) {
    const midnight = Date.parse(`${now.slice(0, 10)}T00:00:00Z`);
    const days = which === 'yesterday' ? -1 : which === 'tomorrow' ? 1 : 0;
    return midnight + days * day + timeOfDay(hours, minutes);
  }
  const [, year, month, date, hourOfDate, minuteOfDate, seconds = '00'] = ofDate.exec(text) ?? [];
  if (year === undefined || month === undefined || date === undefined) return null;
  return dateOf(`${year}-${month}-${date}`) + timeOfDay(hourOfDate ?? '', minuteOfDate ?? '', seconds);
}

function timeOfDay(hours: string, minutes: string, seconds = '00'): number {
  const [h, m, s] = [Number(hours), Number(minutes), Number(seconds)];
  return h > 23 || m > 59 || s > 59 ? Number.NaN : h * hour + m * minute + s * 1_000;
}

/** Midnight of a date; NaN where the calendar has none, such as 31 June. */
function dateOf(date: string): number {
  const ms = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date ? Number.NaN : ms;
}

const vague =
  /^(?:now|today|yesterday|tomorrow|tonight|noon|midnight|eod|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)$/u;
const clockLike = /^\d{1,2}(?:[:h]\d{2})(?::\d{2})?(?:[ap]\.?m\.?|z|utc)?$|^\d{1,2}[ap]m$/u;
const besides =
  /^(?:\d{1,2}|[ap]\.?m\.?|\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,4})?|utc|gmt|z|local|time|[cew]e?s?t|[ecmp][sd]t|bst|ist|jst|[+-]\d{2}:?\d{2})$/u;
const isoDate = /^\d{4}-\d{2}-\d{2}$/u;
const distanceLike =
  /^(?:an?|\d{1,4}|half|few|some|[a-z]{1,8}) (?:[a-z]{1,8} )?ago$|^\d{1,4}[a-z]{1,7} ago$/u;

/** Whether somebody meant a time that cannot be told: `5 pm`, `15/09 17:05`, `17:05 CET`, `noon`, `an hour ago`. */
function looksLikeTime(text: string): boolean {
  if (distanceLike.test(text)) return true;
  const parts = text.split(' ');
  const meridiem = /^\d{1,2} [ap]\.?m\.?/u.test(text);
  return (meridiem || parts.some(isTime)) && parts.every((part) => isTime(part) || besides.test(part));
}

function isTime(part: string): boolean {
  return vague.test(part) || clockLike.test(part) || isoDate.test(part);
}

function shown(text: string): string {
  return `\`${text.replaceAll('`', '').slice(0, 40)}\``;
}

function clock(now: string): string {
  return now.slice(11, 16);
}
