import { invalid } from '../errors.ts';
import type { Kind, ValueType } from './descriptors.ts';
import type { Series } from './series.ts';
import { added, always, greatest, least, mean, numeric, percentile, same } from './statistics.ts';

/** Reduction across aligned series, as google/monitoring/v3/common.proto describes it. */

interface Reducer {
  types: readonly ValueType[];
  kind: (given: Kind) => Kind;
  type: (given: ValueType) => ValueType;
  reduce: (values: number[][], type: ValueType) => number[];
}

function percentileReducer(percent: number): Reducer {
  return {
    types: [...numeric, 'DISTRIBUTION'],
    kind: always<Kind>('GAUGE'),
    type: always<ValueType>('DOUBLE'),
    reduce: (values) => [percentile(values.flat(), percent)],
  };
}

const reducers: Record<string, Reducer> = {
  REDUCE_SUM: {
    types: [...numeric, 'DISTRIBUTION'],
    kind: same,
    type: same,
    reduce: (values, type) => added(values.flat(), type),
  },
  REDUCE_MEAN: {
    types: [...numeric, 'DISTRIBUTION'],
    kind: same,
    type: always<ValueType>('DOUBLE'),
    reduce: (values) => [mean(values.flat())],
  },
  REDUCE_MAX: { types: numeric, kind: same, type: same, reduce: (values) => [greatest(values.flat())] },
  REDUCE_MIN: { types: numeric, kind: same, type: same, reduce: (values) => [least(values.flat())] },
  REDUCE_COUNT: {
    types: ['BOOL', ...numeric, 'DISTRIBUTION'],
    kind: always<Kind>('GAUGE'),
    type: always<ValueType>('INT64'),
    reduce: (values) => [values.length],
  },
  REDUCE_PERCENTILE_99: percentileReducer(99),
  REDUCE_PERCENTILE_95: percentileReducer(95),
  REDUCE_PERCENTILE_50: percentileReducer(50),
};

/**
 * Reduces aligned series of one group to one; `labels` are those that the group keeps.
 *
 * @throws GoogleError INVALID_ARGUMENT where the reducer does not go with the kind and value type
 */
export function reduceSeries(
  group: Series[],
  name: string,
  labels: Pick<Series, 'metric' | 'resource'>,
): Series[] {
  const field = 'aggregation.crossSeriesReducer';
  const reducer = Object.hasOwn(reducers, name) ? reducers[name] : undefined;
  if (reducer === undefined) throw invalid(`The stand-in does not calculate ${name}.`, field);
  const [first] = group;
  if (first === undefined) return [];
  if (first.kind === 'CUMULATIVE' || !reducer.types.includes(first.valueType)) {
    throw invalid(
      `Field ${field} had an invalid value of "${name}": The reducer cannot be applied to metrics with kind ` +
        `${first.kind} and value type ${first.valueType}.`,
      field,
    );
  }
  const kind = reducer.kind(first.kind);
  const together = Map.groupBy(
    group.flatMap(({ points }) => points),
    ({ end }) => end,
  );
  const points = [...together]
    .sort(([a], [b]) => a - b)
    .map(([end, at]) => ({
      start: kind === 'GAUGE' ? end : (at[0]?.start ?? end),
      end,
      values: reducer.reduce(
        at.map(({ values }) => values),
        first.valueType,
      ),
    }));
  return [{ ...first, ...labels, kind, valueType: reducer.type(first.valueType), points }];
}
