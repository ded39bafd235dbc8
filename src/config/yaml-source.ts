import { isAlias, isCollection, isMap, isNode, isPair, isScalar, isSeq, parseDocument, visit } from 'yaml';
import type { Document, Node, Pair, YAMLError } from 'yaml';
import { inOrder, pathText } from './configuration-error.ts';
import type { ConfigurationError, Path } from './configuration-error.ts';
import { offsetInSource } from './scalar-offset.ts';

/** Bytes of a file that people write; far above any real one. */
const maximumBytes = 64 * 1_024;

/** A place in a file, from 1. */
export interface Position {
  line: number;
  column: number;
}

/** A YAML file as data, with the places of its parts. */
export interface YamlSource {
  /** The data; undefined where the text is not YAML or is empty. */
  value: unknown;
  /** What YAML finds wrong, and what is refused in it (aliases, tags). */
  errors: ConfigurationError[];
  /** Whether the data are those of the whole text, despite the errors. */
  complete: boolean;
  /** Where the value of a path stands, or what is nearest to it. */
  valueAt(path: Path): Position;
  /** Where the last key of a path stands, or what is nearest to it. */
  keyAt(path: Path): Position;
  /** Where a character of a text stands: the index is that of the value. */
  characterAt(path: Path, offset: number): Position;
  /** A scalar as it is written in the file; null where the path leads to none. */
  textAt(path: Path): string | null;
}

/** Reads a text as YAML 1.2: no aliases, no tags, no key twice, at most 64 KB. */
export function readYaml(text: string, file: string): YamlSource {
  if (Buffer.byteLength(text) > maximumBytes) return refused('too-large', tooLarge(text, file), text);
  const lines = lineStarts(text);
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: true });
  const problems = [...document.errors, ...document.warnings].map((error) => yamlError(error, lines));
  const refusals = removeRefused(document, lines);
  const errors = inOrder([...problems, ...refusals]);
  const complete = document.errors.every(({ code }) => code === 'DUPLICATE_KEY' || code === 'MULTIPLE_DOCS');
  const value: unknown = complete ? document.toJS({ maxAliasCount: 0 }) : undefined;
  return { value, errors, complete, ...places(document, text, lines) };
}

function tooLarge(text: string, file: string): Words {
  return {
    message: `${file} has ${Buffer.byteLength(text)} bytes; at most ${maximumBytes} are read`,
    remedy: 'shorten it; one file describes one system',
  };
}

function refused(code: string, words: Words, text: string): YamlSource {
  const error = { code, ...words, line: 1, column: 1, path: '' };
  const empty = parseDocument('');
  return { value: undefined, errors: [error], complete: false, ...places(empty, text, [0]) };
}

const remedies: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'keep one of the two',
  MULTIPLE_DOCS: 'keep one document: remove what follows the line ---',
  TAB_AS_INDENT: 'indent with spaces',
  BAD_INDENT: 'indent the keys of one level alike',
  BAD_PROP_ORDER: 'remove the tag or anchor',
  MULTILINE_IMPLICIT_KEY: 'look for a missing closing quote or bracket in the lines before',
  MISSING_CHAR: 'add it; look at the quotes and brackets of this line and the one before',
  TAG_RESOLVE_FAILED: 'remove the tag',
};

const messages: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'the key stands twice in the same place',
  MULTIPLE_DOCS: 'the file holds more than one YAML document',
  TAB_AS_INDENT: 'a tab stands where YAML needs spaces',
};

function yamlError(error: YAMLError, lines: Lines): ConfigurationError {
  const code = error.code === 'DUPLICATE_KEY' ? 'duplicate-key' : 'yaml';
  const [start] = error.pos;
  return {
    code,
    message: messages[error.code] ?? `this is not YAML: ${error.message}`,
    ...positionOf(start, lines),
    path: '',
    remedy: remedies[error.code] ?? 'correct the line; a text with : or # in it needs quotes',
  };
}

/**
 * Takes out what is refused and tells of each: aliases (one that grows to gigabytes is a few lines long), and
 * keys that are lists, maps or `__proto__`.
 */
function removeRefused(document: Document, lines: Lines): ConfigurationError[] {
  const errors: ConfigurationError[] = [];
  const refuse = (code: string, node: Node, ancestors: Ancestors, words: Words): symbol => {
    errors.push({
      code,
      ...words,
      ...positionOf(node.range?.[0] ?? 0, lines),
      path: pathText(pathOf(ancestors)),
    });
    return visit.REMOVE;
  };
  visit(document, {
    Alias: (index, alias, ancestors) =>
      refuse('alias', alias, [...ancestors, index], aliasWords(alias.source)),
    Pair(_index, pair, ancestors) {
      if (isAlias(pair.value)) {
        return refuse('alias', pair.value, [...ancestors, pair], aliasWords(pair.value.source));
      }
      if (isAlias(pair.key)) return refuse('alias', pair.key, ancestors, aliasWords(pair.key.source));
      if (isScalar(pair.key) && pair.key.value === '__proto__')
        return refuse('reserved-key', pair.key, ancestors, reservedKey);
      return isCollection(pair.key) ? refuse('complex-key', pair.key, ancestors, complexKey) : undefined;
    },
  });
  return errors;
}

type Words = Pick<ConfigurationError, 'message' | 'remedy'>;

function aliasWords(name: string): Words {
  return { message: `*${name} is an alias, and aliases are not read`, remedy: 'write the value out' };
}

/** Schemas pass over it without a word, so that a part of the file would be gone unseen. */
const reservedKey: Words = { message: '__proto__ cannot be a key', remedy: 'give it another name' };

const complexKey: Words = { message: 'a list or a map stands as a key', remedy: 'write a text as the key' };

/** From the document down to a node; a list is followed by its item, or at the end by an index. */
type Ancestors = readonly unknown[];

function pathOf(ancestors: Ancestors): Path {
  return ancestors.flatMap((node, depth): Path => {
    if (isPair(node)) return [isScalar(node.key) ? String(node.key.value) : ''];
    if (!isSeq(node)) return [];
    const next = ancestors[depth + 1];
    return [typeof next === 'number' ? next : node.items.indexOf(next)];
  });
}

/** Offsets at which the lines of a text begin. yaml's own counter misses lines inside of what it cannot parse. */
type Lines = readonly number[];

function lineStarts(text: string): Lines {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}

function positionOf(offset: number, lines: Lines): Position {
  const line = lines.findLastIndex((start) => start <= offset);
  return { line: line + 1, column: offset - (lines[line] ?? 0) + 1 };
}

type Places = Pick<YamlSource, 'valueAt' | 'keyAt' | 'characterAt' | 'textAt'>;

function places(document: Document, text: string, lines: Lines): Places {
  const find = (path: Path): Found => findNode(document, path);
  const sourceOf = (node: Node | null): string | null =>
    isScalar(node) && node.range ? text.slice(node.range[0], node.range[1]) : null;
  return {
    valueAt: (path) => {
      const { key, value } = find(path);
      const isWritten = isScalar(value) && value.range?.[0] !== value.range?.[1];
      return positionOf((isWritten ? value : (key ?? value))?.range?.[0] ?? 0, lines);
    },
    keyAt: (path) => {
      const { key, value } = find(path);
      return positionOf((key ?? value)?.range?.[0] ?? 0, lines);
    },
    characterAt: (path, offset) => {
      const { value } = find(path);
      const source = sourceOf(value);
      const start = value?.range?.[0] ?? 0;
      if (!isScalar(value) || source === null) return positionOf(start, lines);
      return positionOf(start + offsetInSource(source, String(value.value), offset), lines);
    },
    textAt: (path) => {
      const { value, exact } = find(path);
      return exact ? sourceOf(value) : null;
    },
  };
}

/** The node of a path, or the nearest one above it, and the key that leads to it. */
interface Found {
  key: Node | null;
  value: Node | null;
  exact: boolean;
}

function findNode(document: Document, path: Path): Found {
  let found: Found = { key: null, value: document.contents, exact: true };
  for (const part of path) {
    const next = stepInto(found.value, part);
    if (!next) return { ...found, exact: false };
    found = next;
  }
  return found;
}

function stepInto(node: Node | null, part: string | number): Found | null {
  if (isSeq(node)) {
    const item = node.items[Number(part)];
    return isNode(item) ? { key: null, value: item, exact: true } : null;
  }
  if (!isMap(node)) return null;
  const pair = node.items.find(
    (entry: Pair) => isScalar(entry.key) && String(entry.key.value) === String(part),
  );
  if (!pair || !isNode(pair.key)) return null;
  return { key: pair.key, value: isNode(pair.value) ? pair.value : null, exact: true };
}

/** An error at a path of a file. */
export function errorAt(
  position: Position,
  path: Path,
  code: string,
  message: string,
  remedy: string,
): ConfigurationError {
  return { code, message, line: position.line, column: position.column, path: pathText(path), remedy };
}
