import { globSync, readFileSync } from 'node:fs';
import { parseSync, Visitor } from 'oxc-parser';

/** A regular expression as the source has it. */
export interface FoundPattern {
  /** Path below `src/`. */
  file: string;
  pattern: RegExp;
}

const root = new URL('../../src/', import.meta.url).pathname;

/** All regular expressions that stand in the source as such, each once. */
export function patternsInSource(): FoundPattern[] {
  const found = new Map<string, FoundPattern>();
  for (const file of globSync('**/*.ts', { cwd: root }).toSorted()) {
    const { program } = parseSync(file, readFileSync(`${root}${file}`, 'utf8'));
    new Visitor({
      Literal(node) {
        if (!('regex' in node)) return;
        const { pattern, flags } = node.regex;
        const name = `/${pattern}/${flags}`;
        if (!found.has(name)) found.set(name, { file, pattern: new RegExp(pattern, flags) });
      },
    }).visit(program);
  }
  return [...found.values()];
}
