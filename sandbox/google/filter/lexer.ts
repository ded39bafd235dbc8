import { invalid } from '../errors.ts';

/** Words of a filter in the Logging query language or in Monitoring's filter language, which share their form. */

export interface Token {
  kind: 'text' | 'word' | 'operator' | 'open' | 'close' | 'comma' | 'end';
  /** The characters as written; of a quoted text without its quotes, escapes as they stand. */
  text: string;
  at: number;
}

const forms: [Token['kind'] | 'skip', RegExp][] = [
  ['skip', /(?:\s|--[^\n]*)+/y],
  ['text', /"((?:[^"\\]|\\[\s\S])*)"/y],
  ['operator', />=|<=|!=|=~|!~|[=<>:]/y],
  ['open', /\(/y],
  ['close', /\)/y],
  ['comma', /,/y],
  // A leading minus negates; elsewhere it is part of a word, as are the characters of names, paths and numbers.
  ['word', /-(?=[\w("])|[\w*$/%+@][\w*$/%+@-]*(?:\.[\w*$/%+@-]+)*\.?/y],
];

/** Splits a filter into tokens. @throws GoogleError INVALID_ARGUMENT at a character that no token begins with */
export function tokens(filter: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < filter.length) {
    const start = at;
    for (const [kind, form] of forms) {
      form.lastIndex = start;
      const match = form.exec(filter);
      if (match === null) continue;
      if (kind !== 'skip') found.push({ kind, text: match[1] ?? match[0], at: start });
      at = form.lastIndex;
      break;
    }
    if (at === start)
      throw invalid(
        `Unparseable filter: syntax error at column ${start + 1}, token '${filter[start]}'`,
        'filter',
      );
  }
  return [...found, { kind: 'end', text: 'end of filter', at: filter.length }];
}
