import { createHash } from 'node:crypto';
import { GoogleError } from './errors.ts';
import { isObject } from './json.ts';

/** The OAuth token endpoint (developers.google.com/identity/protocols/oauth2), and who has a token of it. */

export interface Access {
  /** Answers the token endpoint. Status and body are those of oauth2.googleapis.com. */
  issue(verb: string, query: URLSearchParams, contentType: string, body: string): TokenAnswer;
  /** @throws GoogleError UNAUTHENTICATED without a bearer token that was issued here */
  demand(authorization: string | undefined): void;
}

interface TokenAnswer {
  code: number;
  body: Record<string, unknown>;
  /** Why the request was refused; null where a token was issued. */
  refusal: string | null;
}

/** What each kind of grant has to bring. */
const grants = new Map([
  ['refresh_token', ['refresh_token', 'client_id', 'client_secret']],
  ['urn:ietf:params:oauth:grant-type:jwt-bearer', ['assertion']],
]);

function parametersOf(query: URLSearchParams, contentType: string, body: string): Map<string, string> {
  if (!contentType.startsWith('application/json')) return new Map([...query, ...new URLSearchParams(body)]);
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return new Map();
  }
  const entries = isObject(parsed) ? Object.entries(parsed) : [];
  return new Map(entries.map(([name, value]) => [name, String(value)]));
}

function refuse(error: string, description: string): TokenAnswer {
  return {
    code: 400,
    body: { error, error_description: description },
    refusal: `POST /token: ${description}`,
  };
}

function problemOf(parameters: Map<string, string>): TokenAnswer | null {
  const grant = parameters.get('grant_type') ?? '';
  const needed = grants.get(grant);
  if (needed === undefined) return refuse('unsupported_grant_type', `Invalid grant_type: ${grant}`);
  const missing = needed.find((name) => (parameters.get(name) ?? '') === '');
  if (missing !== undefined) return refuse('invalid_request', `Missing required parameter: ${missing}`);
  const assertion = parameters.get('assertion');
  const isToken = assertion === undefined || /^[\w-]+\.[\w-]+\.[\w-]+$/.test(assertion);
  return isToken ? null : refuse('invalid_grant', 'Invalid JWT: it has three parts.');
}

/** Issues tokens and knows them again. `name` tells the tokens of two stand-ins apart. */
export function createAccess(name: () => string): Access {
  const issued = new Set<string>();
  return {
    issue: (verb, query, contentType, body) => {
      const problem = verb === 'GET' ? null : problemOf(parametersOf(query, contentType, body));
      if (problem !== null) return problem;
      const seal = createHash('sha256').update(`${name()} ${issued.size}`).digest('base64url');
      const token = `ya29.stand-in.${seal}`;
      issued.add(token);
      const scope = 'https://www.googleapis.com/auth/cloud-platform';
      return {
        code: 200,
        body: { access_token: token, expires_in: 3599, scope, token_type: 'Bearer' },
        refusal: null,
      };
    },
    demand: (authorization) => {
      const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
      if (token !== undefined && issued.has(token)) return;
      const what =
        token === undefined
          ? 'Request is missing required authentication credential. Expected OAuth 2 access token.'
          : 'Request had invalid authentication credentials. Expected OAuth 2 access token.';
      throw new GoogleError('UNAUTHENTICATED', what, { refused: true });
    },
  };
}
