import { describe, expect, it } from 'vitest';
import { project, readWorld } from './world.ts';
import type { Google } from './world.ts';

/** The observations of a configured log filter over these entries. */
async function readFilter(
  filter: string,
  logs: NonNullable<Google['logs']>,
  more: Record<string, unknown> = {},
) {
  const refused = {
    type: 'log-filter' as const,
    filter,
    failing: { above: 2 },
    depends_on: [],
    ...more,
  };
  const { snapshot, state } = await readWorld({ logs }, { refused });
  return { ...snapshot, state };
}

const lines = (first: string, last: string, number: number, textPayload: string) => ({
  from: `2025-03-10T${first}Z`,
  to: `2025-03-10T${last}Z`,
  count: number,
  entry: {
    logName: `projects/${project}/logs/app`,
    severity: 'ERROR',
    resource: { type: 'global' },
    textPayload,
  },
});

describe('a configured log filter', () => {
  it('is told with its count, its times and a redacted sample, and the count of the window before', async () => {
    const { observations, state } = await readFilter('textPayload:"refused" -- what the bank says', [
      lines('10:10:00', '10:20:00', 2, 'payment refused'),
      lines('11:10:00', '11:20:00', 3, 'payment {{n}} refused, token=hunter2hunter2'),
      lines('11:10:00', '11:20:00', 9, 'payment accepted'),
    ]);
    expect(observations).toMatchObject([
      {
        signal: 'entries',
        value: '3',
        unit: 'entries',
        text: 'payment 3 refused, token=redacted',
        first: '2025-03-10T11:10:00.000Z',
        last: '2025-03-10T11:20:00.000Z',
      },
      { signal: 'entries', value: '2', window: { from: '2025-03-10T10:00:00.000Z' } },
    ]);
    expect(state).toMatchObject({ state: 'failing', why: '3 entries, above 2' });
  });

  it('with no entry is a measured 0', async () => {
    const { observations, gaps, state } = await readFilter('textPayload:"refused"', []);
    expect(observations.map(({ value }) => value)).toEqual(['0', '0']);
    expect(gaps).toEqual([]);
    expect(state).toMatchObject({ state: 'healthy', why: '0 entries' });
  });

  it('with more entries than are read is a lower bound, and nothing is said of the window before', async () => {
    const many = [lines('11:10:00', '11:20:00', 3_500, 'payment refused')];
    const { observations, state } = await readFilter('textPayload:"refused"', many);
    expect(observations).toMatchObject([{ value: '3000', partial: true }]);
    expect(state).toMatchObject({ state: 'failing', why: 'at least 3000 entries, above 2' });
    const bound = { failing: { above: 5_000 } };
    const open = await readFilter('textPayload:"refused"', many, bound);
    expect(open.state?.state).toBe('unknown');
  });

  it('with more entries in the window before than are read has the whole count of this one', async () => {
    const { observations } = await readFilter('textPayload:"refused"', [
      lines('10:10:00', '10:20:00', 3_500, 'payment refused'),
      lines('11:10:00', '11:20:00', 5, 'payment refused'),
    ]);
    expect(observations.map(({ value, partial }) => [value, partial])).toEqual([
      ['5', undefined],
      ['2995', true],
    ]);
  });

  it('that the API does not understand is a gap that says to correct it', async () => {
    const { gaps } = await readFilter('textPayload:', []);
    expect(gaps).toMatchObject([{ reason: 'invalid-query', signal: 'entries' }]);
  });
});
