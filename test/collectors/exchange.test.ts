import { afterEach, expect, it } from 'vitest';
import type { ExchangeOutcome, ExchangeRequest } from '../../src/collectors/exchange.ts';
import { createGoogleAccess } from '../../src/collectors/google-access.ts';
import { asReadFailure } from '../../src/collectors/read-failure.ts';
import { addressOf } from './address.ts';
import { startRawGoogle, type RawAnswer, type RawGoogle } from './raw-google.ts';

/** Who looks on sees each call and how it ended; the answers are the same. */

let google: RawGoogle | undefined;
afterEach(async () => {
  await google?.close();
  google = undefined;
});

interface Seen {
  request: ExchangeRequest;
  outcome: ExchangeOutcome | null;
}

/** Asks with somebody looking on; gives what was read, or why not, and what was seen. */
async function ask(answer: RawAnswer | null, ms = 5_000) {
  const server = answer === null ? null : await startRawGoogle(() => answer);
  google = server ?? undefined;
  const seen: Seen[] = [];
  const access = createGoogleAccess({
    endpoint: server?.url ?? 'http://127.0.0.1:9',
    fetch: (input, init) =>
      server === null && addressOf(input).endsWith('/token')
        ? Promise.resolve(Response.json({ access_token: 't', expires_in: 3599, token_type: 'Bearer' }))
        : fetch(input, init),
    watch: (request) => {
      const call: Seen = { request, outcome: null };
      seen.push(call);
      return (outcome) => {
        call.outcome = outcome;
      };
    },
  });
  const call = { host: 'run.googleapis.com', path: '/v2/x', query: { a: 'b c' }, body: { q: 1 } };
  const read = access
    .post({ ...call, signal: AbortSignal.timeout(ms) })
    .catch((error: unknown) => asReadFailure(error, 'invalid-response').reason);
  return { read: await read, seen };
}

const outcomeOf = ({ seen }: { seen: Seen[] }) => seen.map(({ outcome }) => outcome);

it('an answer: the question without its headers, and the text as it came', async () => {
  const { read, seen } = await ask({ body: '{"é": [1]}' });
  expect(read).toEqual({ é: [1] });
  const [call] = seen;
  expect(seen).toHaveLength(1);
  expect(call?.request).toEqual({
    method: 'POST',
    url: expect.stringMatching(/\/v2\/x\?a=b\+c$/u),
    body: '{"q":1}',
  });
  expect(call?.outcome).toMatchObject({ status: 200, text: '{"é": [1]}' });
});

it('a refusal, with what it says', async () => {
  const { read, seen } = await ask({ status: 403, body: '{"error":{"code":403,"message":"no"}}' });
  expect(read).toBe('denied');
  expect(outcomeOf({ seen })).toMatchObject([{ status: 403, text: '{"error":{"code":403,"message":"no"}}' }]);
});

it.each<[what: string, answer: RawAnswer | null, reason: string, none: string]>([
  ['no answer in time', 'hang', 'timeout', 'timeout'],
  ['no connection', null, 'unavailable', 'no-connection'],
  ['more than is read', { body: ' '.repeat(16 * 1024 * 1024 + 1) }, 'invalid-response', 'given-up'],
])('%s', async (_, answer, reason, none) => {
  const { read, seen } = await ask(answer, answer === 'hang' ? 300 : 5_000);
  expect(read).toBe(reason);
  expect(outcomeOf({ seen })).toEqual([{ none }]);
});
