/** What is wrong with a file that people write, where, and what to do about it. */
export interface ConfigurationError {
  /** Kebab-case id of the kind of error. */
  code: string;
  message: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
  /** Where in the structure: `components.api.depends_on[1]`; empty for the whole file. */
  path: string;
  /** What to do about it. */
  remedy: string;
}

/** A place in the structure of a file: keys and indexes from the top. */
export type Path = readonly (string | number)[];

/** `components.api.depends_on[1]`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}

/** Errors by their places, each once. */
export function inOrder(errors: readonly ConfigurationError[]): ConfigurationError[] {
  const unique = new Map(errors.map((error) => [JSON.stringify(error), error]));
  return [...unique.values()].toSorted((a, b) => a.line - b.line || a.column - b.column);
}
