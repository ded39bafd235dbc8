import { assignmentsIn } from './assignments.ts';
import { privateKeysIn } from './private-keys.ts';
import { withoutRanges, type Range, type StandIn } from './ranges.ts';
import { spokenIn } from './spoken.ts';
import { tokensIn } from './tokens.ts';
import { urlCredentialsIn } from './url-credentials.ts';
import { isPlaceholder } from './values.ts';

/**
 * The one list of what is a secret by its form or by what stands before it. Collectors, neutralisers, the record and the
 * log all ask here. The work is linear in the text: `test/security/linear.test.ts`.
 */
const finders = [tokensIn, privateKeysIn, urlCredentialsIn, assignmentsIn, spokenIn];

/** Characters without width, which would tear a secret apart unseen. */
const invisible = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/** What is encoded as part of an address. */
const encoded = /%[0-9a-f]{2}/i;

/**
 * The text with something in the place of each secret, also of one that is torn by characters without width or encoded as
 * part of an address. All else stays as it is, character by character.
 */
export function withoutSecrets(text: string, standIn: StandIn): string {
  const clean = withoutRanges(text, torn(text) ?? secretsIn(text), standIn);
  return encoded.test(clean) ? clean.replaceAll(/[^\s"'<>]+/g, (run) => withoutEncoded(run, standIn)) : clean;
}

/** Where the secrets are of a text with characters without width; null where it has none of these. */
function torn(text: string): Range[] | null {
  const gaps = Array.from(text.matchAll(invisible));
  if (gaps.length === 0) return null;
  /** For each character that is seen, where it stands in the text. */
  const places: number[] = [];
  let from = 0;
  for (const { index, 0: gap } of [...gaps, { index: text.length, 0: '' }]) {
    for (let place = from; place < index; place += 1) places.push(place);
    from = index + gap.length;
  }
  const found = secretsIn(text.replaceAll(invisible, ''));
  return found.map(([first, end]): Range => [places[first] ?? 0, (places[end - 1] ?? text.length - 1) + 1]);
}

function secretsIn(text: string): Range[] {
  return finders.flatMap((find) => find(text)).filter(([from, to]) => !isPlaceholder(text.slice(from, to)));
}

/** Addresses stand in addresses; beyond that nobody encodes. */
const deepest = 3;

function withoutEncoded(run: string, standIn: StandIn): string {
  let decoded = run;
  let clean: string | null = null;
  for (let depth = 0; depth < deepest && encoded.test(decoded); depth += 1) {
    const next = decodedFrom(decoded);
    if (next === null) break;
    const ranges = secretsIn(next);
    decoded = withoutRanges(next, ranges, standIn);
    if (ranges.length > 0 || clean !== null) clean = decoded;
  }
  return clean === null ? run : encodeURI(clean);
}

function decodedFrom(run: string): string | null {
  try {
    return decodeURIComponent(run);
  } catch {
    return null;
  }
}
