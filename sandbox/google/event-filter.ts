import { invalid } from './errors.ts';
import { enumNamed } from './descriptions.ts';
import type { JsonObject } from './json.ts';
import { parseTimestamp } from './scalars.ts';

/**
 * Filters of Service Health events, as the description of `ListEventsRequest.filter` has them: `category` and
 * `state` with `=`, `update_time` with `<`, `>`, `<=`, `>=`; spaces and AND join, OR parts.
 */

type Test = (event: JsonObject) => boolean;

const event = 'google.cloud.servicehealth.v1.Event';
const enums: Record<string, string> = { category: `${event}.EventCategory`, state: `${event}.State` };

/** Compiles a filter; an empty one keeps all. @throws GoogleError INVALID_ARGUMENT for what it does not know */
export function eventFilter(text: string): Test {
  if (text.trim() === '') return () => true;
  const alternatives = text
    .split(/\s+OR\s+/)
    .map((part) => part.split(/\s+(?:AND\s+)?/).map((condition) => conditionTest(condition)));
  return (given) => alternatives.some((tests) => tests.every((test) => test(given)));
}

function conditionTest(condition: string): Test {
  const [, field = '', operator = '', value = ''] = /^(\w+)(<=|>=|=|<|>)(\S+)$/.exec(condition) ?? [];
  const values = enumNamed(enums[field] ?? '');
  if (values !== undefined && operator === '=' && Object.hasOwn(values, value)) {
    return (given) => given[field] === value;
  }
  const wanted = parseTimestamp(value);
  if (field === 'update_time' && operator !== '=' && wanted !== null) {
    return (given) => holds(operator, (parseTimestamp(String(given['updateTime'])) ?? Number.NaN) - wanted);
  }
  throw invalid(`Invalid filter: '${condition}'.`, 'filter');
}

function holds(operator: string, difference: number): boolean {
  if (operator.startsWith('<')) return difference < 0 || (operator === '<=' && difference === 0);
  return difference > 0 || (operator === '>=' && difference === 0);
}
