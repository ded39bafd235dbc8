/** A JSON object as it comes from a file or over the wire. */
export type JsonObject = Record<string, unknown>;

/** Tells a JSON object from lists, null and scalars. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
