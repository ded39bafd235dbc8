import { valueWithoutSecrets } from './core/secrets/in-values.ts';

/** Longest line, in characters. */
const longest = 8_192;
/** Longest text in it; and in a line that is too long. */
const longestText = 2_000;
const shortText = 200;
/** Entries of a list, or fields of an object, in a line that is too long. */
const few = 10;

/** What says when, how grave and what it was; kept of a line that is too long even so. */
const chief: ReadonlySet<string> = new Set(['level', 'time', 'pid', 'hostname', 'name', 'msg']);

/** A line of the log as it may be written: its JSON without secrets, and not too long. */
export function safeLine(line: string): string {
  // Before anything is cut: half of a secret is not known as such.
  const clean = valueWithoutSecrets(JSON.parse(line), () => 'redacted');
  const written = JSON.stringify(shortened(clean, longestText, Number.POSITIVE_INFINITY));
  if (written.length < longest) return `${written}\n`;
  const short = JSON.stringify(shortened(clean, shortText, few));
  return `${short.length < longest ? short : JSON.stringify(chiefOf(clean))}\n`;
}

function shortened(value: unknown, length: number, entries: number): unknown {
  if (typeof value === 'string') return value.length > length ? `${value.slice(0, length)}…` : value;
  if (Array.isArray(value)) return value.slice(0, entries).map((entry) => shortened(entry, length, entries));
  if (typeof value !== 'object' || value === null) return value;
  // The head of a line has its fields whatever is cut.
  const fields = Object.entries(value).filter(([name], place) => place < entries || chief.has(name));
  return Object.fromEntries(fields.map(([name, entry]) => [name, shortened(entry, length, entries)]));
}

function chiefOf(line: unknown): object {
  const fields = Object.entries(Object(line)).filter(([name]) => chief.has(name));
  return {
    ...Object.fromEntries(fields.map(([name, entry]) => [name, shortened(entry, shortText, few)])),
    cut: true,
  };
}
