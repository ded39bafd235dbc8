import { describe, expect, test } from 'vitest';
import { workSample, type SampleEnd, type SampleWorkerDeps } from '../../src/worker/samples.ts';

const incident = '0d9f6c6e-6a55-4d0e-9a39-0c7f4c1c2a01';

/** What the worker did with one job, in order. */
async function work(answers: {
  found?: { repository: string; issue: number } | null;
  take?: () => Promise<SampleEnd>;
  release?: () => Promise<void>;
}): Promise<string[]> {
  const did: string[] = [];
  const { found = { repository: 'acme/shop', issue: 12 }, take, release } = answers;
  const deps: SampleWorkerDeps<{ repository: string; issue: number }> = {
    load: () => Promise.resolve(found),
    take: async () => {
      did.push('take');
      return take === undefined ? { taken: true } : await take();
    },
    release: async () => {
      did.push('release');
      await release?.();
    },
    end: () => Promise.resolve(void did.push('end')),
    log: {
      info: (_fields, message) => void did.push(`info ${message}`),
      warn: (_fields, message) => void did.push(`warn ${message}`),
    },
  };
  await workSample(deps, { data: { incident } });
  return did;
}

const fails = () => Promise.reject(new Error('away'));

describe('a sample', () => {
  test('is taken', async () => {
    expect(await work({})).toEqual(['take']);
  });

  test('is none where the incident is sampled no more', async () => {
    expect(await work({ found: null })).toEqual([]);
  });

  test('is the last where nothing can be sampled any more, and the log says why', async () => {
    expect(
      await work({ take: () => Promise.resolve({ taken: false, reason: 'the incident is resolved' }) }),
    ).toEqual(['take', 'info no more samples there: the incident is resolved', 'end']);
  });

  test.each([
    ['what it reads', undefined],
    ['the store too', fails],
  ])(
    'that fails, %s, leaves the next one to its minute, and no job to be tried again',
    async (_what, release) => {
      expect(await work({ take: fails, ...(release === undefined ? {} : { release }) })).toEqual([
        'take',
        'warn a sample could not be taken; the next one is due in a minute',
        'release',
      ]);
    },
  );
});
