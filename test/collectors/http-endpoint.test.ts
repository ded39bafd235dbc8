import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { evaluate } from '../../src/core/criteria.ts';
import { closeServers, readEndpoint, serve } from './endpoints.ts';
import type { Read } from './endpoints.ts';

afterEach(closeServers);

/** What an endpoint does with one request. */
type Deed = number | 'hangs up' | 'hangs';

/** Serves these deeds, one for each request in order. */
async function serving(deeds: readonly Deed[]): Promise<string> {
  let asked = 0;
  return serve((request, response) => {
    const deed = deeds[asked];
    asked += 1;
    if (deed === 'hangs up') request.socket.destroy();
    else if (typeof deed === 'number') response.writeHead(deed).end();
  });
}

const okay = (read: Read) =>
  ["probes.all(p, p.status == 200 && p.latency < duration('10s'))", 'probes.all(p, p.ok)'].map(
    (expression) =>
      evaluate(expression, {
        configuration: read.configuration,
        snapshot: read.snapshot,
        diagnosis: null,
      }).result,
  );

describe('three samples', () => {
  it.each<[string, Deed[], string | undefined, string, string]>([
    ['all right', [200, 200, 200], '200', '3 of 3 answered 200', 'healthy'],
    ['one of them failing', [200, 503, 200], '503', '2 of 3 answered 200, 1 of 3 answered 503', 'failing'],
    ['a 4xx and a 5xx', [404, 200, 500], '500', '1 of 3 answered 200', 'failing'],
    ['a redirect', [200, 302, 200], '302', '1 of 3 answered 302', 'failing'],
    [
      'one without an answer',
      [200, 'hangs up', 200],
      undefined,
      '2 of 3 answered 200, 1 of 3 got no answer (unavailable)',
      'unknown',
    ],
    ['one without an answer, one failing', [503, 'hangs up', 200], '503', 'got no answer', 'failing'],
    ['two without an answer', ['hangs up', 'hangs up', 200], undefined, '1 of 3 answered 200', 'unknown'],
  ])('%s: the worst decides', async (_, deeds, status, words, state) => {
    const read = await readEndpoint({ type: 'http', url: await serving(deeds) });
    expect(read.values['status']).toBe(status);
    expect(read.snapshot.observations.find(({ signal }) => signal === 'samples')?.text).toContain(words);
    expect(read.values['samples']).toBe('3');
    expect(read.state?.state).toBe(state);
    // A criterion is not met by those samples that survived.
    const verdict = state === 'healthy' ? 'met' : state === 'failing' ? 'failed' : 'unknown';
    expect(okay(read)).toEqual([verdict, verdict]);
    const missing = status === undefined ? { status: 'unavailable', latency: 'unavailable' } : {};
    expect(read.gaps).toEqual(missing);
  });

  it('say in how many the failure was', async () => {
    const { state } = await readEndpoint({ type: 'http', url: await serving([503, 200, 503]) });
    expect(state?.why).toMatch(/^503 in [\d.]+ m?s, in 2 of 3 samples$/);
    expect(state?.evidence.length).toBe(4);
  });

  it('without any answer are one gap', async () => {
    const { snapshot } = await readEndpoint({
      type: 'http',
      url: await serving(['hangs up', 'hangs up', 'hangs up']),
    });
    expect(snapshot.observations).toEqual([]);
    expect(snapshot.gaps.map(({ signal, reason }) => [signal, reason])).toEqual([['*', 'unavailable']]);
  });

  it('of which one hangs end with what the others said', async () => {
    const read = await readEndpoint(
      { type: 'http', url: await serving([200, 'hangs', 200]) },
      {},
      { collectorMs: 2_000 },
    );
    expect(read.gaps).toEqual({ status: 'timeout', latency: 'timeout' });
    expect(read.snapshot.gaps[0]?.detail).toBe(
      '2 of 3 answered 200, 1 of 3 got no answer (timeout): no answer within 1.8 s',
    );
    expect(read.values['samples']).toBe('3');
  });

  it('are fewer where the time is too short for them, and it is said how many were made', async () => {
    const { values } = await readEndpoint(
      { type: 'http', url: await serving([200, 'hangs', 200]), samples: 5 },
      {},
      { collectorMs: 60 },
    );
    // 54 ms: the third would begin at 100.
    expect(Number(values['samples'] ?? 0)).toBeLessThan(3);
  });

  it.each([
    [0, '3'],
    // The time of the read ends before the second one would begin.
    [60_000, '1'],
  ])('are %i ms apart where that is asked for', async (spacingMs, made) => {
    const url = await serving([200, 200, 200]);
    const { values } = await readEndpoint({ type: 'http', url }, {}, { collectorMs: 1_000, spacingMs });
    expect(values['samples']).toBe(made);
  });

  it.each([1, 2, 5])('are as many as the configuration says: %i', async (samples) => {
    const { values } = await readEndpoint({
      type: 'http',
      url: await serving(Array.from({ length: samples }, () => 200)),
      samples,
    });
    expect([values['samples'], values['samples.alike']]).toEqual([String(samples), String(samples)]);
  });

  it('give the slowest time and the median', async () => {
    const times = [100, 900, 300, 200];
    const stopwatch = () => {
      const time = times.shift() ?? 0;
      return () => time;
    };
    const { values } = await readEndpoint(
      { type: 'http', url: await serving([200, 200, 200, 200]), samples: 4 },
      { stopwatch },
    );
    expect([values['latency'], values['latency.median']]).toEqual(['0.9', '0.25']);
  });
});

/** Serves a body that is written by the function. */
const body = (write: (response: ServerResponse) => void) =>
  serve((_, response) => {
    response.writeHead(200);
    write(response);
  });

const looking = (url: string, ms = 5_000) =>
  readEndpoint(
    { type: 'http', url, samples: 1, expect: { contains: 'all is well' } },
    {},
    { collectorMs: ms },
  );

describe('a body', () => {
  it.each<[string, (response: ServerResponse) => void, string, string]>([
    ['that holds the text', (response) => response.end('so all is well here'), 'true', 'healthy'],
    ['that does not', (response) => response.end('nothing is'), 'false', 'failing'],
    ['that is empty', (response) => response.end(), 'false', 'failing'],
    [
      'that holds it across two chunks',
      (response) => {
        response.write('all is');
        setTimeout(() => response.end(' well'), 50);
      },
      'true',
      'healthy',
    ],
    [
      'that holds it after 64 kB',
      (response) => response.end(`${'x'.repeat(65_536)}all is well`),
      'false',
      'failing',
    ],
    [
      'that holds it at the very end of them',
      (response) => response.end(`${'x'.repeat(65_536 - 11)}all is well and more`),
      'true',
      'healthy',
    ],
  ])('%s', async (_, write, value, state) => {
    const read = await looking(await body(write));
    expect(read.values['contains']).toBe(value);
    expect(read.state?.state).toBe(state);
    expect(okay(read)[1]).toBe(state === 'healthy' ? 'met' : 'failed');
    expect(JSON.stringify(read.snapshot)).not.toContain('xxx');
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['that trickles for ever', (response) => void setInterval(() => response.write('.'), 20).unref()],
    ['that breaks off', (response) => void response.write('all', () => response.destroy())],
  ])('%s leaves open whether it holds the text', async (_, write) => {
    const read = await looking(await body(write), 1_000);
    expect([read.values['status'], read.values['contains']]).toEqual(['200', undefined]);
    expect(read.gaps).toEqual({ contains: 'timeout' });
    expect(read.state?.state).toBe('unknown');
    expect(okay(read)[1]).toBe('unknown');
  });
});

describe('a redirect', () => {
  it('that leads to itself is asked no more often than there are samples', async () => {
    let asked = 0;
    const url = await serve((request, response) => {
      asked += 1;
      response.writeHead(301, { location: request.url }).end();
    });
    const { values } = await readEndpoint({ type: 'http', url: `${url}/loop` });
    expect([asked, values['redirect']]).toEqual([3, `${url}/loop`]);
  });

  it.each([
    ['as expected', '/new', 'healthy', 'met'],
    ['elsewhere', '/other', 'failing', 'failed'],
  ])('%s', async (_, location, state, verdict) => {
    const url = await serve((_request, response) => response.writeHead(301, { location }).end());
    const read = await readEndpoint({ type: 'http', url, expect: { status: 301, redirect: `${url}/new` } });
    expect(read.state?.state).toBe(state);
    expect(okay(read)[1]).toBe(verdict);
  });

  it('is shown without secrets, and cut', async () => {
    const location = `/login?token=hunter2hunter2&next=${'x'.repeat(2_000)}`;
    const url = await serve((_, response) => response.writeHead(302, { location }).end());
    const { values, snapshot } = await readEndpoint({ type: 'http', url });
    expect(values['redirect']?.length).toBe(300);
    expect(JSON.stringify(snapshot)).not.toContain('hunter2');
  });
});

describe('a name that changes between two samples', () => {
  it('is judged at each, and what leads to a private address that is not granted ends the read', async () => {
    let asked = 0;
    const port = new URL(await serve((_, response) => (asked += 1) && response.end())).port;
    const answers = ['127.0.0.1', '10.1.2.3', '127.0.0.1'];
    const resolve = () => Promise.resolve([{ address: answers.shift() ?? '10.1.2.3', family: 4 }]);
    const { snapshot } = await readEndpoint(
      { type: 'http', url: `http://shop.example:${port}/` },
      { resolve },
      {
        grants: {
          project: () => true,
          endpoint: ({ hostname }) => ['shop.example', '127.0.0.1'].includes(hostname),
        },
      },
    );
    expect(snapshot.observations).toEqual([]);
    expect(snapshot.gaps.map(({ signal, reason }) => [signal, reason])).toEqual([['*', 'not-granted']]);
    expect(JSON.stringify(snapshot)).not.toContain('10.1.2.3');
    expect(asked).toBe(2);
  });

  it('is connected to at the address that was judged', async () => {
    const port = new URL(await serve((_, response) => response.end())).port;
    const { values } = await readEndpoint(
      { type: 'http', url: `http://shop.example:${port}/` },
      { resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]) },
    );
    expect([values['status'], values['dns.addresses']]).toEqual(['200', '127.0.0.1']);
  });
});
