import { invalid } from '../errors.ts';
import type { Filter, Operand } from '../filter/parser.ts';
import { parseFilter } from '../filter/parser.ts';
import { plainText } from '../filter/text.ts';
import { descriptorOf, labelsOfResource } from './descriptors.ts';
import type { Metric } from './series.ts';

/** Filters of `timeSeries.list` (cloud.google.com/monitoring/api/v3/filters): one metric type, and labels. */

export interface MetricFilter {
  type: string;
  keeps: (metric: Pick<Metric, 'labels' | 'resource'>) => boolean;
}

type Label = { of: 'metric' | 'resource'; name: string } | { of: 'resource.type' | 'metric.type' };

/** The label that a path names, in a filter or in `groupByFields`. */
export function labelAt(path: string[], field: string): Label {
  const [of, group, name, ...rest] = path;
  if ((of === 'metric' || of === 'resource') && rest.length === 0) {
    if (group === 'type' && name === undefined) return { of: `${of}.type` };
    if ((group === 'labels' || group === 'label') && name !== undefined) return { of, name };
  }
  throw invalid(
    `The stand-in knows no "${path.join('.')}" here: it is metric.type, resource.type or a label.`,
    field,
  );
}

/** Value of a label of a series; a label that it lacks is empty, as in Monitoring's own filters. */
export function labelValue(
  label: Label,
  metric: Pick<Metric, 'labels' | 'resource'> & { type?: string },
): string {
  if (label.of === 'metric') return metric.labels[label.name] ?? '';
  if (label.of === 'resource') return metric.resource.labels[label.name] ?? '';
  return label.of === 'resource.type' ? metric.resource.type : (metric.type ?? '');
}

function accepted(operand: Operand): string[] {
  if (operand.kind === 'value') return [plainText(operand.value)];
  if (operand.kind === 'call' && operand.name === 'one_of') return operand.values.map(plainText);
  if (operand.kind === 'or') return operand.operands.flatMap(accepted);
  const what = operand.kind === 'call' ? `function ${operand.name}()` : operand.kind.toUpperCase();
  throw invalid(`The stand-in knows no ${what} as the value in a filter of metrics.`, 'filter');
}

type Comparison = Extract<Filter, { kind: 'comparison' }>;
type Test = MetricFilter['keeps'];

function comparisonTest({ field, operator, operand }: Comparison): Test {
  const label = labelAt(field, 'filter');
  if (label.of === 'metric.type') throw invalid('The filter names more than one metric type.', 'filter');
  if (operator !== '=' && operator !== '!=') {
    throw invalid(`The stand-in compares labels by = and !=, not by ${operator}.`, 'filter');
  }
  const wanted = accepted(operand);
  return (metric) => wanted.includes(labelValue(label, metric)) === (operator === '=');
}

function filterTest(filter: Filter): Test {
  if (filter.kind === 'comparison') return comparisonTest(filter);
  if (filter.kind === 'not') {
    const inner = filterTest(filter.filter);
    return (metric) => !inner(metric);
  }
  const tests = filter.filters.map(filterTest);
  return filter.kind === 'and'
    ? (metric) => tests.every((test) => test(metric))
    : (metric) => tests.some((test) => test(metric));
}

/** Comparisons that all have to hold, and of these the one that names the metric type. */
function isMetricType(filter: Filter): filter is Comparison {
  return filter.kind === 'comparison' && filter.field.join('.') === 'metric.type';
}

function comparisonsIn(filter: Filter): Comparison[] {
  if (filter.kind === 'comparison') return [filter];
  return filter.kind === 'not' ? comparisonsIn(filter.filter) : filter.filters.flatMap(comparisonsIn);
}

/** A label that neither the metric nor its resource has would keep nothing, silently. */
function demandLabels(type: string, filter: Filter): void {
  const descriptor = descriptorOf(type);
  for (const { field, operand } of comparisonsIn(filter)) {
    const label = labelAt(field, 'filter');
    if (descriptor === undefined) continue;
    const resource = descriptor.resource;
    const foreign =
      (label.of === 'metric' && !descriptor.labels.includes(label.name)) ||
      (label.of === 'resource' &&
        resource !== null &&
        labelsOfResource(resource)?.includes(label.name) === false) ||
      (label.of === 'resource.type' && resource !== null && !accepted(operand).includes(resource));
    if (foreign) {
      throw invalid(
        `The supplied filter [${field.join('.')}] does not specify a valid combination of metric and monitored ` +
          `resource descriptors for ${type}. The query will not return any time series.`,
        'filter',
      );
    }
  }
}

/**
 * Reads the filter of a `timeSeries.list`.
 *
 * @throws GoogleError INVALID_ARGUMENT where it cannot be read, names no metric type or several, or a label that
 *   the metric does not have
 */
export function metricFilter(text: string): MetricFilter {
  const filter = parseFilter(text);
  const parts = filter === null ? [] : filter.kind === 'and' ? filter.filters : [filter];
  const naming = parts.filter(isMetricType);
  const [first, second] = naming;
  const types = first === undefined || first.operator !== '=' ? [] : accepted(first.operand);
  const [type] = types;
  if (filter === null || type === undefined || types.length > 1 || second !== undefined) {
    throw invalid('The filter must specify a single metric type, as metric.type = "…".', 'filter');
  }
  const tests = parts.filter((part) => !isMetricType(part)).map(filterTest);
  demandLabels(type, filter);
  return { type, keeps: (metric) => tests.every((test) => test(metric)) };
}
