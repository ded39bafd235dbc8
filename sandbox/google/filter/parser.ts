import { invalid } from '../errors.ts';
import { tokens } from './lexer.ts';
import type { Token } from './lexer.ts';

/**
 * Grammar of filters (cloud.google.com/logging/docs/view/logging-query-language). NOT binds tightest, then OR,
 * then AND; between two comparisons AND may be left out.
 */

export type Operator = '=' | '!=' | '>' | '>=' | '<' | '<=' | ':' | '=~' | '!~';

export interface Value {
  text: string;
  quoted: boolean;
}

/** What a field is compared with: a value, a function's call, or a combination in parentheses. */
export type Operand =
  | { kind: 'value'; value: Value }
  | { kind: 'call'; name: string; values: Value[] }
  | { kind: 'and' | 'or'; operands: Operand[] }
  | { kind: 'not'; operand: Operand };

export type Filter =
  | { kind: 'comparison'; field: string[]; operator: Operator; operand: Operand }
  | { kind: 'and' | 'or'; filters: Filter[] }
  | { kind: 'not'; filter: Filter };

interface Reader {
  tokens: Token[];
  next: number;
}

const operators: ReadonlySet<string> = new Set(['=', '!=', '>', '>=', '<', '<=', ':', '=~', '!~']);
function isOperator(text: string): text is Operator {
  return operators.has(text);
}

function peek(reader: Reader, ahead = 0): Token {
  return reader.tokens[reader.next + ahead] ?? { kind: 'end', text: 'end of filter', at: 0 };
}

function take(reader: Reader): Token {
  const token = peek(reader);
  reader.next += 1;
  return token;
}

function fail(token: Token, wanted: string): never {
  throw invalid(
    `Unparseable filter: at column ${token.at + 1}, '${token.text}' where ${wanted} is expected`,
    'filter',
  );
}

function isKeyword(token: Token, ...words: string[]): boolean {
  return token.kind === 'word' && words.includes(token.text);
}

/** `x OR y AND z`, over whatever `unit` reads; OR binds tighter than AND. */
function combined<T>(
  reader: Reader,
  unit: () => T,
  join: (kind: 'and' | 'or', parts: T[]) => T,
  implicit: boolean,
): T {
  const alternatives = () => {
    const parts = [unit()];
    while (isKeyword(peek(reader), 'OR')) {
      take(reader);
      parts.push(unit());
    }
    return join('or', parts);
  };
  const parts = [alternatives()];
  for (;;) {
    const token = peek(reader);
    if (isKeyword(token, 'AND')) take(reader);
    else if (!implicit || token.kind === 'end' || token.kind === 'close') break;
    parts.push(alternatives());
  }
  return join('and', parts);
}

function readValue(reader: Reader): Value {
  const token = take(reader);
  if (token.kind === 'text') return { text: token.text, quoted: true };
  if (token.kind !== 'word' || isKeyword(token, 'AND', 'OR', 'NOT')) fail(token, 'a value');
  if (token.text === '-') return { text: `-${readValue(reader).text}`, quoted: false };
  return { text: token.text, quoted: false };
}

function readCall(reader: Reader): Operand {
  const name = take(reader).text;
  take(reader);
  const values = [readValue(reader)];
  while (peek(reader).kind === 'comma') {
    take(reader);
    values.push(readValue(reader));
  }
  if (peek(reader).kind !== 'close') fail(peek(reader), "',' or ')'");
  take(reader);
  return { kind: 'call', name, values };
}

function readOperandUnit(reader: Reader): Operand {
  if (isKeyword(peek(reader), 'NOT')) {
    take(reader);
    return { kind: 'not', operand: readOperandUnit(reader) };
  }
  return readOperand(reader);
}

function readOperand(reader: Reader): Operand {
  if (peek(reader).kind === 'word' && peek(reader, 1).kind === 'open') return readCall(reader);
  if (peek(reader).kind !== 'open') return { kind: 'value', value: readValue(reader) };
  take(reader);
  const join = (kind: 'and' | 'or', operands: Operand[]): Operand =>
    operands.length === 1 && operands[0] !== undefined ? operands[0] : { kind, operands };
  const operand = combined(reader, () => readOperandUnit(reader), join, false);
  if (peek(reader).kind !== 'close') fail(peek(reader), "')'");
  take(reader);
  return operand;
}

/** `resource.labels."k8s/app"` → its parts. */
function readField(reader: Reader): string[] {
  const token = take(reader);
  if (token.kind !== 'word') fail(token, 'the name of a field');
  const parts = token.text.split('.');
  if (parts.at(-1) === '' && peek(reader).kind === 'text') parts.splice(-1, 1, take(reader).text);
  if (parts.includes('')) fail(token, 'the whole name of a field');
  return parts;
}

function readComparison(reader: Reader): Filter {
  const first = peek(reader);
  const after = peek(reader, 1);
  if (first.kind === 'word' && after.kind === 'open') {
    throw invalid(`Unparseable filter: the stand-in knows no function ${first.text}()`, 'filter');
  }
  const named = first.kind === 'word' && (after.kind === 'operator' || first.text.endsWith('.'));
  if (!named && (first.kind === 'word' || first.kind === 'text')) {
    throw invalid(
      `Unparseable filter: the stand-in searches no "${first.text}" in all fields; name the field`,
      'filter',
    );
  }
  const field = readField(reader);
  const token = take(reader);
  if (token.kind !== 'operator' || !isOperator(token.text)) fail(token, 'an operator');
  return { kind: 'comparison', field, operator: token.text, operand: readOperand(reader) };
}

function readUnit(reader: Reader): Filter {
  const token = peek(reader);
  if (isKeyword(token, 'NOT', '-')) {
    take(reader);
    return { kind: 'not', filter: readUnit(reader) };
  }
  if (token.kind !== 'open') return readComparison(reader);
  take(reader);
  const inner = readFilter(reader);
  if (peek(reader).kind !== 'close') fail(peek(reader), "')'");
  take(reader);
  return inner;
}

function readFilter(reader: Reader): Filter {
  const join = (kind: 'and' | 'or', filters: Filter[]): Filter =>
    filters.length === 1 && filters[0] !== undefined ? filters[0] : { kind, filters };
  return combined(reader, () => readUnit(reader), join, true);
}

/**
 * Reads a filter. Null for an empty one, which keeps everything.
 *
 * @throws GoogleError INVALID_ARGUMENT with the column where it cannot be read, or uses what the stand-in lacks
 */
export function parseFilter(text: string): Filter | null {
  if (text.length > 20_000) throw invalid('The filter is longer than 20,000 characters.', 'filter');
  const reader: Reader = { tokens: tokens(text), next: 0 };
  if (peek(reader).kind === 'end') return null;
  const filter = readFilter(reader);
  if (peek(reader).kind !== 'end') fail(peek(reader), 'the end');
  return filter;
}
