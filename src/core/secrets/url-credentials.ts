import type { Range } from './ranges.ts';

/**
 * User and password of addresses: `scheme://user:password@host`. Host, port and path stay, they are evidence. From each
 * `://` a bounded stretch is looked at.
 */

const longestUser = 256;
const longestPassword = 400;
/** A name of this length is a token: that of a DSN, or one in the place of the user. */
const tokenLength = 16;

const schemeEnd = /[a-z0-9+.-]:\/\//gi;
const userEnd = /[\s/@:"'<>\\]/;
const passwordEnd = /[\s"'<>]/;
/** What stands behind the colon of an address without a user. */
const port = /^\d{1,5}(?:[/?#,;)\]}.]|$)/;
/** Here a colon and a port are followed by a path, which may hold an `@`. */
const ofTheWeb = /(?:https?|wss?)$/i;

/** Credentials in the addresses of a text. */
export function urlCredentialsIn(text: string): Range[] {
  const found: Range[] = [];
  for (const { index } of text.matchAll(schemeEnd)) {
    const from = index + '?://'.length;
    if (from < (found.at(-1)?.[1] ?? 0)) continue;
    const to = credentialsEnd(text, from, ofTheWeb.test(text.slice(Math.max(0, index - 8), index + 1)));
    if (to !== null) found.push([from, to]);
  }
  return [...found, ...ofGo(text)];
}

function credentialsEnd(text: string, from: number, isWeb: boolean): number | null {
  const near = text.slice(from, from + longestUser + 1);
  const length = near.search(userEnd);
  if (length === -1) return null;
  const user = from + length;
  if (text[user] === '@') return length >= tokenLength ? user : null;
  if (text[user] !== ':') return null;
  const behind = text.slice(user + 1, user + 1 + longestPassword);
  const stop = behind.search(passwordEnd);
  const rest = stop === -1 ? behind : behind.slice(0, stop);
  const isPort = port.test(rest);
  const at = isPort && isWeb ? -1 : rest.lastIndexOf('@');
  if (at !== -1) return user + 1 + at;
  // A text that was cut off before the host: what stands there is no port.
  return isPort || isWeb || rest === '' ? null : user + 1 + rest.length;
}

const goAddress = /@(?:tcp|unix)\(/g;

/** `user:password@tcp(host:3306)/name`, as Go's driver of MySQL writes it. */
function ofGo(text: string): Range[] {
  return Array.from(text.matchAll(goAddress)).flatMap(({ index }): Range[] => {
    const before = text.slice(Math.max(0, index - longestPassword), index);
    const word = before.split(passwordEnd).at(-1) ?? '';
    const colon = word.indexOf(':');
    return colon === -1 ? [] : [[index - word.length + colon + 1, index]];
  });
}
