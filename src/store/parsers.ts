/** Object ids of PostgreSQL's types whose values the two drivers would read differently (pg_type.dat). */
const oid = { bytea: 17, int8: 20, date: 1082, timestamp: 1114, timestamptz: 1184, interval: 1186 } as const;

/**
 * Readers of those types, shared by both drivers: int8 as number, bytea as Uint8Array, timestamps as Date,
 * date and interval as text.
 */
export const parsers: Record<number, (value: string) => unknown> = {
  [oid.int8]: safeInteger,
  [oid.bytea]: (value) => Uint8Array.from(Buffer.from(value.slice(2), 'hex')),
  [oid.date]: (value) => value,
  [oid.timestamp]: (value) => new Date(`${value.replace(' ', 'T')}Z`),
  [oid.timestamptz]: (value) => new Date(isoOffset(value)),
  [oid.interval]: (value) => value,
};

/** Ids of GitHub and our counters fit a double; a value that does not must not be rounded silently. */
function safeInteger(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new Error(`int8 ${value} is too large for a number`);
  return number;
}

/** `2025-09-15 18:05:12.5+00` → ISO 8601; PostgreSQL leaves out minutes of an offset that are zero. */
function isoOffset(value: string): string {
  return value.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00');
}
