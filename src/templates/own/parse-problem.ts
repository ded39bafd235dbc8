import Handlebars from 'handlebars';
import type { TemplateProblem } from '../../core/own-templates/problem.ts';
import { asCode } from './as-code.ts';

/** What does not parse, with its place and in words; Handlebars' own messages draw it with signs instead. */

/** What the parser knows where it stops. */
interface Stop {
  token?: string | null;
  text?: string;
}

interface Place {
  line: number;
  /** From 0. */
  column: number;
}

interface Location {
  first_line: number;
  first_column: number;
  last_line: number;
  last_column: number;
}

/** The generated parser, which is exported without types. */
interface Parser {
  parseError: (message: string, stop: Stop) => void;
  lexer: { yylloc: Location };
}

class Unparsed extends Error {
  override readonly name = 'Unparsed';
  readonly stop: Stop;
  readonly place: Place;

  constructor(message: string, stop: Stop, at: Location) {
    super(message);
    this.stop = stop;
    // At the end there is no piece of text to begin at: it is behind the last one.
    this.place =
      stop.token === 'EOF'
        ? { line: at.last_line, column: at.last_column }
        : { line: at.first_line, column: at.first_column };
  }
}

const parser = parserOf(Handlebars);
parser.parseError = (message, stop) => {
  throw new Unparsed(message, stop, parser.lexer.yylloc);
};

function parserOf(of: object): Parser {
  if ('Parser' in of && isParser(of.Parser)) return of.Parser;
  throw new Error('this Handlebars shows no parser');
}

function isParser(value: unknown): value is Parser {
  return typeof value === 'object' && value !== null && 'parse' in value && 'lexer' in value;
}

/** The problem of an error that parsing or compiling a file ended with. */
export function parseProblem(file: string, error: unknown): TemplateProblem {
  const place = placeOf(error);
  return {
    code: 'template-syntax',
    file,
    message: messageOf(error),
    line: place?.line ?? null,
    column: place === null ? null : place.column + 1,
    remedy: remedyOf(error),
  };
}

function placeOf(error: unknown): Place | null {
  if (error instanceof Unparsed) return error.place;
  if (!(error instanceof Error) || !('lineNumber' in error) || !('column' in error)) return null;
  const { lineNumber: line, column } = error;
  return typeof line === 'number' && typeof column === 'number' ? { line, column } : null;
}

function messageOf(error: unknown): string {
  if (error instanceof RangeError) return 'does not parse: it is nested too deeply';
  if (error instanceof Unparsed) {
    const { token, text = '' } = error.stop;
    if (token === 'EOF') return 'does not parse: it ends within a block or between braces';
    return text === '' ? 'does not parse' : `does not parse: ${asCode(text)} is not expected here`;
  }
  const told = error instanceof Error ? error.message.replace(/ - \d+:\d+$/u, '') : String(error);
  const helper = /unknown helper (?<name>\S{1,100})$/u.exec(told)?.groups?.['name'];
  if (helper !== undefined) return `uses the helper ${asCode(helper)}, which there is not`;
  return `does not parse: ${asCode(told)}`;
}

function remedyOf(error: unknown): string {
  if (error instanceof Error && /unknown helper/u.test(error.message))
    return 'the helpers are if, unless, each, with and lookup';
  return 'close what is open: every {{#…}} needs its {{/…}}, every {{ its }}';
}
