import { readFileSync } from 'node:fs';
import { buildSchema, GraphQLScalarType } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { ownFile } from '../../../src/own-files.ts';

/** GitHub's GraphQL schema, trimmed by `scripts/descriptions/graphql.ts` to what the stand-in answers. */

const file = ownFile('sandbox/descriptions/github.graphql');

/** How values of GitHub's own scalars look (docs.github.com, "Scalars" of the GraphQL reference). */
const forms: Readonly<Record<string, RegExp>> = {
  DateTime: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/u,
  GitTimestamp: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/u,
  GitObjectID: /^[\da-f]{40}$/u,
  URI: /^(?:https?:\/)?\/\S+$/u,
};

function demandForm(name: string, form: RegExp, value: unknown): string {
  if (typeof value === 'string' && form.test(value)) return value;
  throw new TypeError(`${name} cannot be ${JSON.stringify(value)}`);
}

function withForms(schema: GraphQLSchema): GraphQLSchema {
  for (const [name, form] of Object.entries(forms)) {
    const scalar = schema.getType(name);
    if (!(scalar instanceof GraphQLScalarType)) throw new Error(`The schema has no scalar ${name}`);
    const demand = (value: unknown) => demandForm(name, form, value);
    Object.assign(scalar, {
      serialize: demand,
      parseValue: demand,
      coerceOutputValue: demand,
      coerceInputValue: demand,
    });
  }
  return schema;
}

let known: GraphQLSchema | null = null;

/** The schema, read once. */
export function githubSchema(): GraphQLSchema {
  known ??= withForms(buildSchema(readFileSync(file, 'utf8')));
  return known;
}
