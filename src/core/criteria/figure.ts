import { Duration } from '@marcbachmann/cel-js/evaluator';
import { number, share as asShare, span } from '../figures.ts';

/** A value that a criterion may read, with what shows it, or why it could not be read. */
export type Figure<T = CelValue> = Known<T> | Missing;

/** The values of CEL's types: int, double, string, bool, duration. */
export type CelValue = bigint | number | string | boolean | Duration;

export interface Known<T = CelValue> {
  known: true;
  value: T;
  /** The value as it is shown: `92 %`, `4.3 s`. */
  text: string;
  evidence: readonly string[];
}

export interface Missing {
  known: false;
  why: string;
  /** The reason tells what was read of it, though not enough to know the value. */
  inPart?: true;
  evidence: readonly string[];
}

/** Why a figure could not be read. */
export function missing(why: string, evidence: readonly string[] = []): Missing {
  return { known: false, why, evidence };
}

/** A value of which only a part is known: `why` tells that part and what it lacks. */
export function knownInPart(why: string, evidence: readonly string[]): Missing {
  return { ...missing(why, evidence), inPart: true };
}

/** A whole number. */
export function count(value: number, evidence: readonly string[] = []): Known<bigint> {
  return { known: true, value: BigInt(Math.round(value)), text: number(Math.round(value)), evidence };
}

/** A fractional number. */
export function decimal(value: number, evidence: readonly string[] = []): Known<number> {
  return { known: true, value, text: number(value), evidence };
}

/** A part of one whole, 0 to 1, shown as a percentage. */
export function share(value: number, evidence: readonly string[] = []): Known<number> {
  return { known: true, value, text: shareText(value), evidence };
}

/** A length of time in seconds. */
export function duration(seconds: number, evidence: readonly string[] = []): Known<Duration> {
  return {
    known: true,
    value: Duration.fromMilliseconds(Math.round(seconds * 1_000)),
    text: secondsText(seconds),
    evidence,
  };
}

/** A text of our own tables: a state, a stage, an id. */
export function text(value: string, evidence: readonly string[] = []): Known<string> {
  return { known: true, value, text: value === '' ? 'none' : value, evidence };
}

/** Yes or no. */
export function truth(value: boolean, evidence: readonly string[] = []): Known<boolean> {
  return { known: true, value, text: value ? 'yes' : 'no', evidence };
}

/** `92 %` for 0.92, `0.43 %` for 0.0043: with the digits that a limit of half a per cent needs. */
export function shareText(value: number): string {
  return asShare(value);
}

/** `350 ms`, `4.3 s`, `50 min`, `2 h 5 min`. */
export function secondsText(seconds: number): string {
  if (seconds < 0) return `-${secondsText(-seconds)}`;
  if (seconds < 1) return `${Math.round(seconds * 1_000)} ms`;
  return seconds < 60 ? `${number(seconds)} s` : span(seconds * 1_000);
}
