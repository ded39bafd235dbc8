import type { Range } from './ranges.ts';

const begins = '-----BEGIN ';
const dashes = '-----';
const ends = '-----END ';
/** Longest name of a kind of key, in characters: `PGP PRIVATE KEY BLOCK`, `OPENSSH PRIVATE KEY`. */
const longestName = 60;

/** Private keys in PEM and OpenPGP armour, with their marks; one that is cut off reaches to the end of the text. */
export function privateKeysIn(text: string): Range[] {
  const found: Range[] = [];
  let from = text.indexOf(begins);
  while (from !== -1) {
    const named = from + begins.length;
    const name = text.slice(named, named + longestName).split(dashes, 1)[0] ?? '';
    let next = named;
    if (name.includes('PRIVATE KEY')) {
      next = endOf(text, named + name.length);
      found.push([from, next]);
    }
    from = text.indexOf(begins, next);
  }
  return found;
}

function endOf(text: string, from: number): number {
  const mark = text.indexOf(ends, from);
  const close = mark === -1 ? -1 : text.indexOf(dashes, mark + ends.length);
  return close === -1 ? text.length : close + dashes.length;
}
