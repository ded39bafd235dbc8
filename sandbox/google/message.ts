import { enumNamed, messageNamed } from './descriptions.ts';
import type { FieldDescription } from './descriptions.ts';
import { isObject } from './json.ts';
import type { JsonObject } from './json.ts';
import { scalarProblem, scalarType, writtenScalar } from './scalars.ts';

/**
 * A strict walk over JSON by its protobuf message type. It refuses what a lenient parser lets through: unknown
 * fields, enum names that do not exist, values of another JSON type, two fields of one oneof.
 */

/** How fields and enums may be spelled: answers have one way, requests two for each. */
export type Spelling = 'answer' | 'request';

/** How the walked value is written back. */
export interface Writing {
  enumsAsNumbers: boolean;
}

interface Walk {
  spelling: Spelling;
  writing: Writing;
  problems: string[];
}

export interface Walked {
  /** The value in the form in which Google writes it. */
  value: unknown;
  /** One line each: the path and what is wrong with it. Empty where the value fits its type. */
  problems: string[];
}

const jsonTypes = /^google\.protobuf\.(Struct|Value|ListValue|Any|Empty)$/;

function walkEnum(
  walk: Walk,
  name: string,
  values: Readonly<Record<string, number>>,
  value: unknown,
  path: string,
) {
  const numberOf = typeof value === 'string' ? values[value] : undefined;
  if (typeof value === 'string' && numberOf !== undefined)
    return walk.writing.enumsAsNumbers ? numberOf : value;
  if (walk.spelling === 'request' && Number.isInteger(value)) {
    const found = Object.entries(values).find(([, number]) => number === value);
    if (found !== undefined) return found[0];
  }
  walk.problems.push(`${path}: ${JSON.stringify(value)} is no value of ${name}`);
  return value;
}

function walkFree(walk: Walk, type: string, value: unknown, path: string): unknown {
  const kind = type.slice('google.protobuf.'.length);
  const fits =
    kind === 'Value' ||
    ((kind === 'ListValue' ? Array.isArray(value) : isObject(value)) &&
      (kind !== 'Empty' || Object.keys(Object(value)).length === 0));
  if (!fits) walk.problems.push(`${path}: expected ${kind}`);
  if (kind === 'Any' && isObject(value) && typeof value['@type'] !== 'string') {
    walk.problems.push(`${path}: Any without "@type"`);
  }
  return value;
}

function walkSingle(walk: Walk, type: string, value: unknown, path: string): unknown {
  const scalar = scalarType(type);
  if (scalar !== null) {
    const problem = scalarProblem(scalar, value);
    if (problem === null) return writtenScalar(scalar, value);
    walk.problems.push(`${path}: ${problem}`);
    return value;
  }
  const values = enumNamed(type);
  if (values !== undefined) return walkEnum(walk, type, values, value, path);
  if (jsonTypes.test(type)) return walkFree(walk, type, value, path);
  return walkFields(walk, type, value, path);
}

function walkMap(walk: Walk, field: FieldDescription, value: unknown, path: string): unknown {
  if (!isObject(value)) {
    walk.problems.push(`${path}: expected a map`);
    return value;
  }
  for (const key of Object.keys(value)) {
    const keyFits = field.key === 'string' || scalarProblem(field.key ?? 'string', key) === null;
    if (!keyFits) walk.problems.push(`${path}: the key ${JSON.stringify(key)} is no ${field.key}`);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, walkSingle(walk, field.type, inner, `${path}.${key}`)]),
  );
}

function walkField(walk: Walk, field: FieldDescription, value: unknown, path: string): unknown {
  if (field.key !== undefined) return walkMap(walk, field, value, path);
  if (field.repeated !== true) return walkSingle(walk, field.type, value, path);
  if (Array.isArray(value))
    return value.map((inner, index) => walkSingle(walk, field.type, inner, `${path}[${index}]`));
  walk.problems.push(`${path}: expected a list`);
  return value;
}

/** `page_size` → `pageSize`; a request may use either. */
function camelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function walkFields(walk: Walk, type: string, value: unknown, path: string): unknown {
  const fields = messageNamed(type);
  if (fields === undefined || !isObject(value)) {
    walk.problems.push(
      fields === undefined ? `${path}: the type ${type} is not described` : `${path}: expected ${type}`,
    );
    return value;
  }
  const written: JsonObject = {};
  const oneofs = new Map<string, string>();
  for (const [key, inner] of Object.entries(value)) {
    // Null stands for an unset field in what a client sends; Google's answers leave such a field out.
    if (inner === null && walk.spelling === 'request') continue;
    const name = walk.spelling === 'request' && !Object.hasOwn(fields, key) ? camelCase(key) : key;
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const at = path === '' ? name : `${path}.${name}`;
    if (field === undefined) {
      walk.problems.push(`${at}: ${type} has no such field`);
      continue;
    }
    const other = field.oneof === undefined ? undefined : oneofs.get(field.oneof);
    if (other !== undefined) walk.problems.push(`${at}: only one of ${other} and ${name} may be set`);
    if (field.oneof !== undefined) oneofs.set(field.oneof, name);
    written[name] = walkField(walk, field, inner, at);
  }
  return written;
}

/**
 * Walks `value` as a message of the given type.
 *
 * @param spelling `answer`: fields in lowerCamelCase and enums by name, as Google's APIs write them; `request`:
 *   fields in snake_case and enums by number are taken too, as Google's APIs read them.
 */
export function walkMessage(
  type: string,
  value: unknown,
  spelling: Spelling,
  writing: Writing = { enumsAsNumbers: false },
): Walked {
  const walk: Walk = { spelling, writing, problems: [] };
  const written = walkFields(walk, type, value, '');
  return {
    value: written,
    problems: walk.problems.map((problem) => (problem.startsWith(':') ? `(root)${problem}` : problem)),
  };
}
