import { z } from 'zod';
import type { Scenario } from '../../scenario/schema.ts';
import { invalid } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { badData } from './errors.ts';
import { writingProblem } from './writing.ts';

/**
 * `query_range` of Cloud Monitoring's Prometheus API (monitoring v1), in the format that prometheus.io documents.
 * PromQL is not computed: the scenario says what each query gives, and no other query is answered.
 */

type Query = Scenario['google']['prometheus'][number];
type Levels = Query['series'][number]['levels'];

/** The request, which has been judged by its message type already. */
const requestSchema = z.object({
  name: z.string(),
  location: z.string(),
  query: z.string().default(''),
  start: z.string().default(''),
  end: z.string().default(''),
  step: z.string().default(''),
});
type Request = z.infer<typeof requestSchema>;

/** Points of one series that an answer holds at most. */
const mostPoints = 11_000;

function instantOf(name: 'start' | 'end', text: string): number {
  const found = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text);
  if (Number.isFinite(found)) return found;
  throw badData(`invalid parameter "${name}": cannot parse "${text}" to a valid timestamp`);
}

const secondsOf: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400 };

function stepOf(text: string): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text) ?? [];
  if (number === undefined) {
    throw badData(`invalid parameter "step": cannot parse "${text}" to a valid duration`);
  }
  const step = Number(number) * (secondsOf[unit] ?? 1) * 1_000;
  if (step > 0) return step;
  throw badData('invalid parameter "step": zero or negative query resolution step widths are not accepted.');
}

/** The times that a query is evaluated at, ms since 1970. */
function timesOf({ start: from, end: to, step: text }: Request): number[] {
  const [start, end] = [instantOf('start', from), instantOf('end', to)];
  if (end < start) throw badData('invalid parameter "end": end timestamp must not be before start time');
  const step = stepOf(text);
  const count = Math.floor((end - start) / step) + 1;
  if (count > mostPoints) {
    throw badData(
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
  }
  return Array.from({ length: count }, (_, index) => start + index * step);
}

/** What a series has at a time: text, as Prometheus writes numbers; null where it has nothing. */
function valueAt(levels: Levels, at: number): string | null {
  const level = levels.findLast(({ from }) => Date.parse(from) <= at);
  if (level === undefined || (level.to !== undefined && Date.parse(level.to) <= at)) return null;
  return String(level.value);
}

function seriesJson({ labels, levels }: Query['series'][number], times: readonly number[]): JsonObject[] {
  const values = times.flatMap((at) => {
    const value = valueAt(levels, at);
    return value === null ? [] : [[at / 1_000, value]];
  });
  return values.length === 0 ? [] : [{ metric: labels, values }];
}

/**
 * Answers a range query from the scenario as it stands at `now`.
 *
 * @throws GoogleError as Prometheus' API does, and for a query that the scenario does not have
 */
export function queryRange(queries: readonly Query[], message: JsonObject, now: Date): JsonObject {
  const request = requestSchema.parse(message);
  if (request.location !== 'global') throw invalid(`The location is global, not ${request.location}.`);
  const times = timesOf(request).filter((at) => at <= now.getTime());
  const problem = writingProblem(request.query);
  if (problem !== null) throw badData(`invalid parameter "query": ${problem}`);
  const found = queries.find(
    ({ project, query }) => `projects/${project}` === request.name && query.trim() === request.query.trim(),
  );
  if (!found) throw badData(`The scenario does not say what ${request.query} gives in ${request.name}.`);
  return {
    status: 'success',
    data: { resultType: 'matrix', result: found.series.flatMap((series) => seriesJson(series, times)) },
  };
}
