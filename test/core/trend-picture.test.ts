import { expect, test } from 'vitest';
import { factsOf } from '../../src/core/compose/facts.ts';
import { trendFold } from '../../src/core/compose/folds/trend.ts';
import { sampledTrend } from '../../src/core/criteria/series-trend.ts';
import { drawnFigures, withSeries, type TakenSample } from '../../src/core/samples.ts';
import { configuration, incident } from '../fixtures/status/incident.ts';

const declaredAt = '2025-09-15T12:05:12Z';

function sample(minutesBefore: number, latency: number): TakenSample {
  return {
    at: new Date(Date.parse(incident.snapshot.takenAt) - minutesBefore * 60_000).toISOString(),
    pauseS: 60,
    figures: [
      ['api', 'status', null, 503],
      ['api', 'latency', 's', latency],
      ['connector', 'cpu', '%', 92],
    ],
  };
}

function facts(earlier: TakenSample[]) {
  const { snapshot } = incident;
  const recent = Array.from({ length: 60 }, (_, place) => sample(60 - place, 1));
  const known = snapshot.incident;
  if (!known) throw new Error('the fixture has no incident');
  const seen = withSeries({ ...snapshot, incident: { ...known, declaredAt } }, recent, 1_000, earlier);
  return factsOf({ ...incident, snapshot: seen });
}

test('older samples are drawn since the declaration, and nothing is judged by them', () => {
  const [without, withOlder] = [facts([]), facts([sample(300, 9), sample(200, 4)])];
  const fold = trendFold(withOlder);
  const slowest = fold?.picture?.diagrams.find((one) => one.as === 'columns' && one.colour === 'time');
  const values = slowest?.as === 'columns' ? slowest.columns.map(({ value }) => value) : [];
  expect(values).toHaveLength(24);
  expect(values.filter((value) => value !== null && value > 1)).toEqual([9, 4]);
  expect(values.slice(-4)).toEqual([1, 1, 1, 1]);
  expect(fold?.rows).toEqual(trendFold(without)?.rows);
  expect(sampledTrend(withOlder)).toEqual(sampledTrend(without));
  expect(withOlder.snapshot.samples).toEqual(without.snapshot.samples);
});

test('of an older sample only what is drawn is taken along', () => {
  expect(drawnFigures(sample(300, 9), configuration).figures.map(([, name]) => name)).toEqual([
    'status',
    'latency',
  ]);
});
