/**
 * How well a pattern (`owner/name`, `owner/*`, `owner/prefix-*`) fits a repository: 0 for not at all, more for
 * more of it written out. Upper and lower case are the same, as on GitHub.
 */
export function repositoryMatch(pattern: string, repository: string): number {
  const literal = pattern.toLowerCase();
  if (!fits(literal.split('*'), repository.toLowerCase())) return 0;
  return literal.includes('*') ? literal.replaceAll('*', '').length : Number.MAX_SAFE_INTEGER;
}

/** Whether a text is made of these parts in order, with any characters but slashes between them. */
function fits(parts: readonly string[], text: string): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last))
    return false;
  const middle = text.slice(first.length, text.length - last.length);
  let at = 0;
  for (const part of rest) {
    const found = middle.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return !middle.includes('/');
}
