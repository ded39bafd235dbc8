import { z } from 'zod';
import { authorizeRepository } from '../authorization.ts';
import type { Answer, Caller } from '../call.ts';
import { GitHubError } from '../errors.ts';
import { commentNodeId } from '../shapes/comment.ts';
import type { Comment, Repository, World } from '../state/world.ts';
import { GraphQLSyntaxError, parseOperation } from './parse.ts';
import type { Field, Operation, Value } from './parse.ts';

/**
 * The GraphQL API as far as one mutation: `minimizeComment`, which folds a comment away. Its types are written
 * down here from GitHub's public schema; a field, argument or variable that they do not have is refused.
 */

const request = z.strictObject({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).default({}),
  operationName: z.string().nullable().optional(),
});

const classifiers = new Set([
  'ABUSE',
  'DUPLICATE',
  'LOW_QUALITY',
  'OFF_TOPIC',
  'OUTDATED',
  'RESOLVED',
  'SPAM',
]);

/** Field → type of its value; null for a scalar. */
const types: Record<string, Record<string, string | null>> = {
  Query: {},
  Mutation: { minimizeComment: 'MinimizeCommentPayload' },
  MinimizeCommentPayload: { clientMutationId: null, minimizedComment: 'Minimizable', __typename: null },
  Minimizable: { isMinimized: null, minimizedReason: null, viewerCanMinimize: null, __typename: null },
};

const inputTypes: Record<string, string> = {
  subjectId: 'ID!',
  classifier: 'ReportedContentClassifiers!',
  clientMutationId: 'String',
};

/** What `minimizeComment` needs of an App and of a person. */
export const minimizeOperation = { permissions: [['issues', 'write']], role: 'write' } as const;

interface GraphQLError {
  message: string;
  type?: 'NOT_FOUND' | 'FORBIDDEN';
  path?: string[];
}

/** Errors come with status 200; a mistake of the query is recorded like any other. */
function wrong(message: string): GitHubError {
  const error: GraphQLError = { message };
  return new GitHubError(200, { errors: [error] }, `GraphQL: ${message}`);
}

/** An error of one field, which is null then. */
function fieldError(error: GraphQLError, mistake: string | null): GitHubError {
  const errors = [{ ...error, path: ['minimizeComment'] }];
  return new GitHubError(200, { data: { minimizeComment: null }, errors }, mistake);
}

function checkFields(fields: readonly Field[], type: string): void {
  const known = types[type] ?? {};
  for (const field of fields) {
    const inner = known[field.name];
    if (inner === undefined) throw wrong(`Field '${field.name}' doesn't exist on type '${type}'`);
    const stray = field.arguments.keys().find((name) => type !== 'Mutation' || name !== 'input');
    if (stray !== undefined) throw wrong(`Field '${field.name}' doesn't accept argument '${stray}'`);
    if (inner === null && field.fields.length > 0)
      throw wrong(`Selections can't be made on scalars (field '${field.name}')`);
    if (inner !== null && field.fields.length === 0)
      throw wrong(`Field must have selections (field '${field.name}')`);
    if (inner !== null) checkFields(field.fields, inner);
  }
}

/** A variable fits a place of the same type; one that must be there fits also where it need not. */
function fits(declared: string, place: string): boolean {
  return declared === place || declared === `${place}!`;
}

function resolveVariable(
  operation: Operation,
  variables: Record<string, unknown>,
  name: string,
  place: string,
): unknown {
  const declared = operation.variables.get(name);
  if (declared === undefined) throw wrong(`Variable $${name} is used but not declared`);
  if (!fits(declared, place)) throw wrong(`Type mismatch on variable $${name} (${declared} / ${place})`);
  if (declared.endsWith('!') && variables[name] === undefined) {
    throw wrong(`Variable $${name} of type ${declared} was provided invalid value`);
  }
  return variables[name];
}

function resolve(
  operation: Operation,
  variables: Record<string, unknown>,
  value: Value,
  place: string,
): unknown {
  if (value.kind === 'variable') return resolveVariable(operation, variables, value.name, place);
  const isEnum = place === 'ReportedContentClassifiers!';
  if (value.kind === (isEnum ? 'enum' : 'text')) return value.value;
  throw wrong(`An argument of type ${place} has an invalid value`);
}

const inputSchema = z.strictObject({
  subjectId: z.string(),
  classifier: z.string().refine((word) => classifiers.has(word)),
  clientMutationId: z.string().optional(),
});

type Input = z.infer<typeof inputSchema>;

function readInput(operation: Operation, variables: Record<string, unknown>, field: Field): Input {
  const value = field.arguments.get('input');
  if (!value) throw wrong("Field 'minimizeComment' is missing required arguments: input");
  const given =
    value.kind === 'object'
      ? Object.fromEntries(
          [...value.fields].map(([name, part]) => {
            const place = inputTypes[name];
            if (place === undefined)
              throw wrong(`InputObject 'MinimizeCommentInput' doesn't accept argument '${name}'`);
            return [name, resolve(operation, variables, part, place)];
          }),
        )
      : resolve(operation, variables, value, 'MinimizeCommentInput!');
  const parsed = inputSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw wrong(`MinimizeCommentInput has an invalid value: ${places.join('; ')}`);
}

function readOperation(body: unknown): { operation: Operation; variables: Record<string, unknown> } {
  const parsed = request.safeParse(body);
  if (!parsed.success) throw wrong('A query attribute must be specified and must be a string.');
  try {
    const operation = parseOperation(parsed.data.query);
    checkFields(operation.fields, operation.type === 'query' ? 'Query' : 'Mutation');
    const stray = Object.keys(parsed.data.variables).find((name) => !operation.variables.has(name));
    if (stray !== undefined) throw wrong(`Variable $${stray} is given but not declared`);
    return { operation, variables: parsed.data.variables };
  } catch (error) {
    if (error instanceof GraphQLSyntaxError) throw wrong(error.message);
    throw error;
  }
}

function findComment(world: World, nodeId: string): { repository: Repository; comment: Comment } {
  for (const repository of world.repositories.values()) {
    for (const comment of repository.comments.values()) {
      if (commentNodeId(comment) === nodeId) return { repository, comment };
    }
  }
  const message = `Could not resolve to a node with the global id of '${nodeId}'`;
  throw fieldError({ type: 'NOT_FOUND', message }, null);
}

function authorize(world: World, repository: Repository, caller: Caller): void {
  try {
    authorizeRepository(world, repository, minimizeOperation, caller);
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    throw fieldError({ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }, error.mistake);
  }
}

function shape(fields: readonly Field[], values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(fields.map(({ alias, name }) => [alias, values[name] ?? null]));
}

function answer(field: Field, comment: Comment, input: Input): unknown {
  const minimizable = {
    isMinimized: comment.minimized !== null,
    minimizedReason: comment.minimized,
    viewerCanMinimize: true,
    __typename: 'IssueComment',
  };
  const inner = field.fields.find(({ name }) => name === 'minimizedComment');
  return shape(field.fields, {
    clientMutationId: input.clientMutationId,
    minimizedComment: shape(inner?.fields ?? [], minimizable),
    __typename: 'MinimizeCommentPayload',
  });
}

/** Answers a GraphQL request. */
export function minimize(world: World, caller: Caller, body: unknown): Answer {
  const { operation, variables } = readOperation(body);
  const data = operation.fields.map((field) => {
    const input = readInput(operation, variables, field);
    const { repository, comment } = findComment(world, input.subjectId);
    authorize(world, repository, caller);
    comment.minimized = input.classifier.toLowerCase().replaceAll('_', '-');
    return [field.alias, answer(field, comment, input)];
  });
  return { status: 200, body: { data: Object.fromEntries(data) } };
}
