/**
 * The scalars and well-known types of protobuf in their JSON form
 * (protobuf.dev/programming-guides/json): what each accepts and the form in which Google's APIs write it.
 */

const integers: Record<string, [least: bigint, most: bigint]> = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};
const aliases: Record<string, string> = {
  sint32: 'int32',
  sfixed32: 'int32',
  fixed32: 'uint32',
  sint64: 'int64',
  sfixed64: 'int64',
  fixed64: 'uint64',
};
const wrappers: Record<string, string> = {
  'google.protobuf.DoubleValue': 'double',
  'google.protobuf.FloatValue': 'float',
  'google.protobuf.Int32Value': 'int32',
  'google.protobuf.UInt32Value': 'uint32',
  'google.protobuf.Int64Value': 'int64',
  'google.protobuf.UInt64Value': 'uint64',
  'google.protobuf.BoolValue': 'bool',
  'google.protobuf.StringValue': 'string',
  'google.protobuf.BytesValue': 'bytes',
};

const timestampForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;
const durationForm = /^-?\d{1,12}(\.\d{1,9})?s$/;
const base64Form = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const fieldMaskForm = /^([a-zA-Z][\w.]*(,[a-zA-Z][\w.]*)*)?$/;

/** Milliseconds since 1970 of an RFC 3339 timestamp; null where the text is none. */
export function parseTimestamp(text: string): number | null {
  if (!timestampForm.test(text)) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time;
}

/** A time as Google writes it: UTC, fractional digits only where there are any. */
export function writtenTimestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('.000Z', 'Z');
}

/** Seconds of a protobuf duration such as `3.5s`; null where the text is none. */
export function parseDuration(text: string): number | null {
  return durationForm.test(text) ? Number(text.slice(0, -1)) : null;
}

function integerProblem(type: string, value: unknown): string | null {
  const range = integers[type];
  if (range === undefined) return `${type} is no type that the stand-in knows`;
  const whole =
    typeof value === 'number'
      ? Number.isSafeInteger(value)
      : typeof value === 'string' && /^-?\d+$/.test(value);
  if (!whole) return `expected ${type}, a whole number`;
  const number = BigInt(String(value));
  return number < range[0] || number > range[1] ? `out of the range of ${type}` : null;
}

function decimalProblem(type: string, value: unknown): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? null : `expected ${type}, a number`;
  return value === 'NaN' || value === 'Infinity' || value === '-Infinity'
    ? null
    : `expected ${type}, a number`;
}

function textProblem(
  type: string,
  value: unknown,
  fits: (text: string) => boolean,
  form: string,
): string | null {
  return typeof value === 'string' && fits(value) ? null : `expected ${type}, ${form}`;
}

/** Type that decides how a scalar or wrapper is written; null for messages, enums and the structured types. */
export function scalarType(type: string): string | null {
  const unwrapped = wrappers[type] ?? type;
  const plain = aliases[unwrapped] ?? unwrapped;
  const known = ['double', 'float', 'bool', 'string', 'bytes'].includes(plain) || plain in integers;
  return known || /^google\.protobuf\.(Timestamp|Duration|FieldMask)$/.test(plain) ? plain : null;
}

/** What is wrong with a value of a scalar type, or null. `type` is as `scalarType` gives it. */
export function scalarProblem(type: string, value: unknown): string | null {
  switch (type) {
    case 'double':
    case 'float':
      return decimalProblem(type, value);
    case 'bool':
      return typeof value === 'boolean' ? null : 'expected bool, true or false';
    case 'string':
      return textProblem(type, value, (text) => text.isWellFormed(), 'a text');
    case 'bytes':
      return textProblem(type, value, (text) => base64Form.test(text), 'base64 with padding');
    case 'google.protobuf.Timestamp':
      return textProblem(
        'Timestamp',
        value,
        (text) => parseTimestamp(text) !== null,
        'RFC 3339 such as 2025-01-31T10:00:00Z',
      );
    case 'google.protobuf.Duration':
      return textProblem('Duration', value, (text) => parseDuration(text) !== null, 'seconds such as "3.5s"');
    case 'google.protobuf.FieldMask':
      return textProblem('FieldMask', value, (text) => fieldMaskForm.test(text), 'names with commas between');
    default:
      return integerProblem(type, value);
  }
}

/** The form in which Google writes a scalar: 64-bit integers as text, 32-bit ones as numbers, times in UTC. */
export function writtenScalar(type: string, value: unknown): unknown {
  if (type === 'int64' || type === 'uint64') return String(value);
  if (type === 'google.protobuf.Timestamp' && typeof value === 'string' && !value.endsWith('Z')) {
    return writtenTimestamp(Date.parse(value));
  }
  return type in integers ? Number(value) : value;
}
