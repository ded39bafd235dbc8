import type { AuthClient } from 'google-auth-library';
import { ReadFailure, asReadFailure, raced } from './read-failure.ts';

export interface TokenSource {
  /** Gives an access token, or rejects with a `ReadFailure`, at the latest when the signal aborts. */
  token: (signal: AbortSignal) => Promise<string>;
  /** Says that a token was refused: the next one is asked for anew. */
  forget: () => void;
}

/**
 * The scope of all reads. The read-only variant is not accepted by Cloud Run and Cloud SQL; what the identity may
 * do is decided by its roles, which are viewers.
 */
const scope = 'https://www.googleapis.com/auth/cloud-platform';

/** After this long an attempt is given up, so that the next one starts anew instead of joining it. Milliseconds. */
const attemptMs = 6_000;

/**
 * No retries: the budget of a collection is shorter than they take. No redirects: what is sent for a token is itself a
 * secret, and other requests than a GET would take it to another host.
 */
const once = {
  timeout: attemptMs,
  retryConfig: { retry: 0, noResponseRetries: 0 },
  redirect: 'error' as const,
};

/**
 * Tokens of application default credentials; with an endpoint, of its `/token`. The library keeps a token until
 * shortly before it ends; calls at the same time share one attempt.
 */
export function googleTokens(endpoint: string | undefined, fetchAnswer: typeof fetch): TokenSource {
  let client: Promise<AuthClient> | null = null;
  let attempt: Promise<string> | null = null;

  const start = (): Promise<string> => {
    client ??= endpoint === undefined ? defaultClient() : endpointClient(endpoint, fetchAnswer);
    const started = raced(tokenOf(client), AbortSignal.timeout(attemptMs)).catch((error: unknown) => {
      client = null;
      throw asReadFailure(error, 'no-credentials');
    });
    const clear = () => {
      if (attempt === started) attempt = null;
    };
    started.then(clear, clear);
    return started;
  };

  return {
    token: (signal) => {
      attempt ??= start();
      return raced(attempt, signal);
    },
    forget: () => {
      client = null;
    },
  };
}

async function tokenOf(client: Promise<AuthClient>): Promise<string> {
  const { token } = await (await client).getAccessToken();
  if (!token) throw new ReadFailure('no-credentials', 'the token endpoint answered without a token');
  return token;
}

async function defaultClient(): Promise<AuthClient> {
  const { GoogleAuth } = await import('google-auth-library');
  return new GoogleAuth({ scopes: [scope], clientOptions: { transporterOptions: once } }).getClient();
}

async function endpointClient(endpoint: string, fetchImplementation: typeof fetch): Promise<AuthClient> {
  const { UserRefreshClient } = await import('google-auth-library');
  return new UserRefreshClient({
    clientId: 'sitrep',
    clientSecret: 'none',
    refreshToken: 'none',
    endpoints: { oauth2TokenUrl: `${endpoint}/token` },
    transporterOptions: { ...once, fetchImplementation },
  });
}
