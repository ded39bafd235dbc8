import { enumNamed, messageNamed } from '../descriptions.ts';
import { invalid } from '../errors.ts';
import type { Filter, Operand, Operator, Value } from '../filter/parser.ts';
import { parseFilter } from '../filter/parser.ts';
import { pattern, plainText } from '../filter/text.ts';
import { isObject } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { parseTimestamp } from '../scalars.ts';

/**
 * Evaluates a filter over log entries. Comparisons of texts do not mind the case, regular expressions do; a
 * comparison with a field that an entry lacks is false (cloud.google.com/logging/docs/view/logging-query-language).
 */

type Test = (entry: JsonObject) => boolean;
type Check = (value: unknown) => boolean;

const severityType = 'google.logging.type.LogSeverity';

/** Type of a field of LogEntry by its path; null below a struct or a map, where any name goes. */
function typeOf(path: string[]): string | null {
  let type = 'google.logging.v2.LogEntry';
  for (const [index, name] of path.entries()) {
    const fields = messageNamed(type);
    const field = fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) {
      throw invalid(`Field not found: '${path.slice(0, index + 1).join('.')}'.`, 'filter');
    }
    if (/^google\.protobuf\.(Struct|Any)$/.test(field.type)) return null;
    if (field.key !== undefined) {
      if (path.length > index + 2) throw invalid(`Field not found: '${path.join('.')}'.`, 'filter');
      return null;
    }
    type = field.type;
  }
  return type;
}

/** Values at a path; every element of a list counts. */
function valuesAt(value: unknown, path: string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((inner) => valuesAt(inner, path));
  const [name, ...rest] = path;
  if (name === undefined) return value === undefined ? [] : [value];
  return isObject(value) && Object.hasOwn(value, name) ? valuesAt(value[name], rest) : [];
}

const orders: Partial<Record<Operator, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
};

function orderOf(operator: Operator): (order: number) => boolean {
  const holds = orders[operator];
  if (holds === undefined) throw invalid(`The operator ${operator} does not compare this field.`, 'filter');
  return holds;
}

function severityCheck(operator: Operator, value: Value): Check {
  const severities = enumNamed(severityType) ?? {};
  const name = plainText(value).toUpperCase();
  const wanted = /^\d+$/.test(name) ? Number(name) : severities[name];
  if (wanted === undefined) throw invalid(`Invalid severity: '${plainText(value)}'.`, 'filter');
  const holds = orderOf(operator);
  return (given) => holds((severities[String(given)] ?? 0) - wanted);
}

function timeCheck(operator: Operator, value: Value): Check {
  const wanted = parseTimestamp(plainText(value));
  if (wanted === null)
    throw invalid(`Invalid timestamp: '${plainText(value)}'; it is RFC 3339 in quotes.`, 'filter');
  const holds = orderOf(operator);
  return (given) => holds((parseTimestamp(String(given)) ?? Number.NaN) - wanted);
}

/** Texts below a value: a search in `jsonPayload` searches all that it holds. */
function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [String(value)];
}

function isNumeric(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

function orderedCheck(operator: Operator, value: Value): Check {
  const wanted = plainText(value);
  if (operator === '=') {
    const numeric = isNumeric(wanted);
    return (given) =>
      numeric && typeof given === 'number'
        ? given === Number(wanted)
        : !isObject(given) && String(given).toLowerCase() === wanted.toLowerCase();
  }
  if (!isNumeric(wanted))
    throw invalid(`'${wanted}' is no number: the stand-in orders numbers and times.`, 'filter');
  const holds = orderOf(operator);
  return (given) => isNumeric(String(given)) && holds(Number(given) - Number(wanted));
}

function checkOf(type: string | null, operator: Operator, value: Value): Check {
  if (operator === '!=' || operator === '!~') {
    throw invalid(
      `The stand-in knows no ${operator}: write NOT field${operator === '!=' ? '=' : '=~'}value.`,
      'filter',
    );
  }
  if (operator === '=~') {
    const expression = pattern(value);
    return (given) => typeof given === 'string' && expression.test(given);
  }
  if (operator === ':') {
    if (!value.quoted && value.text === '*') return () => true;
    const part = plainText(value).toLowerCase();
    return (given) => textsIn(given).some((text) => text.toLowerCase().includes(part));
  }
  if (type === severityType) return severityCheck(operator, value);
  if (type === 'google.protobuf.Timestamp') return timeCheck(operator, value);
  return orderedCheck(operator, value);
}

function operandTest(path: string[], type: string | null, operator: Operator, operand: Operand): Test {
  switch (operand.kind) {
    case 'value': {
      const check = checkOf(type, operator, operand.value);
      // Google leaves a default out of its JSON: an entry without severity has severity DEFAULT.
      const absent = type === severityType ? ['DEFAULT'] : [];
      return (entry) => {
        const found = valuesAt(entry, path);
        return (found.length === 0 ? absent : found).some(check);
      };
    }
    case 'call':
      throw invalid(`The stand-in knows no function ${operand.name}() in a filter of logs.`, 'filter');
    case 'not': {
      const inner = operandTest(path, type, operator, operand.operand);
      return (entry) => !inner(entry);
    }
    case 'and':
    case 'or': {
      const tests = operand.operands.map((part) => operandTest(path, type, operator, part));
      return operand.kind === 'and'
        ? (entry) => tests.every((test) => test(entry))
        : (entry) => tests.some((test) => test(entry));
    }
  }
}

function filterTest(filter: Filter): Test {
  switch (filter.kind) {
    case 'comparison':
      return operandTest(filter.field, typeOf(filter.field), filter.operator, filter.operand);
    case 'not': {
      const inner = filterTest(filter.filter);
      return (entry) => !inner(entry);
    }
    case 'and':
    case 'or': {
      const tests = filter.filters.map(filterTest);
      return filter.kind === 'and'
        ? (entry) => tests.every((test) => test(entry))
        : (entry) => tests.some((test) => test(entry));
    }
  }
}

/**
 * Compiles a filter to a test of entries; an empty one keeps all.
 *
 * @throws GoogleError INVALID_ARGUMENT for what cannot be read, an unknown field, severity or operator
 */
export function logFilter(text: string): Test {
  const filter = parseFilter(text);
  return filter === null ? () => true : filterTest(filter);
}
