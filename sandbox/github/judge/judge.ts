import { Ajv2019 } from 'ajv/dist/2019.js';
import formats from 'ajv-formats';
import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Description, DescribedOperation, JsonSchema } from '../description.ts';
import type { OperationId, WebhookName } from '../operations.ts';
import { close, closeInside, schemaId } from './close.ts';

/** What is wrong, in words; empty where nothing is. */
export type Verdict = string[];

export interface Judge {
  query(id: OperationId, query: URLSearchParams): Verdict;
  path(id: OperationId, parameters: Record<string, string>): Verdict;
  /** `undefined` stands for a request without a body. */
  body(id: OperationId, body: unknown): Verdict;
  /** `undefined` stands for an answer without a body. */
  response(id: OperationId, status: number, body: unknown): Verdict;
  webhook(name: WebhookName, payload: unknown): Verdict;
}

const json = 'application/json';

/** ajv adds a line of its own for every composition that failed; the lines below it say more. */
function words(errors: ErrorObject[] | null | undefined): Verdict {
  const all = errors ?? [];
  const telling = all.filter(
    ({ keyword }) => keyword !== 'anyOf' && keyword !== 'oneOf' && keyword !== 'allOf',
  );
  return (telling.length > 0 ? telling : all).slice(0, 6).map((error) => {
    const extra: unknown = error.params['unevaluatedProperty'] ?? error.params['additionalProperty'];
    const allowed: unknown = error.params['allowedValues'];
    const detail =
      typeof extra === 'string' ? `: ${extra}` : Array.isArray(allowed) ? `: ${allowed.join(', ')}` : '';
    return `${error.instancePath || '/'} ${error.message ?? error.keyword}${detail}`;
  });
}

function isInteger(schema: JsonSchema): boolean {
  return schema['type'] === 'integer';
}

/** Parameters come as text; a whole number where the description wants one is read as such. */
function typed(text: string, schema: JsonSchema): string | number {
  return isInteger(schema) && /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}

function parameterSchema(operation: DescribedOperation, place: 'path' | 'query'): JsonSchema {
  const parameters = operation.parameters.filter((parameter) => parameter.in === place);
  return {
    type: 'object',
    additionalProperties: false,
    required: parameters.filter(({ required }) => required).map(({ name }) => name),
    properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
  };
}

/** Validators are made when they are first needed: all of them take seconds. */
function createCompiler(description: Description) {
  const loose = { strictTypes: false, strictRequired: false, validateSchema: false };
  /** Compiling is what takes time here: shared objects are compiled once, and no code is polished. */
  const quick = { inlineRefs: false, code: { optimize: false } };
  const ajv = new Ajv2019({ allErrors: true, strict: true, ...loose, ...quick });
  formats.default(ajv);
  // GitHub's own: the name of a repository with its owner.
  ajv.addFormat('repo.nwo', /^[^/\s]+\/[^/\s]+$/u);
  for (const [name, schema] of Object.entries(description.schemas)) {
    ajv.addSchema({ ...closeInside(schema), $id: schemaId(name) });
  }
  const made = new Map<string, ValidateFunction>();
  return (key: string, schema: () => JsonSchema, value: unknown): Verdict => {
    const validate = made.get(key) ?? ajv.compile(schema());
    made.set(key, validate);
    return validate(value) ? [] : words(validate.errors);
  };
}

function described(description: Description, id: OperationId): DescribedOperation {
  const operation = description.operations[id];
  if (!operation) throw new Error(`The description does not hold ${id}`);
  return operation;
}

/** Holds requests, answers and webhooks against GitHub's description. */
export function createJudge(description: Description): Judge {
  const check = createCompiler(description);

  function parameters(id: OperationId, place: 'path' | 'query', pairs: [string, string][]): Verdict {
    const operation = described(description, id);
    const schemas = new Map(operation.parameters.map(({ name, schema }) => [name, schema]));
    const values = Object.fromEntries(
      pairs.map(([name, text]) => [name, typed(text, schemas.get(name) ?? {})]),
    );
    return check(`${id} ${place}`, () => parameterSchema(operation, place), values);
  }

  return {
    path: (id, values) => parameters(id, 'path', Object.entries(values)),
    query(id, query) {
      const pairs = [...query];
      const repeated = pairs.find(([name], index) => pairs.findIndex(([other]) => other === name) !== index);
      if (repeated) return [`/${repeated[0]} is given twice`];
      return parameters(id, 'query', pairs);
    },
    body(id, body) {
      const wanted = described(description, id).body;
      if (body === undefined) return wanted?.required === true ? ['/ a body is required'] : [];
      const schema = wanted?.content[json];
      if (!schema) return ['/ no body is expected'];
      return check(`${id} body`, () => close(schema), body);
    },
    response(id, status, body) {
      const schema = described(description, id).responses[String(status)]?.[json];
      if (!described(description, id).responses[String(status)])
        return [`/ no answer ${status} is described`];
      if (!schema) return body === undefined ? [] : ['/ no body is described'];
      return check(`${id} ${status}`, () => close(schema), body);
    },
    webhook(name, payload) {
      const schema = description.webhooks[name];
      if (!schema) return [`/ no webhook ${name} is described`];
      return check(`webhook ${name}`, () => close(schema), payload);
    },
  };
}
