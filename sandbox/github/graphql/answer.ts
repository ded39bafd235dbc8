import { execute, GraphQLError, Kind, parse, specifiedRules, validate } from 'graphql';
import type { DocumentNode } from 'graphql';
import { z } from 'zod';
import type { Caller } from '../call.ts';
import type { Permissions } from '../operations.ts';
import type { World } from '../state/world.ts';
import type { GraphqlContext } from './context.ts';
import { minimizeComment } from './minimize.ts';
import { findRepository } from './repository.ts';
import { githubSchema } from './schema.ts';

/**
 * The GraphQL API: documents are validated and answers are made by GraphQL's reference implementation against GitHub's
 * own schema, so what is asked for wrongly is refused, and a value that does not fit its type fails.
 */

const request = z.strictObject({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).default({}),
  operationName: z.string().nullable().optional(),
});

/** An answer with what it took. */
interface GraphqlAnswer {
  body: Record<string, unknown>;
  mistakes: string[];
  permissions: Permissions;
  /** Whether it was a mutation. */
  mutates: boolean;
}

/** GitHub puts the type of an error beside its message. */
function written(error: GraphQLError): Record<string, unknown> {
  const { type } = error.extensions;
  const { message, path, locations } = error;
  return { ...(typeof type === 'string' && { type }), ...(path && { path }), locations, message };
}

function refused(errors: readonly GraphQLError[]): GraphqlAnswer {
  return {
    body: { errors: errors.map(written) },
    mistakes: [`GraphQL: ${errors.map(({ message }) => message).join('; ')}`],
    permissions: [],
    mutates: false,
  };
}

function documentOf(text: string): DocumentNode | GraphQLError {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

/** What a document asks for that is not declared is ignored by GraphQL; here it is a mistake. */
function strayVariable(document: DocumentNode, variables: Record<string, unknown>): GraphQLError | null {
  const declared = new Set(
    document.definitions.flatMap((node) =>
      node.kind === Kind.OPERATION_DEFINITION
        ? (node.variableDefinitions ?? []).map(({ variable }) => variable.name.value)
        : [],
    ),
  );
  const stray = Object.keys(variables).find((name) => !declared.has(name));
  return stray === undefined ? null : new GraphQLError(`Variable $${stray} is given but not declared`);
}

/** Answers a GraphQL request. */
export function answerGraphql(world: World, caller: Caller, body: unknown): GraphqlAnswer {
  const parsed = request.safeParse(body);
  if (!parsed.success)
    return refused([new GraphQLError('A query attribute must be specified and must be a string.')]);
  const document = documentOf(parsed.data.query);
  if (document instanceof GraphQLError) return refused([document]);
  const { variables } = parsed.data;
  const schema = githubSchema();
  const stray = strayVariable(document, variables);
  const errors = [...validate(schema, document, specifiedRules), ...(stray === null ? [] : [stray])];
  if (errors.length > 0) return refused(errors);
  const context: GraphqlContext = { world, caller, mistakes: [], used: new Map() };
  const result = execute({
    schema,
    document,
    rootValue: { repository: findRepository, minimizeComment },
    contextValue: context,
    variableValues: variables,
    ...(typeof parsed.data.operationName === 'string' && { operationName: parsed.data.operationName }),
  });
  if (result instanceof Promise) throw new Error('resolvers of the stand-in answer at once');
  // Before anything is resolved: a variable of a wrong value, or an operation that is not there.
  if (result.data === undefined || result.data === null) return refused(result.errors ?? []);
  return {
    body: { data: result.data, ...(result.errors && { errors: result.errors.map(written) }) },
    mistakes: [...context.mistakes, ...failures(result.errors ?? [])],
    permissions: [...context.used.values()],
    mutates: document.definitions.some(
      (node) => node.kind === Kind.OPERATION_DEFINITION && node.operation === 'mutation',
    ),
  };
}

/** Values of ours that do not fit their types. */
function failures(errors: readonly GraphQLError[]): string[] {
  return errors
    .filter(
      ({ extensions, originalError }) => extensions['type'] === undefined && originalError !== undefined,
    )
    .map(({ message, path }) => `GraphQL: the answer at ${(path ?? []).join('.')} does not fit: ${message}`);
}
