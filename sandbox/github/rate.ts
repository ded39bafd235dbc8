import { GitHubError } from './errors.ts';

/** GitHub's primary limit: so many requests an hour, each caller for themselves. */

const hourMs = 3_600_000;

export interface Rate {
  limit: number;
  remaining: number;
  /** Seconds since the epoch. */
  reset: number;
  used: number;
}

export interface RateCounter {
  /** Counts a request, and throws where there are none left. */
  take(caller: string): Rate;
  look(caller: string): Rate;
  /** A 304 is not counted. */
  giveBack(caller: string): Rate;
}

export function createRateCounter(limit: number, machine: () => number): RateCounter {
  const counted = new Map<string, { used: number; until: number }>();
  const current = (caller: string) => {
    const known = counted.get(caller);
    if (known && known.until > machine()) return known;
    const fresh = { used: 0, until: machine() + hourMs };
    counted.set(caller, fresh);
    return fresh;
  };
  const rate = ({ used, until }: { used: number; until: number }): Rate => ({
    limit,
    remaining: Math.max(0, limit - used),
    reset: Math.ceil(until / 1_000),
    used,
  });
  return {
    look: (caller) => rate(current(caller)),
    take(caller) {
      const count = current(caller);
      if (count.used >= limit) {
        const message = `API rate limit exceeded for ${caller}.`;
        const documentation = 'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api';
        const body = { message, documentation_url: documentation, status: '403' };
        throw new GitHubError(403, body, message, rateHeaders(rate(count)));
      }
      count.used += 1;
      return rate(count);
    },
    giveBack(caller) {
      const count = current(caller);
      count.used = Math.max(0, count.used - 1);
      return rate(count);
    },
  };
}

export function rateHeaders(rate: Rate): Record<string, string> {
  return {
    'x-ratelimit-limit': String(rate.limit),
    'x-ratelimit-remaining': String(rate.remaining),
    'x-ratelimit-reset': String(rate.reset),
    'x-ratelimit-used': String(rate.used),
    'x-ratelimit-resource': 'core',
  };
}
