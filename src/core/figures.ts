/**
 * How numbers, times and ages are written: one way everywhere. All times are UTC. The results hold letters,
 * digits and a few signs only, so they may stand in any part of an update.
 */

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** `17:09`; on another day than `seen` with its date, `14 Sep 17:09`; in another year also with that. */
export function clock(at: string, seen: string): string {
  const time = at.slice(11, 16);
  if (at.slice(0, 10) === seen.slice(0, 10)) return time;
  const year = at.slice(0, 4) === seen.slice(0, 4) ? '' : ` ${at.slice(0, 4)}`;
  return `${Number(at.slice(8, 10))} ${months[Number(at.slice(5, 7)) - 1] ?? '?'}${year} ${time}`;
}

/** As `clock`, with seconds: the time at which a value was read. */
export function clockWithSeconds(at: string, seen: string): string {
  return `${clock(at, seen)}:${at.slice(17, 19)}`;
}

/** `2025-09-15 17:09`, for documents that are read on other days. */
export function dated(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)}`;
}

/** `2025-09-15 18:05:12 UTC`. */
export function dateTime(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
}

/** `17:05–18:05`. */
export function timeWindow(window: { from: string; to: string }, seen: string): string {
  const to =
    window.to.slice(0, 10) === window.from.slice(0, 10) ? window.to.slice(11, 16) : clock(window.to, seen);
  return `${clock(window.from, seen)}–${to}`;
}

/** The time between two instants in its largest unit, `45 s`, `3 min`, `6 d`; hours with minutes below 10 h. */
export function age(from: string, to: string): string {
  return span(Math.max(0, Date.parse(to) - Date.parse(from)));
}

/** A length of time given in milliseconds, as `age` writes it. */
export function span(milliseconds: number): string {
  if (milliseconds < minute) return `${Math.floor(milliseconds / second)} s`;
  if (milliseconds < hour) return `${Math.floor(milliseconds / minute)} min`;
  if (milliseconds < 2 * day) {
    const minutes = Math.floor((milliseconds % hour) / minute);
    const hours = Math.floor(milliseconds / hour);
    return minutes === 0 || hours >= 10 ? `${hours} h` : `${hours} h ${minutes} min`;
  }
  return `${Math.floor(milliseconds / day)} d`;
}

/** Milliseconds of a duration as the configuration writes it (`30m`, `2h`); null where it is none. */
export function durationOf(text: string): number | null {
  const found = /^(\d{1,5})(s|m|h|d)$/.exec(text);
  if (found === null) return null;
  const units = new Map([
    ['s', second],
    ['m', minute],
    ['h', hour],
    ['d', day],
  ]);
  return Number(found[1]) * (units.get(found[2] ?? '') ?? Number.NaN);
}

/** The instant that lies `milliseconds` after `at`. */
export function later(at: string, milliseconds: number): string {
  return new Date(Date.parse(at) + milliseconds).toISOString();
}

/** `2,300`, `14`, `7.2`, `0.05`: three digits that count below 100, none after the point above. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return 'not a number';
  if (Number.isInteger(value) || Math.abs(value) >= 100) return withThousands(Math.round(value).toFixed(0));
  return String(Number(value.toPrecision(3)));
}

function withThousands(digits: string): string {
  return digits.replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** A part of one as per cent; as `percent` writes it. */
export function share(part: number): string {
  return percent(part * 100);
}

/** `33 %`, `4.6 %`, `0.37 %`: whole from 10 on, below that two digits that count; never rounded up to 100 nor down to 0. */
function percent(value: number): string {
  if (!Number.isFinite(value)) return 'not a number';
  if (value > 99 && value < 100) return 'over 99 %';
  return Math.abs(value) >= 10 ? `${number(Math.round(value))} %` : `${Number(value.toPrecision(2))} %`;
}

/** A measured value with its unit: `7.2 s` for `7200` ms, `150 ms` for `0.15` s, `1.4 MB` for bytes, `14` for a count. */
export function figure(value: string, unit: string | null): string {
  if (!/^-?\d{1,15}(\.\d{1,15})?$/.test(value)) return unit === null ? value : `${value} ${unit}`;
  const amount = Number(value);
  if (unit === 'ms' && Math.abs(amount) >= 1_000) return `${number(amount / 1_000)} s`;
  if (unit === 's' && amount > 0 && amount < 1) return `${number(amount * 1_000)} ms`;
  if (unit === '%') return percent(amount);
  if (unit === 'bytes') return bytes(amount);
  return unit === null || !/^(?:[a-zA-Z]{1,3}|Mbit\/s)$/.test(unit)
    ? number(amount)
    : `${number(amount)} ${unit}`;
}

function bytes(amount: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [rest, step] = [amount, 0];
  while (Math.abs(rest) >= 1_000 && step < units.length - 1) [rest, step] = [rest / 1_000, step + 1];
  return `${number(rest)} ${units[step] ?? 'B'}`;
}

/** `at least 14` where a page cap cut the reading short: the value is a lower bound. */
export function atLeast(text: string, partial: boolean | undefined): string {
  return partial === true ? `at least ${text}` : text;
}

/** `1 change`, `3 changes`. */
export function counted(count: number, one: string, many: string): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}
