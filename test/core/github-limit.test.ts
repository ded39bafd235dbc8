import { expect, test } from 'vitest';
import { pauseAskedMs } from '../../src/core/github-limit.ts';

const date = 'Mon, 15 Sep 2025 18:05:00 GMT';
const inTenMinutes = String(Date.parse(date) / 1_000 + 600);
const secondary = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';

test.each<
  [what: string, status: number, headers: Record<string, unknown>, message: string, pauseMs: number | null]
>([
  ['429 with retry-after', 429, { 'retry-after': '7' }, '', 7_000],
  ['403 with retry-after', 403, { 'retry-after': '60' }, secondary, 60_000],
  ['403 that only its text tells', 403, {}, secondary, 60_000],
  ['429 without a word', 429, {}, '', 60_000],
  [
    'nothing left of the primary limit',
    403,
    { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inTenMinutes, date },
    '',
    600_000,
  ],
  ['nothing left, and no time told', 403, { 'x-ratelimit-remaining': '0' }, '', 60_000],
  [
    'nothing left, reset already over',
    403,
    { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1', date },
    '',
    1_000,
  ],
  ['retry-after that is no number', 429, { 'retry-after': 'soon' }, '', 60_000],
  ['403 for want of a permission', 403, { 'x-ratelimit-remaining': '4999' }, 'Resource not accessible', null],
  ['404', 404, { 'retry-after': '7' }, '', null],
  ['502', 502, {}, secondary, null],
])('%s', (_what, status, headers, message, pauseMs) => {
  expect(pauseAskedMs(Object.assign(new Error(message), { status, response: { headers } }))).toBe(pauseMs);
});

test.each([new Error('socket hang up'), null, 'rate limit', { status: 429 }])('%s is read too', (error) => {
  expect(pauseAskedMs(error)).toBe(
    typeof error === 'object' && error !== null && 'status' in error ? 60_000 : null,
  );
});
