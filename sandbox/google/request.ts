import { enumNamed, messageNamed } from './descriptions.ts';
import type { FieldDescription, MessageDescription, MethodDescription } from './descriptions.ts';
import { invalid } from './errors.ts';
import { isObject } from './json.ts';
import type { JsonObject } from './json.ts';
import { walkMessage } from './message.ts';
import { scalarType } from './scalars.ts';

/** Builds and judges a request message from a path, a query and a body, as Google's transcoding does. */

export interface ApiRequest {
  /** The request message in lowerCamelCase; it fits its type. */
  message: JsonObject;
  /** `$alt=json;enum-encoding=int`: the generated clients ask for enums by number. */
  enumsAsNumbers: boolean;
  /** `alt=media`: what an object of Cloud Storage holds, not what is known of it. */
  media: boolean;
}

/** System parameters (cloud.google.com/apis/docs/system-parameters) that change nothing here. */
const systemParameters = new Map<string, (value: string) => boolean>([
  ['alt', (value) => value === 'json'],
  ['$alt', (value) => value === 'json' || value === 'json;enum-encoding=int'],
  ['prettyPrint', () => true],
  ['$prettyPrint', () => true],
  ['quotaUser', () => true],
]);

/** Text of a query parameter as the JSON value of a scalar or enum; the walk judges what comes out. */
function scalarFromText(type: string, text: string): unknown {
  const scalar = scalarType(type);
  if (scalar === 'bool') return text === 'true' ? true : text === 'false' ? false : text;
  if (scalar === 'double' || scalar === 'float') return text.trim() === '' ? text : Number(text);
  return enumNamed(type) !== undefined && /^\d+$/.test(text) ? Number(text) : text;
}

interface FieldPath {
  names: string[];
  field: FieldDescription;
}

/** Name of a field, which a query may write in either spelling. */
function fieldName(fields: MessageDescription, given: string): string | null {
  const camel = given.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return Object.hasOwn(fields, given) ? given : Object.hasOwn(fields, camel) ? camel : null;
}

/** Resolves `aggregation.perSeriesAligner` below a message; null where there is no such scalar field. */
function fieldAt(message: string, path: string): FieldPath | null {
  const names: string[] = [];
  let type = message;
  let field: FieldDescription | undefined;
  for (const part of path.split('.')) {
    const fields = messageNamed(type);
    const name = fields === undefined ? null : fieldName(fields, part);
    if (fields === undefined || name === null || field?.repeated === true || field?.key !== undefined)
      return null;
    names.push(name);
    field = fields[name];
    if (field === undefined) return null;
    type = field.type;
  }
  if (field === undefined || (scalarType(type) === null && enumNamed(type) === undefined)) return null;
  return { names, field };
}

function put(message: JsonObject, { names, field }: FieldPath, value: unknown, given: string): void {
  let target = message;
  for (const name of names.slice(0, -1)) {
    const inner = target[name];
    const next: JsonObject = isObject(inner) ? inner : {};
    target[name] = next;
    target = next;
  }
  const last = names.at(-1) ?? given;
  const present = target[last];
  if (field.repeated === true) {
    target[last] = [...(Array.isArray(present) ? present : []), value];
  } else if (present === undefined) {
    target[last] = value;
  } else {
    throw invalid(`Invalid value at '${given}': the parameter is given twice.`, given);
  }
}

function isMedia(method: MethodDescription, name: string, text: string | null): boolean {
  return method.name === 'storage.objects.get' && name === 'alt' && text === 'media';
}

function takeQuery(
  method: MethodDescription,
  query: URLSearchParams,
  fixed: ReadonlySet<string>,
): JsonObject {
  const message: JsonObject = {};
  for (const [name, text] of query) {
    const accepts = systemParameters.get(name);
    if (isMedia(method, name, text)) continue;
    if (accepts?.(text) === true) continue;
    if (accepts !== undefined)
      throw invalid(`Invalid value ${JSON.stringify(text)} for the parameter ${name}.`, name);
    const found = method.body === '*' ? null : fieldAt(method.request, name);
    if (found === null || fixed.has(found.names[0] ?? '')) {
      throw invalid(
        `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. ` +
          `Field '${name}' could not be found in request message.`,
        name,
      );
    }
    put(message, found, scalarFromText(found.field.type, text), name);
  }
  return message;
}

function takeBody(method: MethodDescription, body: string): JsonObject {
  if (method.body === null) {
    if (body !== '') throw invalid(`${method.name} takes no body.`);
    return {};
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (error) {
    throw invalid(
      `Invalid JSON payload received. ${error instanceof Error ? error.message : 'It cannot be parsed.'}`,
    );
  }
  if (!isObject(parsed)) throw invalid('Invalid JSON payload received. Root element must be a message.');
  return method.body === '*' ? parsed : { [method.body]: parsed };
}

/**
 * The request message of a call.
 *
 * @throws GoogleError INVALID_ARGUMENT for an unknown parameter or field, or a value that does not fit its type
 */
export function readRequest(
  method: MethodDescription,
  fields: Record<string, string>,
  query: URLSearchParams,
  body: string,
): ApiRequest {
  const given = {
    ...takeQuery(method, query, new Set(Object.keys(fields))),
    ...takeBody(method, body),
    ...fields,
  };
  const { value, problems } = walkMessage(method.request, given, 'request');
  if (problems.length > 0)
    throw invalid(`Invalid value at ${problems.join('; ')}`, problems[0]?.split(':')[0]);
  return {
    message: isObject(value) ? value : {},
    enumsAsNumbers: query.get('$alt') === 'json;enum-encoding=int',
    media: isMedia(method, 'alt', query.get('alt')),
  };
}
