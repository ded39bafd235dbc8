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
 * part of an address. A text without secrets stays as it is, character by character.
 */
export function withoutSecrets(text: string, standIn: StandIn): string {
  const bare = text.replaceAll(invisible, '');
  const ranges = secretsIn(bare);
  const clean = ranges.length === 0 ? text : withoutRanges(bare, ranges, standIn);
  return encoded.test(clean) ? clean.replaceAll(/[^\s"'<>]+/g, (run) => withoutEncoded(run, standIn)) : clean;
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
