import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/core/snapshot.ts';
import type { StateReading } from '../../src/core/states.ts';
import { queueQuery, readWorld } from './world.ts';

/** The value of this window. */
const current = ({ observations, window }: Snapshot, signal: string) =>
  observations.find((seen) => seen.signal === signal && seen.window?.to === window.to);

/** The observations of a configured metric, whose query gives these series. */
async function readMetric(
  series: Parameters<typeof queueQuery>,
  more: Record<string, unknown> = {},
): Promise<{ snapshot: Snapshot; told: string[][]; gaps: string[]; state: StateReading | undefined }> {
  const queue = {
    type: 'metric' as const,
    query: 'sum(queue_depth)',
    failing: { above: 100 },
    depends_on: [],
    ...more,
  };
  const { snapshot, state } = await readWorld({ prometheus: queueQuery(...series) }, { queue });
  return {
    snapshot,
    told: snapshot.observations.map(({ signal, value, text }) => [signal, value, ...(text ? [text] : [])]),
    gaps: snapshot.gaps.map(({ reason, detail }) => `${reason}: ${detail}`),
    state,
  };
}

const levels = (...figures: (number | 'NaN' | '+Inf' | '-Inf')[]) =>
  figures.map((value, index) => ({ from: `2025-03-10T1${index}:00:00Z`, value }));

describe('a configured metric', () => {
  it('is told with its last, highest and lowest value, and those of the window before, in its own unit', async () => {
    const { snapshot, told, state } = await readMetric(
      [
        {
          levels: [
            { from: '2025-03-10T10:00:00Z', value: 40 },
            { from: '2025-03-10T10:30:00Z', value: 7.25 },
            { from: '2025-03-10T11:20:00Z', value: 180 },
            { from: '2025-03-10T11:30:00Z', value: 120 },
          ],
        },
      ],
      { unit: 'messages' },
    );
    expect(told).toEqual([
      ['value', '120'],
      ['value.highest', '180'],
      ['value.lowest', '7.25'],
      ['series', '1'],
      ['value', '7.25'],
      ['value.highest', '40'],
      ['value.lowest', '7.25'],
      ['series', '1'],
    ]);
    expect(current(snapshot, 'value')).toMatchObject({
      unit: 'messages',
      last: '2025-03-10T12:00:00.000Z',
    });
    expect(current(snapshot, 'value.highest')?.last).toBe('2025-03-10T11:29:00.000Z');
    expect(state).toMatchObject({ state: 'failing', why: '120 messages, above 100' });
  });

  it('of several series is the worst one, with its labels without secrets, whatever their order', async () => {
    const series = [
      { labels: { topic: 'orders', zone: 'a' }, levels: levels(3, 3) },
      { labels: { topic: 'mails', __name__: 'depth' }, levels: levels(150, 150) },
      { labels: { topic: 'token=hunter2hunter2' }, levels: levels(90, 90) },
    ];
    const { snapshot, told, state } = await readMetric(series);
    expect(told.slice(0, 4)).toEqual([
      ['value', '150', 'depth{topic="mails"}'],
      ['value.highest', '150', 'depth{topic="mails"}'],
      ['value.lowest', '3', '{topic="orders", zone="a"}'],
      ['series', '3'],
    ]);
    expect(state?.why).toBe('150, above 100; depth{topic="mails"}');
    expect((await readMetric(series.toReversed())).snapshot.observations).toEqual(snapshot.observations);
    const low = await readMetric(series, { failing: undefined, degraded: { below: 5 } });
    expect(low.told[0]).toEqual(['value', '3', '{topic="orders", zone="a"}']);
    expect(JSON.stringify(low.snapshot)).not.toContain('hunter2');
    expect(low.state).toMatchObject({ state: 'degraded' });
  });

  it.each<[string, Parameters<typeof queueQuery>, string | undefined, string, string]>([
    ['no series', [], undefined, 'no-data: the query gave no series with a value between', 'unknown'],
    [
      'NaN',
      [{ levels: levels('NaN', 'NaN') }],
      undefined,
      'no-data: 1 of 1 series have no number now: NaN',
      'unknown',
    ],
    ['+Inf', [{ levels: levels(5, '+Inf') }], undefined, '1 of 1 series have no number now: +Inf', 'unknown'],
    [
      'NaN in one of two series, the other one below its bound',
      [
        { labels: { a: '1' }, levels: levels(5, 5) },
        { labels: { a: '2' }, levels: levels('NaN', 'NaN') },
      ],
      '5',
      'no-data: 1 of 2 series have no number now: NaN for {a="2"}',
      'unknown',
    ],
    [
      'NaN in one of two series, the other one beyond its bound',
      [
        { labels: { a: '1' }, levels: levels(500, 500) },
        { labels: { a: '2' }, levels: levels('NaN', 'NaN') },
      ],
      '500',
      'no-data: 1 of 2 series have no number now',
      'failing',
    ],
    [
      'a series that ended 20 minutes ago',
      [{ levels: [{ from: '2025-03-10T10:00:00Z', to: '2025-03-10T11:40:00Z', value: 500 }] }],
      undefined,
      'no-data: the last value is of 2025-03-10T11:39:00.000Z',
      'unknown',
    ],
    [
      'values of the window before alone',
      [{ levels: [{ from: '2025-03-10T10:00:00Z', to: '2025-03-10T10:30:00Z', value: 1 }] }],
      undefined,
      'no series',
      'unknown',
    ],
  ])('with %s has no zero in its place', async (_, series, value, gap, state) => {
    const read = await readMetric(series);
    expect(current(read.snapshot, 'value')?.value).toBe(value);
    expect(read.gaps).toEqual([expect.stringContaining(gap)]);
    expect(read.state?.state).toBe(state);
  });

  it('keeps the digits of a small value', async () => {
    const { told } = await readMetric([{ levels: levels(0.000_412_34, 0.000_412_34) }]);
    expect(told[0]).toEqual(['value', '0.00041234']);
  });

  it('whose query the API does not understand is a gap that says to correct it', async () => {
    const queue = {
      type: 'metric' as const,
      query: 'sum(queue_depth',
      failing: { above: 1 },
      depends_on: [],
    };
    const { snapshot } = await readWorld({}, { queue });
    expect(snapshot.observations).toEqual([]);
    expect(snapshot.gaps).toMatchObject([
      {
        reason: 'invalid-query',
        detail: '400: bad_data: invalid parameter "query": 1:4: parse error: unclosed (',
        remedy: expect.stringContaining('correct the query of the component in the configuration'),
      },
    ]);
  });
});
