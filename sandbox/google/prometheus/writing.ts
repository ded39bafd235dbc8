/** What can be told of a PromQL query without an engine: whether its brackets and texts are closed. */

const closing: Record<string, string> = { '(': ')', '[': ']', '{': '}' };
const token = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|#[^\n]*|[\s\S]/g;

/** What is wrong, as Prometheus' parser says it; null where nothing can be told to be. */
export function writingProblem(query: string): string | null {
  if (query.trim() === '') return 'unknown position: parse error: no expression found in input';
  const open: { character: string; at: number }[] = [];
  for (const { 0: text, index } of query.matchAll(token)) {
    const place = `1:${index + 1}: parse error`;
    if (text === '"' || text === "'" || text === '`') return `${place}: unterminated quoted string`;
    if (text in closing) open.push({ character: text, at: index });
    if (!Object.values(closing).includes(text)) continue;
    const last = open.pop();
    if (last === undefined || closing[last.character] !== text) {
      return `${place}: unexpected character: '${text}'`;
    }
  }
  const left = open.at(-1);
  return left === undefined ? null : `1:${left.at + 1}: parse error: unclosed ${left.character}`;
}
