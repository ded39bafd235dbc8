import type { Range } from './ranges.ts';
import { hasSigns, isNumber, isPlaceholder, looksChosen, looksRandom } from './values.ts';

/**
 * Values under a name that says that they are secret: `password=…`, `"api_key": "…"`, `DB_PASSWORD: …`,
 * `Authorization: Bearer …`. A text is read from one sign of assignment to the next; what lies around each is looked at
 * within bounds, so that the work is linear in the text.
 */

const assignment = /[:=]/g;

/** Longest name, in characters. */
const longestName = 64;
/** Quotes, backslashes and spaces between a name and its sign: JSON within JSON, several times. */
const mostBetween = 150;
/** Longest value; what is longer is a secret as far as that. */
const longestValue = 4_000;

/** Values under the names of a text, where these are secret. */
export function assignmentsIn(text: string): Range[] {
  const found: Range[] = [];
  for (const { index } of text.matchAll(assignment)) {
    if (index < (found.at(-1)?.[1] ?? 0)) continue;
    const name = nameBefore(text, index);
    if (name === '') continue;
    const kind = kindOf(name, text.charAt(index - name.length - 1));
    if (kind === null) continue;
    const range = valueAfter(text, index + 1, kind);
    if (range !== null) found.push(range);
  }
  return found;
}

/** Whether a value under this name, a field's or a header's, is a secret. */
export function isSecretUnder(name: string, value: string): boolean {
  const kind = kindOf(name, '');
  if (kind === null || isPlaceholder(value)) return false;
  if (kind === 'counted') return !isNumber(value);
  return kind !== 'random' || looksRandom(value);
}

/** How the value under a name is read, and when it is a secret. */
type Kind = 'secret' | 'counted' | 'random' | 'spoken' | 'query' | 'authorization' | 'cookie';

const closing = /["'`\\\]\s]/;
const nameSign = /[\w.-]/;

/** The name that ends before a place; quotes, a bracket and up to three spaces may stand between. */
function nameBefore(text: string, at: number): string {
  let end = at;
  while (end > 0 && at - end < mostBetween && closing.test(text.charAt(end - 1))) end -= 1;
  let from = end;
  while (from > 0 && end - from < longestName && nameSign.test(text.charAt(from - 1))) from -= 1;
  return text.slice(from, end);
}

const secretWord =
  /passw(?:or)?d|passphrase|passcode|(?<![a-z])pass(?![a-z])|pwd|secret|token|credentials?|api[_-]?key|access[_-]?key|account[_-]?key|private[_-]?key|authorization/i;

/** What may stand behind such a word and makes another thing of it. */
const harmlessEnd =
  /(?:names?|types?|ur[il]s?|versions?|counts?|limits?|sizes?|lengths?|ttl|expir(?:y|es|ation)|expires[_-]?in|seconds|secs|ms|minutes|hours|days|paths?|files?|refs?|status|state|enabled|required|policy|age|usage|(?:private|access)[_-]?key[_-]?id)$/i;

/** A word goes on: `tokenizer`, `passwordless`. */
const goesOn = /^(?!s?(?:[^a-z]|$)|key|value|hash|text)[a-z]/;

/** A word of a sentence, or a resource by its name: behind it and a colon stands more often what is said of it. */
const resourceName = /^(?:secrets?|credentials?|(?!x-)[a-z][a-z0-9]*(?:-[a-z0-9]+)+)$/;

/** Names that say less: what stands under them is a secret where it looks as one. */
const weakEnd =
  /(?:^|[_.-]|[a-z](?=[A-Z]))(?:key|auth|dsn|salt|sig|signature|session|session[_-]?id|sid|webhook|otp|jwt|seed|psk|license)$/i;

/** Names in the question of an address under which access is given. */
const queryName = /^(?:token|sig|signature|key|code|auth|state|access_token|x-(?:amz|goog)-signature)$/i;

function kindOf(name: string, before: string): Kind | null {
  if (/^(?:set-)?cookie$/i.test(name)) return 'cookie';
  if (/authorization$/i.test(name)) return 'authorization';
  const found = secretWord.exec(name);
  if (found !== null && !harmlessEnd.test(name) && !goesOn.test(name.slice(found.index + found[0].length))) {
    // So the name of a secret is given to a command.
    if (/^--?secrets?$|-secrets$/.test(name)) return 'random';
    // `jwt-secret: version 3 is disabled`: the thing, or a word about it.
    if (resourceName.test(name)) return 'spoken';
    return /s$/i.test(name) ? 'counted' : 'secret';
  }
  if ((before === '?' || before === '&') && queryName.test(name)) return 'query';
  return weakEnd.test(name) ? 'random' : null;
}

function valueAfter(text: string, at: number, kind: Kind): Range | null {
  let from = at;
  // `:=`, `=>`, `==`
  while (from - at < 2 && /[:=>]/.test(text.charAt(from))) from += 1;
  const signs = from;
  while (from - signs < 4 && /\s/.test(text.charAt(from))) from += 1;
  const isSaid = kind === 'spoken' && text.charAt(at - 1) === ':' && text.charAt(signs) === ' ';
  const quote = quoteAt(text, from);
  from += quote?.length ?? 0;
  if (kind === 'authorization') from = behindScheme(text, from);
  const to = quote === null ? wordEnd(text, from, kind) : quotedEnd(text, from, quote);
  const value = text.slice(from, to);
  if (isPlaceholder(value)) return null;
  if (kind === 'counted' && isNumber(value)) return null;
  // `jwt-secret:3`: a version of a secret, as Google names it.
  if (from === signs && text.charAt(at - 1) === ':' && /^(?:\d{1,6}|latest)$/.test(value)) return null;
  if (isSaid && quote === null && !looksChosen(value) && !looksRandom(value) && !hasSigns(value)) return null;
  return kind === 'random' && !looksRandom(value) ? null : [from, to];
}

const scheme = /^(?:bearer|basic|digest|token|negotiate|apikey|aws4-hmac-sha256)[ \t]{1,5}/i;

function behindScheme(text: string, from: number): number {
  return from + (scheme.exec(text.slice(from, from + 40))?.[0].length ?? 0);
}

/** A quote that opens; within JSON within JSON it has backslashes before it. */
function quoteAt(text: string, at: number): string | null {
  return /^\\{0,127}["'`]/.exec(text.slice(at, at + 128))?.[0] ?? null;
}

/** Where a quoted value ends: before the same quote, at the end of the line, or where it is too long. */
function quotedEnd(text: string, from: number, quote: string): number {
  const escapes = quote.length - 1;
  const sign = quote.charAt(escapes);
  const longest = Math.min(text.length, from + longestValue);
  for (let at = from, before = 0; at < longest; at += 1) {
    const here = text.charAt(at);
    if (here === '\n') return at;
    if (here === sign && (escapes === 0 ? before % 2 === 0 : before <= escapes))
      return at - Math.min(before, escapes);
    before = here === '\\' ? before + 1 : 0;
  }
  return longest;
}

const another = /^&[\w.%-]{1,64}=/;

/** Where a value without quotes ends: before white space, a quote, or the next part of an address. */
function wordEnd(text: string, from: number, kind: Kind): number {
  const longest = Math.min(text.length, from + longestValue);
  const stops = kind === 'cookie' ? /\n/ : kind === 'random' ? /[^\w+/=-]/ : /[\s"'`]/;
  let to = from;
  while (to < longest && !stops.test(text.charAt(to))) {
    if (text.charAt(to) === '&' && another.test(text.slice(to, to + 70))) break;
    to += 1;
  }
  if (kind === 'cookie') return to;
  // What belongs to the text around it.
  while (to > from && /[,;)}\]\\]/.test(text.charAt(to - 1))) to -= 1;
  return to;
}
