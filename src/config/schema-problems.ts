import type { z } from 'zod';
import { didYouMean } from '../core/did-you-mean.ts';
import { pathText } from './configuration-error.ts';
import type { ConfigurationError, Path } from './configuration-error.ts';
import { schemaAt, valueAt } from './json-schema.ts';
import type { SchemaNode } from './json-schema.ts';
import { errorAt } from './yaml-source.ts';
import type { YamlSource } from './yaml-source.ts';

/** An error of a file's structure, with the path in the data that it concerns. */
export interface StructureProblem {
  path: Path;
  error: ConfigurationError;
}

type Issue = z.core.$ZodIssue;

/** The issues of a schema as errors with places and remedies. */
export function structureProblems(
  issues: readonly Issue[],
  source: YamlSource,
  tree: SchemaNode,
): StructureProblem[] {
  return issues.flatMap((issue) => problemsOf(issue, { source, tree, path: issue.path.map(pathPart) }));
}

interface Place {
  source: YamlSource;
  tree: SchemaNode;
  path: Path;
}

function pathPart(part: PropertyKey): string | number {
  return typeof part === 'number' ? part : String(part);
}

function problemsOf(issue: Issue, place: Place): StructureProblem[] {
  const { source, path } = place;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(key, place));
  }
  if (issue.code === 'invalid_key') {
    const words = {
      code: 'wrong-id',
      message: `${name(path)} is no valid id`,
      remedy: rule(issue.issues[0]),
    };
    return [problem(source.keyAt(path), path, words)];
  }
  if (valueAt(source.value, path) === undefined) return [missing(place)];
  return [problem(source.valueAt(path), path, wordsOf(issue, place))];
}

interface Words {
  code: string;
  message: string;
  remedy: string;
}

function problem(position: { line: number; column: number }, path: Path, words: Words): StructureProblem {
  return { path, error: errorAt(position, path, words.code, words.message, words.remedy) };
}

/** How a place is called in a message. */
function name(path: Path): string {
  return path.length === 0 ? 'the file' : pathText(path);
}

function rule(issue: Issue | undefined): string {
  return issue ? `write ${issue.message}` : 'choose another one';
}

function unknownKey(key: string, { source, tree, path }: Place): StructureProblem {
  const schema = schemaAt(tree, path, source.value);
  const known = schema?.properties
    ? Object.keys(schema.properties)
    : (schema?.propertyNames?.enum ?? []).map(String);
  const present = Object.keys(Object(valueAt(source.value, path)));
  const near =
    didYouMean(
      key,
      known.filter((other) => !present.includes(other)),
    ) ?? didYouMean(key, known);
  const isTorn = /[()=<>]/.test(key);
  const owner = path.length === 0 ? 'the top level' : pathText(path);
  return problem(source.keyAt([...path, key]), [...path, key], {
    code: 'unknown-key',
    message: `${owner} has no key ${key}`,
    remedy: isTorn
      ? tornRemedy
      : near === null
        ? `remove it; the keys are ${known.join(', ')}`
        : `did you mean ${near}?`,
  });
}

/** A comma ends a value between braces: what follows it looks like a key. */
const tornRemedy = 'put the whole text before and after the comma in quotes';

function missing({ source, tree, path }: Place): StructureProblem {
  const key = path.at(-1);
  const schema = schemaAt(tree, path, source.value);
  const about = schema?.description === undefined ? '' : ` (${schema.description})`;
  const values = key === 'type' ? kindsAt(tree, path, source.value) : null;
  return problem(source.keyAt(path.slice(0, -1)), path, {
    code: 'missing',
    message: `${name(path)} is missing`,
    remedy:
      schema?.const === undefined
        ? `add ${key ?? 'it'}: ${values === null ? `…${about}` : values.join(', or ')}`
        : `add ${key ?? 'it'}: ${String(schema.const)}`,
  });
}

/** The kinds among which a `type` chooses. */
function kindsAt(tree: SchemaNode, path: Path, data: unknown): string[] | null {
  const kinds = schemaAt(tree, path.slice(0, -1), data)?.oneOf;
  return kinds ? kinds.map((kind) => String(kind.properties?.['type']?.const)) : null;
}

function wordsOf(issue: Issue, place: Place): Words {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, place);
    case 'invalid_value':
      return wrongValue(issue.values.map(String), place);
    case 'invalid_union':
      return wrongValue(kindsAt(place.tree, place.path, place.source.value) ?? [], place);
    case 'invalid_format':
      return wrongFormat(issue.format, issue.message, place);
    case 'too_small':
      return outOfBounds(Number(issue.minimum), issue.origin, 'at least', place);
    case 'too_big':
      return outOfBounds(Number(issue.maximum), issue.origin, 'at most', place);
    case 'custom':
      return { code: 'wrong-value', message: `${name(place.path)} is not valid`, remedy: issue.message };
    case 'invalid_element':
    case 'invalid_key':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return {
        code: 'wrong-value',
        message: `${name(place.path)}: ${issue.message}`,
        remedy: 'see docs/configuration.md',
      };
  }
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
  record: 'a map of keys',
};

const typeRemedies: Readonly<Record<string, string>> = {
  array: 'write a list: [one, two], or one item a line with a hyphen before it',
  object: 'write keys below it, indented by two spaces',
  record: 'write keys below it, indented by two spaces',
  number: 'write a number without quotes',
  int: 'write a whole number without quotes',
};

function wrongType(expected: string, { source, path }: Place): Words {
  const value = valueAt(source.value, path);
  const written = source.textAt(path) ?? '';
  const isPlain = typeof value === 'number' || typeof value === 'boolean';
  return {
    code: 'wrong-type',
    message: `${name(path)} is ${typeOf(value)}, not ${typeWords[expected] ?? expected}`,
    remedy:
      expected === 'string' && isPlain
        ? `put it in quotes: "${written}"`
        : (typeRemedies[expected] ?? 'write a text'),
  };
}

function typeOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeWords[typeof value] ?? typeof value;
}

/** A value as a message shows it. Data may bring a `toString` of their own, so only plain values are made texts. */
function shown(value: unknown): string {
  return typeof value === 'object' && value !== null ? typeOf(value) : String(value);
}

function wrongValue(values: readonly string[], { source, path }: Place): Words {
  const value = shown(valueAt(source.value, path));
  const near = didYouMean(value, values);
  return {
    code: 'wrong-value',
    message: `${name(path)} cannot be ${value.slice(0, 60)}`,
    remedy:
      values.length === 1
        ? `write ${values.join()}`
        : near === null
          ? `it is one of ${values.join(', ')}`
          : `did you mean ${near}?`,
  };
}

function wrongFormat(format: string, message: string, { source, path }: Place): Words {
  const value = shown(valueAt(source.value, path)).slice(0, 60);
  const isAddress = format === 'url';
  return {
    code: 'wrong-format',
    message: isAddress ? `${name(path)} is no address of this kind` : `${name(path)} cannot be ${value}`,
    remedy: isAddress ? `write ${addressOf(path)}` : `write ${message}`,
  };
}

/** Which address fits: those of a component say so by their type. */
function addressOf(path: Path): string {
  return path.includes('components')
    ? 'a full address: https://… for type http, wss://… for type websocket'
    : 'a full address, https://…';
}

const boundWords: Readonly<Record<string, string>> = { string: ' characters', array: ' items' };

const excess: Readonly<Record<string, readonly [string, string]>> = {
  string: ['too short', 'too long'],
  array: ['too short', 'too long'],
};

function outOfBounds(limit: number, origin: string, bound: string, { path }: Place): Words {
  const isEmpty = bound === 'at least' && limit === 1 && origin !== 'number';
  const unit = boundWords[origin] ?? '';
  const [below, above] = excess[origin] ?? ['too small', 'too large'];
  return {
    code: 'out-of-bounds',
    message: isEmpty ? `${name(path)} is empty` : `${name(path)} is ${bound === 'at least' ? below : above}`,
    remedy: isEmpty ? 'fill it in, or remove the key' : `write ${bound} ${limit}${unit}`,
  };
}
