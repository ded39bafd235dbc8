/** Walks the texts of a JSON value, which may come from anywhere. */

/** Where a text stands. */
export interface Place {
  /** Key of the nearest object; null outside of one. */
  key: string | null;
  /** For the `value` of a pair such as `{ name, value }`, what it is called; else null. */
  named: string | null;
  /** Whether a `version` stands beside it: then it names something that has one. */
  versioned: boolean;
  /** Whether the keys around it were chosen by people, not by an API. */
  free: boolean;
}

/** What a walk makes of texts, and of keys; the latter stay where it says nothing. */
export interface Change {
  text(text: string, place: Place): string;
  key?(key: string, free: boolean): string;
}

/** Objects whose keys people choose. */
const freeObjects = new Set([
  'jsonPayload',
  'protoPayload',
  'labels',
  'userLabels',
  'annotations',
  'metadata',
  'attributes',
  'outputs',
  'values',
]);

const outside: Place = { key: null, named: null, versioned: false, free: false };

/** The value with its texts changed; its numbers, lists and nulls are what they were. */
export function mapTexts<Value>(value: Value, change: Change, place?: Place): Value;
export function mapTexts(value: unknown, change: Change, place: Place = outside): unknown {
  if (typeof value === 'string') return change.text(value, place);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change, place));
  if (typeof value !== 'object' || value === null) return value;
  const named = nameOfPair(value);
  const versioned = 'version' in value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const free = place.free || freeObjects.has(key);
      const changed = change.key?.(key, place.free) ?? key;
      return [
        changed,
        mapTexts(inner, change, { key, named: key === 'value' ? named : null, versioned, free }),
      ];
    }),
  );
}

/** All texts of a value with their places. */
export function* textsOf(value: unknown, place: Place = outside): Generator<[text: string, place: Place]> {
  const found: [string, Place][] = [];
  mapTexts(value, { text: (text, at) => (found.push([text, at]), text) }, place);
  yield* found;
}

function nameOfPair(value: object): string | null {
  const name = 'name' in value ? value.name : 'key' in value ? value.key : null;
  return typeof name === 'string' && 'value' in value ? name : null;
}
