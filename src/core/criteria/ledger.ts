import type { CelValue, Figure } from './figure.ts';

/** What one evaluation has read and what it could not read, in the order in which it asked. */
export interface Ledger {
  readonly reads: readonly Read[];
  readonly gaps: readonly Unread[];
  /** The value of a figure, read once and noted; throws `Unreadable` where there is none. */
  take(place: Place, read: () => Figure): CelValue;
}

/** Where in the table of names a value stands. */
export interface Place {
  name: string;
  /** Id of the element of a list or a map; null where the name is neither. */
  element: string | null;
  field: string | null;
}

export interface Read extends Place {
  value: CelValue;
  text: string;
  evidence: readonly string[];
}

export interface Unread extends Place {
  why: string;
  inPart: boolean;
  evidence: readonly string[];
}

/** Stops an evaluation where a figure could not be read. CEL's `||`, `&&`, `all` and `exists` absorb it. */
export class Unreadable extends Error {}

/** An empty ledger. */
export function createLedger(): Ledger {
  const reads = new Map<string, Read>();
  const gaps = new Map<string, Unread>();
  return {
    get reads() {
      return [...reads.values()];
    },
    get gaps() {
      return [...gaps.values()];
    },
    take(place, read) {
      const key = `${place.name} ${place.element ?? ''} ${place.field ?? ''}`;
      const known = reads.get(key);
      if (known) return known.value;
      const gap = gaps.get(key);
      if (gap) throw new Unreadable(gap.why);
      const figure = read();
      if (!figure.known) {
        const { why, evidence, inPart = false } = figure;
        gaps.set(key, { ...place, why, inPart, evidence });
        throw new Unreadable(figure.why);
      }
      reads.set(key, { ...place, value: figure.value, text: figure.text, evidence: figure.evidence });
      return figure.value;
    },
  };
}
