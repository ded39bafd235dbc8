/** Where a secret stands in a text: UTF-16 offsets, the end not included. */
export type Range = readonly [from: number, to: number];

/** Gives what stands in the place of a secret. */
export type StandIn = (secret: string) => string;

/** The text with something in the place of each range; ranges that overlap are one secret. */
export function withoutRanges(text: string, ranges: readonly Range[], standIn: StandIn): string {
  let [rest, clean] = [0, ''];
  for (const [from, to] of joined(ranges)) {
    clean += text.slice(rest, from) + standIn(text.slice(from, to));
    rest = to;
  }
  return clean + text.slice(rest);
}

function joined(ranges: readonly Range[]): Range[] {
  const apart: Range[] = [];
  for (const [from, to] of ranges.toSorted(([a], [b]) => a - b)) {
    const last = apart.at(-1);
    if (last !== undefined && from < last[1]) apart[apart.length - 1] = [last[0], Math.max(last[1], to)];
    else apart.push([from, to]);
  }
  return apart;
}
