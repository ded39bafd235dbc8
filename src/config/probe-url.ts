/**
 * What is wrong with the address of an endpoint in a configuration; null where nothing is. It has to be written as it
 * is asked, so that whoever reads the file or grants it sees the host that is meant: no other notation of an address, and
 * nothing that one parser takes for the end of the host and another does not. A user before the host is told elsewhere.
 */
export function probeUrlProblem(text: string): string | null {
  if (/[\p{C}\p{Z}\\]/u.test(text)) return 'write it without spaces, control characters and backslashes';
  const url = URL.parse(text);
  const authority = /^[a-z]+:\/\/(?:[^/?#]*@)?([^/?#]*)/i.exec(text)?.[1] ?? '';
  if (url === null || authority === '') return 'write a scheme, :// and a host';
  if (text.includes('#')) return 'write it without # and what follows';
  if (url.hostname.endsWith('.')) return 'write the host without a dot at its end';
  const usual = url.protocol === 'https:' || url.protocol === 'wss:' ? ':443' : ':80';
  const written = authority.toLowerCase();
  const isSame = written === url.host || written === `${url.host}${usual}`;
  return isSame ? null : `write the host as ${url.host}`;
}
