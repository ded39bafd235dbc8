import type { ServiceComponent } from '../../config/repository.schema.ts';
import { number } from '../figures.ts';
import { evidenceIds } from '../observations.ts';
import type { Observations } from '../observations.ts';
import { signal } from '../signals.ts';
import type { ComponentState } from '../snapshot.ts';
import { degradedShare, failingShare } from './errors.ts';
import { unread } from './reading.ts';
import type { StateReading } from './reading.ts';
import { serviceFigures } from './service-figures.ts';
import type { Figure, ServiceFigures } from './service-figures.ts';

/** Growth of the mean latency against the window before from which it is material. Expert setting. */
export const slowerFrom = 1.5;

/** Differences below this are none: sums of tenths leave such digits behind. */
const rounding = 1e-9;

/** How a service is abnormal. */
export interface Abnormal {
  /** It fails requests that it answered before, or more than is expected. */
  failures: boolean;
  /** It is slower than before, or than is expected. */
  latency: boolean;
}

/** A figure judged: its state, null where it cannot be told, and what was compared. */
interface Judged {
  state: ComponentState | null;
  words: string;
}

/**
 * A service by its latency and availability: against what the configuration expects, else against the window before.
 * Healthy needs both, and requests; without an expectation and without a window before nothing can be told.
 */
export function serviceState(id: string, component: ServiceComponent, index: Observations): StateReading {
  const figures = serviceFigures(index, id);
  const seen = [...figures.availability.seen, ...figures.latency.seen, ...figures.requests.seen];
  if (figures.requests.now === 0) {
    return { state: 'unknown', evidence: evidenceIds(seen), why: 'no requests in the window' };
  }
  const judged = [judgedAvailability(figures, component), judgedLatency(figures, component)];
  const words = judged.map((one) => one.words).filter((one) => one !== '');
  const worst = (['failing', 'degraded'] as const).find((state) => judged.some((one) => one.state === state));
  if (worst === undefined && judged.some(({ state }) => state === null)) {
    return unread(index, id, [signal.availability, signal.latency], seen, words.join('; '));
  }
  return { state: worst ?? 'healthy', evidence: evidenceIds(seen), why: words.join('; ') };
}

/** How a service is abnormal, by the same bounds as its state. */
export function abnormalOf(id: string, component: ServiceComponent, index: Observations): Abnormal {
  const figures = serviceFigures(index, id);
  const quiet = figures.requests.now === 0;
  return {
    failures: !quiet && isAbnormal(judgedAvailability(figures, component)),
    latency: !quiet && isAbnormal(judgedLatency(figures, component)),
  };
}

function isAbnormal({ state }: Judged): boolean {
  return state === 'failing' || state === 'degraded';
}

function judgedAvailability(
  { availability: { now, was } }: ServiceFigures,
  { expect }: ServiceComponent,
): Judged {
  if (now === null) return { state: null, words: '' };
  const expected = expect?.availability;
  const words = `availability ${percent(now)}${comparison(expected === undefined ? null : `${expected} %`, was, percent)}`;
  if (100 * (1 - now) >= failingShare) return { state: 'failing', words };
  if (expected !== undefined)
    return { state: 100 * now < expected - rounding ? 'degraded' : 'healthy', words };
  if (was === null) return { state: null, words };
  if (100 * (was - now) >= degradedShare - rounding) return { state: 'degraded', words };
  // A share of failures that is no news shows neither that something broke nor that it works.
  return { state: 100 * (1 - now) < degradedShare ? 'healthy' : null, words };
}

function judgedLatency({ latency: { now, was } }: ServiceFigures, { expect }: ServiceComponent): Judged {
  if (now === null) return { state: null, words: '' };
  const expected = expect?.latency;
  const words = `latency ${seconds(now)}${comparison(expected ?? null, was, seconds)}`;
  if (expected !== undefined) return { state: now > boundOf(expected) ? 'degraded' : 'healthy', words };
  if (was === null) return { state: null, words };
  return { state: now > was && now >= was * slowerFrom - rounding ? 'degraded' : 'healthy', words };
}

function comparison(expected: string | null, was: Figure['was'], written: (value: number) => string): string {
  if (expected !== null) return `, expected ${expected}`;
  return was === null ? ', was not read in the window before' : `, was ${written(was)}`;
}

/** Rounded down: what is not all is not told as all. */
function percent(share: number): string {
  return `${Math.floor(share * 10_000 + rounding) / 100} %`;
}

function seconds(value: number): string {
  return value < 1 ? `${number(value * 1_000)} ms` : `${number(value)} s`;
}

/** Seconds of a bound as the configuration writes it: `300ms`, `2s`, `1m`. */
function boundOf(text: string): number {
  const [, amount = '', unit = ''] = /^(\d{1,6})(ms|s|m)$/.exec(text) ?? [];
  const each = new Map([
    ['ms', 0.001],
    ['s', 1],
    ['m', 60],
  ]);
  return Number(amount) * (each.get(unit) ?? Number.NaN);
}
