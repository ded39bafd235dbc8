import { secondsText } from './figure.ts';
import type { Place, Read, Unread } from './ledger.ts';
import type { Limits } from './limits.ts';

/** Elements of one list that are shown one by one; above it, their range or those that decided. */
const shownElements = 4;
/** Figures, or gaps, in one sentence. */
const shownParts = 6;

/** The elements of each list or map that decided the result, by its name. */
export type Decisive = ReadonlyMap<string, ReadonlySet<string>>;

/** The figures read in one sentence: `errors.share 92 % (limit 0.5 %); api: status 503 (wanted 200)`. */
export function figuresRead(reads: readonly Read[], limits: Limits, decisive: Decisive): string {
  if (reads.length === 0) return 'the expression reads no figure';
  const groups = [...Map.groupBy(reads, ({ name, element }) => (element === null ? 'single' : name))];
  const parts = groups.flatMap(([group, members]) =>
    group === 'single'
      ? members.map((read) => `${label(read)} ${read.text}${limitText(read, limits)}`)
      : elementPhrases(members, limits, decisive.get(group) ?? new Set()),
  );
  return joinParts(parts);
}

/** What could not be read in one sentence: `api status could not be read: no answer in time`. */
export function figuresMissing(gaps: readonly Unread[]): string {
  const firstOfEach = [...Map.groupBy(gaps, placeOf).values()].flatMap(([first]) => (first ? [first] : []));
  return joinParts(
    firstOfEach.map((gap) => `${label(gap)}${gap.inPart ? '' : ' could not be read:'} ${gap.why}`),
  );
}

/** The fields of one element mostly lack for one reason, which is told once. */
function placeOf({ name, element, field }: Place): string {
  return JSON.stringify(element === null ? [name, field] : [name, element]);
}

function joinParts(parts: readonly string[]): string {
  const rest = parts.length - shownParts;
  return [...parts.slice(0, shownParts), ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
}

/** `errors.share`, `api status`, `golden-path blocked`. */
function label({ name, element, field }: Place): string {
  if (element !== null) return field === null ? element : `${element} ${field}`;
  return field === null ? name : `${name}.${field}`;
}

function limitText({ name, field }: Place, limits: Limits): string {
  const limit = limits.get(field === null ? name : `${name}.${field}`);
  return limit === undefined ? '' : ` (${limit})`;
}

function elementPhrases(reads: readonly Read[], limits: Limits, decisive: ReadonlySet<string>): string[] {
  const elements = [...Map.groupBy(reads, ({ element }) => element ?? '')];
  if (elements.length <= shownElements) {
    return elements.map(([id, fields]) => elementPhrase(id, fields, limits));
  }
  const deciding = elements.filter(([id]) => decisive.has(id));
  if (deciding.length > 0) {
    const rest = deciding.length - shownElements;
    const shown = deciding.slice(0, shownElements).map(([id, fields]) => elementPhrase(id, fields, limits));
    return rest > 0 ? [...shown, `and ${rest} more of ${reads[0]?.name ?? ''}`] : shown;
  }
  const byField = [...Map.groupBy(reads, ({ field }) => field ?? '')].filter(([field]) => field !== 'id');
  return [
    `all ${elements.length} ${reads[0]?.name ?? ''}: ${byField.map((one) => range(...one, limits)).join(', ')}`,
  ];
}

function elementPhrase(id: string, fields: readonly Read[], limits: Limits): string {
  const shown = fields.filter(({ field }) => field !== 'id').map((read) => fieldPhrase(read, limits));
  return shown.length === 0 ? id : `${id}: ${shown.join(', ')}`;
}

function fieldPhrase(read: Read, limits: Limits): string {
  if (typeof read.value === 'boolean') return `${read.value ? '' : 'not '}${read.field ?? ''}`;
  if (read.field === 'state') return read.text;
  return `${read.field ?? ''} ${read.text}${limitText(read, limits)}`;
}

/** The values of one field over many elements: `status 200`, `latency 120 ms to 1.2 s`. */
function range(field: string, reads: readonly Read[], limits: Limits): string {
  const texts = [...new Set(reads.map(({ text }) => text))];
  const [first] = reads;
  if (!first || texts.length === 1) return first ? fieldPhrase(first, limits) : field;
  const numbers = reads.map(({ value }) => Number(value)).toSorted((a, b) => a - b);
  if (numbers.some(Number.isNaN) || typeof first.value === 'boolean') return `${field} ${texts.join(' or ')}`;
  const [low, high] = [numbers.at(0) ?? 0, numbers.at(-1) ?? 0];
  const write = typeof first.value === 'object' ? (value: number) => secondsText(value / 1_000) : String;
  return `${field} ${write(low)} to ${write(high)}${limitText(first, limits)}`;
}
