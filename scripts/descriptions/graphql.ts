import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Kind, parse, print } from 'graphql';
import type {
  DefinitionNode,
  FieldDefinitionNode,
  InputValueDefinitionNode,
  NamedTypeNode,
  TypeDefinitionNode,
  TypeNode,
} from 'graphql';
import { answeredFields } from '../../sandbox/github/graphql/answered.ts';
import type { DescriptionSource } from './source.ts';

/**
 * GitHub's public GraphQL schema, trimmed to the fields that the stand-in answers. Arguments, input types and enums
 * are kept in full; unions and interfaces keep the members that are answered. Prose and directives are dropped.
 */

const name = '@octokit/graphql-schema';
const version = '15.26.1';

const scalars = new Set(['Boolean', 'Float', 'ID', 'Int', 'String']);

function isTypeDefinition(node: DefinitionNode): node is TypeDefinitionNode {
  return node.kind.endsWith('TypeDefinition');
}

function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}

function isAnswered({ name: { value } }: NamedTypeNode): boolean {
  return Object.hasOwn(answeredFields, value);
}

function trimInput({
  kind,
  name: its,
  type,
  defaultValue,
}: InputValueDefinitionNode): InputValueDefinitionNode {
  return { kind, name: its, type, ...(defaultValue && { defaultValue }) };
}

function trimField({
  kind,
  name: its,
  type,
  arguments: given = [],
}: FieldDefinitionNode): FieldDefinitionNode {
  return { kind, name: its, type, arguments: given.map(trimInput) };
}

/** The fields of a type that are answered, in the schema's order. */
function fieldsOf(type: string, fields: readonly FieldDefinitionNode[]): FieldDefinitionNode[] {
  const wanted = answeredFields[type] ?? [];
  const missing = wanted.filter((field) => !fields.some(({ name: { value } }) => value === field));
  if (missing.length > 0) throw new Error(`The schema's ${type} has no ${missing.join(', ')}`);
  return fields.filter(({ name: { value } }) => wanted.includes(value)).map(trimField);
}

function trimType(node: TypeDefinitionNode): TypeDefinitionNode {
  const { name: its } = node;
  switch (node.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION:
      return {
        kind: node.kind,
        name: its,
        interfaces: (node.interfaces ?? []).filter(isAnswered),
        fields: fieldsOf(its.value, node.fields ?? []),
      };
    case Kind.UNION_TYPE_DEFINITION:
      return { kind: node.kind, name: its, types: (node.types ?? []).filter(isAnswered) };
    case Kind.ENUM_TYPE_DEFINITION:
      return {
        kind: node.kind,
        name: its,
        values: (node.values ?? []).map(({ kind, name: value }) => ({ kind, name: value })),
      };
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return { kind: node.kind, name: its, fields: (node.fields ?? []).map(trimInput) };
    case Kind.SCALAR_TYPE_DEFINITION:
      return { kind: node.kind, name: its };
  }
}

/** Types that a trimmed type names. */
function namedBy(node: TypeDefinitionNode): string[] {
  switch (node.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION:
      return (node.fields ?? []).flatMap(({ type, arguments: given = [] }) => [
        nameOf(type),
        ...given.map((argument) => nameOf(argument.type)),
      ]);
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return (node.fields ?? []).map(({ type }) => nameOf(type));
    case Kind.UNION_TYPE_DEFINITION:
      return (node.types ?? []).map(({ name: { value } }) => value);
    case Kind.ENUM_TYPE_DEFINITION:
    case Kind.SCALAR_TYPE_DEFINITION:
      return [];
  }
}

/** The schema without what the stand-in does not answer, types in the order of their names. */
function trimSchema(text: string): string {
  const all = new Map(
    parse(text)
      .definitions.filter(isTypeDefinition)
      .map((node) => [node.name.value, node]),
  );
  const kept = new Map<string, TypeDefinitionNode>();
  const waiting = Object.keys(answeredFields);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (kept.has(next) || scalars.has(next)) continue;
    const found = all.get(next);
    if (found === undefined) throw new Error(`The schema has no type ${next}`);
    const trimmed = trimType(found);
    if ('fields' in trimmed && trimmed.fields?.length === 0)
      throw new Error(`${next} is named by what is answered, and none of its fields is`);
    kept.set(next, trimmed);
    waiting.push(...namedBy(trimmed));
  }
  const inOrder = [...kept.values()].toSorted((a, b) => (a.name.value < b.name.value ? -1 : 1));
  return `${inOrder.map(print).join('\n\n')}\n`;
}

export const graphqlDescription: DescriptionSource = {
  packages: { [name]: version },
  async outputs(nodeModulesDir) {
    return {
      'github.graphql': trimSchema(await readFile(join(nodeModulesDir, name, 'schema.graphql'), 'utf8')),
    };
  },
};
