import { afterEach, describe, expect, it } from 'vitest';
import { collect } from '../../src/collectors/collect.ts';
import { createGoogleAccess } from '../../src/collectors/google-access.ts';
import { ReadFailure } from '../../src/collectors/read-failure.ts';
import { pauseBeforeRetry } from '../../src/collectors/retry.ts';
import type { Configuration } from '../../src/config/repository.schema.ts';
import type { GapReason } from '../../src/core/snapshot.ts';
import { startRawGoogle } from './raw-google.ts';
import type { RawAnswer, RawGoogle } from './raw-google.ts';
import { configuration, startWorld } from './world.ts';

describe('another try', () => {
  const cases: [
    reason: GapReason,
    retryAfterMs: number | null,
    tries: number,
    leftMs: number,
    pause: number | null,
  ][] = [
    ['unavailable', null, 1, 5_000, 225],
    ['unavailable', null, 2, 5_000, null],
    ['unavailable', null, 1, 700, null],
    ['quota', 2_000, 1, 5_000, 2_075],
    ['quota', 2_000, 1, 2_500, null],
    ['quota', null, 1, 5_000, null],
    ['denied', null, 1, 5_000, null],
    ['api-disabled', null, 1, 5_000, null],
    ['not-found', null, 1, 5_000, null],
    ['no-credentials', null, 1, 5_000, null],
    ['invalid-response', null, 1, 5_000, null],
    ['timeout', null, 1, 5_000, null],
    ['budget', null, 1, 5_000, null],
  ];
  it.each(cases)(
    'after %s (retry after %s ms), try %i, with %i ms left: %s',
    (reason, retryAfterMs, tries, leftMs, pause) => {
      const failure = new ReadFailure(reason, 'failed', { retryAfterMs });
      expect(pauseBeforeRetry(failure, { tries, leftMs, random: 0.5 })).toBe(pause);
    },
  );
});

const throttled = (details: unknown[], headers: Record<string, string> = {}): RawAnswer => ({
  status: 429,
  headers,
  body: JSON.stringify({ error: { code: 429, message: 'Quota exceeded.', details } }),
});
const retryInfo = (retryDelay: string) => ({
  '@type': 'type.googleapis.com/google.rpc.RetryInfo',
  retryDelay,
});

function isState({ source }: { source: { method: string } }): boolean {
  return source.method === 'Connectors.Get';
}

describe('a connector that is read', () => {
  let google: RawGoogle | undefined;
  afterEach(async () => google?.close());

  const link: Configuration = {
    ...configuration,
    components: { link: { type: 'vpc-connector', name: 'link', depends_on: [] } },
  };

  /** Collects the connector's state from an API that gives these answers, one after the other. */
  async function read(answers: RawAnswer[]) {
    let asked = 0;
    google = await startRawGoogle(({ path }) => {
      if (!path.endsWith('/connectors/link')) return { body: '{}' };
      asked += 1;
      return answers[asked - 1] ?? { status: 500, body: '{}' };
    });
    const world = await startWorld();
    const deps = { ...world.deps, google: createGoogleAccess({ endpoint: google.url }) };
    const { gaps, observations } = await collect({ configuration: link }, deps);
    await world.close();
    return { asked, gaps: gaps.filter(isState), observations: observations.filter(isState) };
  }

  const ready: RawAnswer = { body: '{"state":"READY","minInstances":2,"maxInstances":3}' };
  const gone: RawAnswer = {
    status: 503,
    body: '{"error":{"code":503,"message":"The service is unavailable."}}',
  };
  it('when the API was away for a moment is asked once more', async () => {
    const { asked, gaps, observations } = await read([gone, ready]);
    expect([asked, gaps]).toEqual([2, []]);
    expect(observations.find(({ signal }) => signal === 'state')?.value).toBe('READY');
  });

  it('when the API stays away is a gap that tells of both tries', async () => {
    const { asked, gaps } = await read([gone, gone, ready]);
    expect(asked).toBe(2);
    expect(gaps.map(({ reason, detail }) => [reason, detail])).toEqual([
      ['unavailable', '503: The service is unavailable. (2 tries)'],
    ]);
  });

  it.each([
    ['the header', throttled([], { 'retry-after': '1' })],
    ["Google's details", throttled([retryInfo('0.5s')])],
  ])('when throttled is asked again when %s says so', async (_where, answer) => {
    const { asked, gaps } = await read([answer, ready]);
    expect([asked, gaps]).toEqual([2, []]);
  });

  it.each([
    ['that does not fit', throttled([], { 'retry-after': '30' })],
    ['that nobody names', throttled([])],
    ['that is no time', throttled([retryInfo('soon')], { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' })],
  ])('when throttled for a time %s is a gap at once', async (_what, answer) => {
    const { asked, gaps } = await read([answer, ready]);
    expect(asked).toBe(1);
    expect(gaps.map(({ reason, detail }) => [reason, detail])).toEqual([['quota', '429: Quota exceeded.']]);
  });
});
