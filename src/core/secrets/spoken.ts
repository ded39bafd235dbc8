import type { Range } from './ranges.ts';
import { isPlaceholder, looksChosen, looksRandom } from './values.ts';

/** Secrets behind a word and a space: in headers, in sentences, on a command line, in a `.netrc`. */

/** A word that opens, and when the word behind it is a secret. */
const openers: readonly (readonly [opens: RegExp, isSecret: (word: string) => boolean])[] = [
  [/(?<![A-Za-z0-9])(?:bearer|basic)(?:\s|%20|\+){1,5}/gi, looksLikeCredentials],
  [
    /(?<![A-Za-z0-9])(?:password|passphrase|passcode|passwd|secret|token|api[ _-]?key|pin)[ \t](?:is|was|be)[ \t]/gi,
    looksChosen,
  ],
  [
    /(?<![\w-])--?[\w-]{0,30}(?:password|passwd|passphrase|token|secret|api-key|access-key|private-key)[ \t]{1,3}/gi,
    isGiven,
  ],
  [/\blogin[ \t]{1,3}\S{1,100}\s{1,3}password[ \t]{1,3}/gi, isGiven],
  [/(?<![\w-])(?:-u|--user)[ \t]{1,3}["']?[\w.@-]{1,64}:/gi, isGiven],
];

const longestWord = 4_000;
const wordEnd = /[\s"'`,;)}\]<>]/;

/** Secrets that stand behind such a word. */
export function spokenIn(text: string): Range[] {
  return openers.flatMap(([opens, isSecret]) =>
    Array.from(text.matchAll(opens)).flatMap(({ index, 0: { length } }): Range[] => {
      const quoted = /["'`]/.test(text.charAt(index + length)) ? 1 : 0;
      const from = index + length + quoted;
      const near = text.slice(from, from + longestWord);
      const end = near.search(wordEnd);
      const word = end === -1 ? near : near.slice(0, end);
      return isSecret(word) && !isPlaceholder(word) ? [[from, from + word.length]] : [];
    }),
  );
}

/** A token, or user and password in base64; `bearer token` and `basic authentication` are words. */
function looksLikeCredentials(word: string): boolean {
  if (!/^[\w.~+/=%-]{8,4000}$/.test(word)) return false;
  return /[\d=]/.test(word) || /[a-z][A-Z]/.test(word) || word.length > 20;
}

function isGiven(word: string): boolean {
  return (
    word.length >= 3 &&
    !/^[-$]/.test(word) &&
    (looksChosen(word) || looksRandom(word) || /[^\w.-]/.test(word))
  );
}
