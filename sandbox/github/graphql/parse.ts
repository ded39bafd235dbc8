/**
 * Reads a GraphQL document that is one operation, as far as the stand-in needs: variables, arguments, nested
 * fields. Anything else of the language (fragments, directives, lists) is an error, so nothing passes unread.
 */

export type Value =
  | { kind: 'variable'; name: string }
  | { kind: 'text'; value: string }
  | { kind: 'enum'; value: string }
  | { kind: 'other'; value: string }
  | { kind: 'object'; fields: Map<string, Value> };

export interface Field {
  name: string;
  /** Under which name the result stands. */
  alias: string;
  arguments: Map<string, Value>;
  fields: Field[];
}

export interface Operation {
  type: 'query' | 'mutation';
  /** Name → type as written, for example `ID!`. */
  variables: Map<string, string>;
  fields: Field[];
}

/** What is wrong with a document. */
export class GraphQLSyntaxError extends Error {}

const token =
  /\s+|,|#[^\n]*|(\.\.\.|[{}()[\]:!=$@|&])|([_A-Za-z]\w*)|("(?:[^"\\\n]|\\.)*")|(-?\d+(?:\.\d+)?)/y;

function tokens(source: string): string[] {
  const found: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < source.length) {
    const at = token.lastIndex;
    const match = token.exec(source);
    if (!match) throw new GraphQLSyntaxError(`Unexpected "${source.charAt(at)}" at ${at}`);
    const text = match[1] ?? match[2] ?? match[3] ?? match[4];
    if (text !== undefined) found.push(text);
  }
  return found;
}

interface Reader {
  peek(): string | undefined;
  take(): string;
  expect(text: string): void;
  name(): string;
}

function createReader(list: string[]): Reader {
  let at = 0;
  const take = () => {
    const text = list[at];
    if (text === undefined) throw new GraphQLSyntaxError('Unexpected end of document');
    at += 1;
    return text;
  };
  return {
    take,
    peek: () => list[at],
    expect(text) {
      const next = take();
      if (next !== text) throw new GraphQLSyntaxError(`Expected "${text}", got "${next}"`);
    },
    name() {
      const next = take();
      if (!/^[_A-Za-z]/.test(next)) throw new GraphQLSyntaxError(`Expected a name, got "${next}"`);
      return next;
    },
  };
}

function readText(literal: string): string {
  const value: unknown = JSON.parse(literal);
  return String(value);
}

function readValue(reader: Reader): Value {
  const next = reader.take();
  if (next === '$') return { kind: 'variable', name: reader.name() };
  if (next === '{') {
    const fields = new Map<string, Value>();
    while (reader.peek() !== '}') {
      const name = reader.name();
      reader.expect(':');
      fields.set(name, readValue(reader));
    }
    reader.expect('}');
    return { kind: 'object', fields };
  }
  if (next.startsWith('"')) return { kind: 'text', value: readText(next) };
  if (/^(true|false|null|-?\d.*)$/.test(next)) return { kind: 'other', value: next };
  if (/^[_A-Za-z]/.test(next)) return { kind: 'enum', value: next };
  throw new GraphQLSyntaxError(`"${next}" is not read as a value`);
}

function readArguments(reader: Reader): Map<string, Value> {
  const values = new Map<string, Value>();
  if (reader.peek() !== '(') return values;
  reader.expect('(');
  while (reader.peek() !== ')') {
    const name = reader.name();
    reader.expect(':');
    values.set(name, readValue(reader));
  }
  reader.expect(')');
  return values;
}

function readFields(reader: Reader): Field[] {
  const fields: Field[] = [];
  reader.expect('{');
  while (reader.peek() !== '}') {
    const first = reader.name();
    const renamed = reader.peek() === ':';
    if (renamed) reader.expect(':');
    const name = renamed ? reader.name() : first;
    const values = readArguments(reader);
    fields.push({
      name,
      alias: first,
      arguments: values,
      fields: reader.peek() === '{' ? readFields(reader) : [],
    });
  }
  reader.expect('}');
  if (fields.length === 0) throw new GraphQLSyntaxError('A selection is empty');
  return fields;
}

function readVariables(reader: Reader): Map<string, string> {
  const variables = new Map<string, string>();
  if (reader.peek() !== '(') return variables;
  reader.expect('(');
  while (reader.peek() !== ')') {
    reader.expect('$');
    const name = reader.name();
    reader.expect(':');
    const type = reader.name();
    const required = reader.peek() === '!';
    if (required) reader.expect('!');
    variables.set(name, required ? `${type}!` : type);
  }
  reader.expect(')');
  return variables;
}

/** The one operation of a document. */
export function parseOperation(source: string): Operation {
  const reader = createReader(tokens(source));
  const short = reader.peek() === '{';
  const type = short ? 'query' : reader.name();
  if (type !== 'query' && type !== 'mutation') throw new GraphQLSyntaxError(`"${type}" is not read`);
  if (!short && reader.peek() !== '{' && reader.peek() !== '(') reader.name();
  const variables = short ? new Map<string, string>() : readVariables(reader);
  const fields = readFields(reader);
  if (reader.peek() !== undefined) throw new GraphQLSyntaxError('More than one operation is not read');
  return { type, variables, fields };
}
